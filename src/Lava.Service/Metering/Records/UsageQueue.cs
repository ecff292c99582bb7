namespace Lava.Service.Metering.Records;

/// <summary>The queue that carries usage records from the gateway to metering.</summary>
public static class UsageQueue
{
    /// <summary>Its name.</summary>
    public const string Name = "usage-records";

    /// <summary>What ids of fences begin with.</summary>
    internal const string FencePrefix = "fence|";

    /// <summary>What ids of marks begin with.</summary>
    internal const string MarkPrefix = "mark|";
}
