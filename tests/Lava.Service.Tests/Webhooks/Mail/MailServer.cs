using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Lava.Service.Tests.Webhooks.Mail;

/// <summary>A real SMTP server on loopback that keeps what it takes. It can be stopped and started again on its port.</summary>
internal sealed class MailServer : IMessageStore, IMailboxFilter, IUserAuthenticator, IMessageStoreFactory, IMailboxFilterFactory, IUserAuthenticatorFactory, IAsyncDisposable
{
    private readonly List<(string To, MimeMessage Message)> _mails = [];
    private readonly SemaphoreSlim _arrivals = new(0);
    private SmtpServer.SmtpServer? _server;
    private CancellationTokenSource? _end;
    private Task _running = Task.CompletedTask;

    public MailServer()
    {
        // A port that nobody has; the listener below shares none.
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Port = ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public int Port { get; }

    /// <summary>Addresses that it refuses.</summary>
    public HashSet<string> Refused { get; } = new(StringComparer.Ordinal);

    /// <summary>What it does with a mail before it takes it.</summary>
    public Func<Task> Taking { get; set; } = () => Task.CompletedTask;

    /// <summary>With which password it lets <c>lava</c> in; null where it asks for none.</summary>
    public string? Password { get; init; }

    /// <summary>What it offers STARTTLS with; null where it does not.</summary>
    public X509Certificate2? Certificate { get; init; }

    public IReadOnlyList<(string To, MimeMessage Message)> Mails
    {
        get
        {
            lock (_mails) return [.. _mails];
        }
    }

    public async Task StartAsync()
    {
        var options = new SmtpServerOptionsBuilder().ServerName("mail.test").Endpoint(endpoint =>
        {
            endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port)).AllowUnsecureAuthentication(true).AuthenticationRequired(Password is not null);
            if (Certificate is not null) endpoint.Certificate(Certificate);
        }).Build();
        var services = new ServiceProvider();
        services.Add((IMessageStoreFactory)this);
        services.Add((IMailboxFilterFactory)this);
        services.Add((IUserAuthenticatorFactory)this);
        _server = new SmtpServer.SmtpServer(options, services);
        _end = new CancellationTokenSource();
        _running = _server.StartAsync(_end.Token);

        // It listens some time after it was started.
        while (true)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(5);
            }
        }
    }

    /// <summary>Waits for so many more mails.</summary>
    public async Task ArriveAsync(int count)
    {
        for (var i = 0; i < count; i++) await _arrivals.WaitAsync();
    }

    public async Task StopAsync()
    {
        if (_end is null) return;
        await _end.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }

        _end.Dispose();
        _end = null;
    }

    public async Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        await Taking();
        using var bytes = new MemoryStream(buffer.ToArray());
        var message = await MimeMessage.LoadAsync(bytes, cancellationToken);
        lock (_mails)
            foreach (var to in transaction.To) _mails.Add(($"{to.User}@{to.Host}", message));
        _arrivals.Release();
        return SmtpResponse.Ok;
    }

    public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) => Task.FromResult(!Refused.Contains($"{to.User}@{to.Host}"));

    public Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken) => Task.FromResult(user == "lava" && password == Password);

    IMessageStore ISessionContextInstanceFactory<IMessageStore>.CreateInstance(ISessionContext context) => this;

    IMailboxFilter ISessionContextInstanceFactory<IMailboxFilter>.CreateInstance(ISessionContext context) => this;

    IUserAuthenticator ISessionContextInstanceFactory<IUserAuthenticator>.CreateInstance(ISessionContext context) => this;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _arrivals.Dispose();
    }
}
