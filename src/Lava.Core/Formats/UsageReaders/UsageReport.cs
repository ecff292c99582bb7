using Lava.Core.Pricing;

namespace Lava.Core.Formats.UsageReaders;

/// <summary>Usage as a provider reported it.</summary>
internal struct UsageReport
{
    public Usage Usage { get; set; }

    /// <summary>Which terms were named.</summary>
    public NamedTerms Named { get; set; }

    /// <summary>What it says that the call cost, US dollars; null where it does not.</summary>
    public decimal? Cost { get; set; }

    /// <summary>Whether any count was reported, zero included. An object without counts reports nothing.</summary>
    public bool HasUsage { get; set; }

    public bool IsInconsistent { get; set; }

    /// <summary>Whether a count was negative or no number.</summary>
    public bool IsUnreadable { get; set; }
}
