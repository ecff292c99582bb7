using System.Text.Json;
using Lava.Core.Keys;
using Lava.Service.Ports;
using Lava.Service.Queues;
using Lava.Service.Storage;
using Lava.Service.Telemetry;

namespace Lava.Service.Metering;

/// <summary>Meters the usage records of the queue.</summary>
public sealed class UsageMessageHandler(Meterer meterer, GatewayTelemetry telemetry) : IMessageHandler
{
    /// <inheritdoc/>
    public string Queue => UsageQueue.Name;

    /// <inheritdoc/>
    public int MaxMessages => 32;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(string session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var tenants = new Dictionary<Tenant, List<UsageRecord>>(1);
        foreach (var message in messages)
        {
            UsageMessage usage;
            try
            {
                usage = Json.Read(message.Body, MeteringJson.Default.UsageMessage);
            }
            catch (JsonException fault)
            {
                throw new PoisonMessageException("It is no usage message.", fault) { Poison = message };
            }

            var tenant = new Tenant(usage.MerchantId, usage.IsLive ? Mode.Live : Mode.Test);
            if (!tenants.TryGetValue(tenant, out var records)) tenants[tenant] = records = [];
            records.AddRange(usage.Records);
        }

        foreach (var (tenant, records) in tenants)
        {
            await meterer.MeterAsync(tenant, records, cancellationToken);
            telemetry.Metered(Queue, records);
        }
    }
}
