using Amqp.Framing;
using Amqp.Types;

namespace Lava.ServiceBusFake;

/// <summary>Conditions by which Service Bus refuses (Microsoft Learn, "AMQP errors in Azure Service Bus").</summary>
internal static class BusErrors
{
    public static Error ServerBusy() => Of("com.microsoft:server-busy", "The request was terminated because the namespace is being throttled.");

    public static Error Timeout() => Of("com.microsoft:timeout", "No session has messages.");

    public static Error SessionIsLocked() => Of("com.microsoft:session-cannot-be-locked", "Another receiver has the session.");

    public static Error LockLost() => Of("com.microsoft:message-lock-lost", "The lock is lost.");

    public static Error NotFound(string entity) => Of("amqp:not-found", $"There is no {entity}.");

    public static Error TooLarge() => Of("amqp:link:message-size-exceeded", "The message is larger than the queue takes.");

    public static Error NotAllowed(string why) => Of("amqp:not-allowed", why);

    private static Error Of(string condition, string description) => new(new Symbol(condition)) { Description = description };
}
