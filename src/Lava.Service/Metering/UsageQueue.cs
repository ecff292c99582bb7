namespace Lava.Service.Metering;

/// <summary>The queue that carries usage records from the gateway to metering.</summary>
public static class UsageQueue
{
    /// <summary>Its name.</summary>
    public const string Name = "usage-records";
}
