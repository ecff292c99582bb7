using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Amqp;
using Amqp.Framing;
using Amqp.Handler;
using Amqp.Listener;
using Amqp.Sasl;
using EventId = Amqp.Handler.EventId;

namespace Lava.ServiceBusFake;

/// <summary>A namespace with queues that have sessions and duplicate detection, as <c>infra/modules/service-bus.bicep</c> makes them, spoken to over AMQP 1.0
/// on a port of this machine.</summary>
internal sealed class FakeServiceBus : IHandler, IDisposable
{
    /// <summary>Bytes of a message, and of a batch, on the Standard tier (Microsoft Learn, "Service Bus quotas").</summary>
    public const int MaxMessageBytes = 256 * 1024;

    private const string KeyName = "RootManageSharedAccessKey";

    private readonly string _key = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
    private readonly ConcurrentDictionary<Connection, bool> _connections = new();
    private readonly Dictionary<string, BusQueue> _queues;
    private readonly ContainerHost _host;
    private int _throttled;
    private int _lost;

    public FakeServiceBus(IEnumerable<string> queues, TimeProvider? time = null)
    {
        _queues = queues.ToDictionary(name => name, name => new BusQueue(name, time ?? TimeProvider.System), StringComparer.Ordinal);
        var port = FreePort();
        ConnectionString = $"Endpoint=sb://127.0.0.1:{port};SharedAccessKeyName={KeyName};SharedAccessKey={_key};UseDevelopmentEmulator=true;";
        _host = new ContainerHost(new Address($"amqp://127.0.0.1:{port}"));
        foreach (var listener in _host.Listeners)
        {
            // The client's way to say that a token follows on $cbs.
            listener.SASL.EnableMechanism("MSSBCBS", SaslProfile.Anonymous);
            listener.SASL.EnableAnonymousMechanism = true;
            listener.HandlerFactory = _ => this;
        }

        _host.RegisterRequestProcessor("$cbs", new TokenProcessor(KeyName, _key));
        foreach (var queue in Queues)
        {
            _host.RegisterRequestProcessor($"{queue.Name}/$management", new ManagementProcessor(queue, deadLetters: false));
            _host.RegisterRequestProcessor($"{queue.Name}/$DeadLetterQueue/$management", new ManagementProcessor(queue, deadLetters: true));
        }

        _host.RegisterLinkProcessor(new LinkDoor(this));
        _host.Open();
    }

    /// <summary>What a client connects with: a port of this machine, without TLS.</summary>
    public string ConnectionString { get; }

    public IEnumerable<BusQueue> Queues => _queues.Values;

    public BusQueue? Find(string name) => _queues.GetValueOrDefault(name);

    /// <summary>Refuses the next transfers, as a namespace does that is asked for more than it gives.</summary>
    public void Throttle(int transfers) => Interlocked.Exchange(ref _throttled, transfers);

    /// <summary>Keeps what the next transfers bring and cuts their connection before it says so.</summary>
    public void LoseAcceptances(int transfers) => Interlocked.Exchange(ref _lost, transfers);

    /// <summary>Cuts every connection, as a namespace does when it is upgraded.</summary>
    public void DropConnections()
    {
        foreach (var connection in _connections.Keys) Drop(connection);
    }

    public void Dispose() => _host.Close();

    internal static void Drop(Connection connection) =>
        connection.Close(TimeSpan.Zero, new Error("amqp:connection:forced") { Description = "The namespace is upgraded." });

    internal bool IsThrottled() => Take(ref _throttled);

    internal bool IsAcceptanceLost() => Take(ref _lost);

    bool IHandler.CanHandle(EventId id) => id is EventId.SendDelivery or EventId.ConnectionRemoteOpen or EventId.ConnectionRemoteClose;

    void IHandler.Handle(Event protocolEvent)
    {
        switch (protocolEvent.Id)
        {
            case EventId.ConnectionRemoteOpen:
                _connections[protocolEvent.Connection] = true;
                protocolEvent.Connection.Closed += (connection, _) => Forget((Connection)connection);
                break;
            case EventId.SendDelivery when protocolEvent.Context is IDelivery { Message: LockedMessage locked } delivery:
                delivery.Tag = locked.LockToken.ToByteArray();
                break;
        }
    }

    private void Forget(Connection connection)
    {
        _connections.TryRemove(connection, out _);
        foreach (var queue in Queues) queue.Release(connection);
    }

    private static bool Take(ref int left)
    {
        while (Volatile.Read(ref left) is var seen and > 0)
        {
            if (Interlocked.CompareExchange(ref left, seen - 1, seen) == seen) return true;
        }

        return false;
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
