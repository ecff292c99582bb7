namespace Lava.Core.SpendKeys;

/// <summary>How often a limit begins anew, in UTC (behaviour.md §4).</summary>
public enum LimitCycle
{
    /// <summary>Each day.</summary>
    Daily,

    /// <summary>Each Monday.</summary>
    Weekly,

    /// <summary>On the first of each month.</summary>
    Monthly,

    /// <summary>The limit never starts anew.</summary>
    Total,
}
