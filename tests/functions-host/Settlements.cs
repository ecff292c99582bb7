using Azure.Messaging.ServiceBus;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.ServiceBus.Grpc;

namespace Lava.FunctionsHost;

/// <summary>Settles messages as the worker asks, with the locks that this host holds.</summary>
internal sealed class Settlements(Locks locks) : Settlement.SettlementBase
{
    public override Task<Empty> Complete(CompleteRequest request, ServerCallContext context) =>
        SettleAsync(request.Locktoken, message => message.CompleteAsync());

    public override Task<Empty> Abandon(AbandonRequest request, ServerCallContext context) =>
        SettleAsync(request.Locktoken, message => message.AbandonAsync(Decode(request.PropertiesToModify)));

    public override Task<Empty> Deadletter(DeadletterRequest request, ServerCallContext context) =>
        SettleAsync(request.Locktoken, message => message.DeadLetterAsync(request.DeadletterReason, request.DeadletterErrorDescription));

    private static Dictionary<string, object>? Decode(ByteString properties)
    {
        if (properties.IsEmpty) return null;
        using var buffer = new ByteBuffer(properties.ToByteArray(), 0, properties.Length);
        return AmqpCodec.DecodeMap(buffer).ToDictionary(pair => (string)pair.Key.Key, pair => pair.Value, StringComparer.Ordinal);
    }

    private async Task<Empty> SettleAsync(string lockToken, Func<HeldMessage, Task> settle)
    {
        if (locks.Find(lockToken) is not { } message)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"No message is held under {lockToken}."));
        try
        {
            await settle(message);
        }
        catch (ServiceBusException fault)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, fault.Message));
        }

        message.IsSettled = true;
        return new Empty();
    }
}
