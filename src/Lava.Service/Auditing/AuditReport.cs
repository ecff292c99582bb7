namespace Lava.Service.Auditing;

/// <summary>What an audit found.</summary>
public sealed class AuditReport
{
    private readonly List<string> _faults = [];
    private readonly List<string> _notes = [];

    /// <summary>Books read.</summary>
    public long Books { get; internal set; }

    /// <summary>Entries added up.</summary>
    public long Entries { get; internal set; }

    /// <summary>Requests checked.</summary>
    public long Requests { get; internal set; }

    /// <summary>Calls that are booked on their customer or counted on their spend key and not yet booked on their merchant: their message is still in the
    /// queue.</summary>
    public long InFlight { get; internal set; }

    /// <summary>Sum over all accounts of all books; anything but zero is a fault.</summary>
    public decimal Sum { get; internal set; }

    /// <summary>What is wrong, a sentence with its ids each; at most 1,000 are kept.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>What an operator should know and is no fault of the books (dead letters, a prepaid balance below zero after a correction, a limit that was
    /// lowered below what is used), a sentence each; at most 1,000 are kept.</summary>
    public IReadOnlyList<string> Notes => _notes;

    internal void Note(string note)
    {
        if (_notes.Count < 1_000) _notes.Add(note);
    }

    internal void Fault(string fault)
    {
        if (_faults.Count < 1_000) _faults.Add(fault);
    }
}
