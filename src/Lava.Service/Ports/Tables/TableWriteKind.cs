namespace Lava.Service.Ports.Tables;

/// <summary>What a <see cref="TableWrite"/> does.</summary>
public enum TableWriteKind
{
    /// <summary>Add a row that must not exist.</summary>
    Insert,

    /// <summary>Replace a row that must have the given version.</summary>
    Replace,

    /// <summary>Add or replace.</summary>
    Put,

    /// <summary>Remove a row that must exist.</summary>
    Delete,
}
