namespace Lava.Service.Ports.Tables;

/// <summary>The store could not be reached, or refused for a reason that no caller can mend.</summary>
public sealed class TableStoreException : Exception
{
    /// <summary>Creates it.</summary>
    public TableStoreException() : this("The table store failed.") { }

    /// <summary>Creates it with a message.</summary>
    public TableStoreException(string message) : base(message) { }

    /// <summary>Creates it with a message and its cause.</summary>
    public TableStoreException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Whether the same call may succeed later (throttling, a lost connection).</summary>
    public bool IsTransient { get; init; }
}
