using System.Globalization;
using System.Text.Json;

namespace Lava.FunctionsHost;

/// <summary>What the app's <c>host.json</c> says of Service Bus.</summary>
internal sealed record HostSettings(int MaxMessageBatchSize, int MaxConcurrentSessions, TimeSpan SessionIdleTimeout)
{
    public static HostSettings Read(string app)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(app)!, "host.json")));
        var bus = json.RootElement.GetProperty("extensions").GetProperty("serviceBus");
        return new HostSettings(
            bus.GetProperty("maxMessageBatchSize").GetInt32(),
            bus.GetProperty("maxConcurrentSessions").GetInt32(),
            TimeSpan.Parse(bus.GetProperty("sessionIdleTimeout").GetString()!, CultureInfo.InvariantCulture));
    }
}
