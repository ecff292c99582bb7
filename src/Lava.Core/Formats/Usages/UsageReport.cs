using Lava.Core.Metering;

namespace Lava.Core.Formats.Usages;

/// <summary>Usage as a provider reported it.</summary>
internal struct UsageReport
{
    public Usage Usage { get; set; }

    public bool HasUsage { get; set; }

    public bool IsInconsistent { get; set; }
}
