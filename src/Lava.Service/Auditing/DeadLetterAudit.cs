using Lava.Service.Admin;
using Lava.Service.Ports.Queues;
using Lava.Service.Webhooks;

namespace Lava.Service.Auditing;

/// <summary>Tells of messages that were given up: a call in one was never charged, a payment in one never followed to its end. Balances and entries agree all
/// the same.</summary>
internal static class DeadLetterAudit
{
    private const int Most = 1_000;

    /// <summary>Looks at every queue.</summary>
    public static async Task CheckAsync(IMessageQueue queue, AuditReport report, CancellationToken cancellationToken)
    {
        foreach (var name in QueueNames.All)
        {
            var count = (await queue.PeekDeadLettersAsync(name, Most, cancellationToken)).Count;
            if (count == 0) continue;
            var found = $"{name}: {(count == Most ? "at least " : "")}{count} messages were given up. See the dead letters.";
            if (name == WebhookQueue.Name) report.Note(found);
            else report.Fault(found);
        }
    }
}
