namespace Lava.Service.Reporting.UsageReports;

/// <summary>How long the spans are by which usage is summed.</summary>
internal enum UsageInterval
{
    /// <summary>A day.</summary>
    Day,

    /// <summary>An hour.</summary>
    Hour,

    /// <summary>A month of the calendar.</summary>
    Month,
}
