using Azure.Messaging.ServiceBus;
using Google.Protobuf;
using Lava.FunctionsHost.Contract;

namespace Lava.FunctionsHost;

/// <summary>Runs functions for messages of their queues, as the host's Service Bus extension does: many sessions at once for a function that takes one message,
/// one session after another for one
/// that takes arrays. Nothing is completed for a function; what a run that failed leaves unsettled is given back.</summary>
internal sealed class Queues(WorkerProcess workers, Locks locks, IConfiguration configuration, HostSettings settings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, ServiceBusClient> _clients = new(StringComparer.Ordinal);
    private readonly List<ServiceBusSessionProcessor> _processors = [];
    private readonly List<Task> _loops = [];

    /// <summary>Begins with the triggers whose namespace is set.</summary>
    public async Task StartAsync(IEnumerable<LoadedFunction> functions)
    {
        foreach (var function in functions.Where(function => function.IsTriggeredBy("serviceBusTrigger")))
        {
            if (configuration[function.Connection] is not { Length: > 0 } connection) continue;
            if (!_clients.TryGetValue(connection, out var client)) _clients[connection] = client = Connect(connection);
            if (function.TakesMany) _loops.Add(Task.Run(() => TakeSessionsAsync(client, function)));
            else await StartProcessorAsync(client, function);
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await Task.WhenAll([.. _processors.Select(processor => processor.DisposeAsync().AsTask()), .. _loops]).WaitAsync(Patience);
            foreach (var client in _clients.Values) await client.DisposeAsync().AsTask().WaitAsync(Patience);
        }
        catch (Exception fault)
        {
            // What was held is given out again when this process is gone.
            await System.Console.Error.WriteLineAsync($"The queues were not left in order: {fault.Message}");
        }
    }

    // Who asks for a session while the connection is cut may never be answered, and asks again after this time; the client's own is a minute.
    private static ServiceBusClient Connect(string connection) =>
        new(connection, new ServiceBusClientOptions { RetryOptions = new ServiceBusRetryOptions { TryTimeout = TimeSpan.FromSeconds(8) } });

    private async Task StartProcessorAsync(ServiceBusClient client, LoadedFunction function)
    {
        var processor = client.CreateSessionProcessor(function.Queue, new ServiceBusSessionProcessorOptions
        {
            AutoCompleteMessages = false,
            MaxConcurrentSessions = settings.MaxConcurrentSessions,
            SessionIdleTimeout = settings.SessionIdleTimeout,
        });
        processor.ProcessMessageAsync += args => RunAsync(function, [Held(args)], args.CancellationToken);
        processor.ProcessErrorAsync += args => System.Console.Error.WriteLineAsync($"{function.Queue}: {args.Exception.Message}");
        _processors.Add(processor);
        await processor.StartProcessingAsync();
    }

    private async Task TakeSessionsAsync(ServiceBusClient client, LoadedFunction function)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var session = await client.AcceptNextSessionAsync(function.Queue, cancellationToken: _stop.Token);
                while (await session.ReceiveMessagesAsync(settings.MaxMessageBatchSize, settings.SessionIdleTimeout, _stop.Token) is { Count: > 0 } messages)
                    await RunAsync(function, [.. messages.Select(message => Held(session, message))], _stop.Token);
            }
            catch (ServiceBusException fault) when (fault.Reason == ServiceBusFailureReason.ServiceTimeout)
            {
                // No session has messages: ask again.
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (!_stop.IsCancellationRequested)
            {
                await System.Console.Error.WriteLineAsync($"{function.Queue}: {fault.Message}");
            }
        }
    }

    private static HeldMessage Held(ProcessSessionMessageEventArgs run) => new(
        run.Message,
        () => run.CompleteMessageAsync(run.Message),
        properties => run.AbandonMessageAsync(run.Message, properties),
        (reason, description) => run.DeadLetterMessageAsync(run.Message, reason, description));

    private static HeldMessage Held(ServiceBusSessionReceiver session, ServiceBusReceivedMessage message) => new(
        message,
        () => session.CompleteMessageAsync(message),
        properties => session.AbandonMessageAsync(message, properties),
        (reason, description) => session.DeadLetterMessageAsync(message, reason, description));

    private async Task RunAsync(LoadedFunction function, HeldMessage[] messages, CancellationToken cancellationToken)
    {
        foreach (var message in messages) locks.Hold(message);
        try
        {
            var worker = await workers.ReadyAsync(cancellationToken);
            var input = function.TakesMany ? Many(messages) : new TypedData { ModelBindingData = Data(messages[0]) };
            await worker.InvokeAsync(Guid.NewGuid().ToString(), function, input, cancellationToken);
        }
        catch (InvalidOperationException fault)
        {
            await System.Console.Error.WriteLineAsync($"{function.Name}: {fault.Message}");
            foreach (var message in messages.Where(message => !message.IsSettled)) await GiveBackAsync(message);
        }
        finally
        {
            foreach (var message in messages) locks.Forget(message.Message);
        }
    }

    private static async Task GiveBackAsync(HeldMessage message)
    {
        try
        {
            await message.AbandonAsync(null);
        }
        catch (ServiceBusException)
        {
            // Its lock is lost: it is given out again anyway.
        }
    }

    private static TypedData Many(HeldMessage[] messages) =>
        new() { CollectionModelBindingData = new CollectionModelBindingData { ModelBindingData = { messages.Select(Data) } } };

    // What the worker's extension reads: the sixteen bytes of the lock's token, then the message as AMQP encodes it.
    private static ModelBindingData Data(HeldMessage held)
    {
        var message = held.Message.GetRawAmqpMessage().ToBytes().ToMemory();
        var content = new byte[16 + message.Length];
        Guid.Parse(held.Message.LockToken).TryWriteBytes(content);
        message.CopyTo(content.AsMemory(16));
        return new ModelBindingData
        {
            Version = "1.0",
            Source = "AzureServiceBusReceivedMessage",
            ContentType = "application/octet-stream",
            Content = ByteString.CopyFrom(content),
        };
    }
}
