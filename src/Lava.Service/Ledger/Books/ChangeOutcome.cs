namespace Lava.Service.Ledger.Books;

/// <summary>What became of a change of a book.</summary>
public enum ChangeOutcome
{
    /// <summary>It is written.</summary>
    Committed,

    /// <summary>There was nothing to change: the change returned none.</summary>
    Unchanged,

    /// <summary>A row that was to be added exists already, or a row that was to be replaced has changed. Nothing is written.</summary>
    Duplicate,
}
