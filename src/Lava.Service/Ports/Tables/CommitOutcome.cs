namespace Lava.Service.Ports.Tables;

/// <summary>How a transaction ended.</summary>
public enum CommitOutcome
{
    /// <summary>Everything is written, durably.</summary>
    Committed,

    /// <summary>A row to be added exists already (409); nothing is written.</summary>
    Duplicate,

    /// <summary>A row has another version than the one given (412); nothing is written.</summary>
    Stale,

    /// <summary>A row to be replaced or deleted does not exist (404); nothing is written.</summary>
    Missing,
}
