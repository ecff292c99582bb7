using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Lava.Contracts.Tests.Vault;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Queues.Stored;
using Lava.Service.Tests.Support;
using Lava.Service.Webhooks;
using Lava.Service.Webhooks.Deliveries;
using Lava.Service.Webhooks.Mail;
using Microsoft.Extensions.Options;

namespace Lava.Service.Tests.Webhooks.Mail;

public sealed class AlertMailDeliveryTests : IAsyncLifetime
{
    private const string Event = EventNames.WalletAlert;
    private static readonly Tenant Tenant = new("mer_1", Mode.Test);
    private static readonly byte[] Data = """{"wallet_id":"wal_1","balance":"20","details":{"percent":"80","of":"100"}}"""u8.ToArray();

    private readonly TestClock _clock = new();
    private readonly MemoryVault _vault = new();
    private TestStore _store = null!;
    private TableQueue _queue = null!;
    private DeliveryStore _deliveries = null!;

    public async Task InitializeAsync()
    {
        _store = await TestStore.OpenAsync();
        _queue = new TableQueue(_store.Tables, new TableQueueOptions { Buckets = 1 }, _clock);
        _deliveries = new DeliveryStore(_store.Tables, _clock);
    }

    public async Task DisposeAsync()
    {
        await _queue.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_mail_server_that_was_down_gets_the_mail_once_when_it_is_up_again()
    {
        await using var server = new MailServer();
        var world = await NewAsync(server, ["ops@example.com"]);
        await world.PublishAsync("evt_1");
        await PumpAsync(world.Handler);
        var waiting = await OnlyAsync();
        (waiting.Status, waiting.Attempts, waiting.LastError).ShouldBe((DeliveryStatus.Pending, 1, "The mail server could not be reached."));

        await server.StartAsync();
        for (var i = 0; i < 300; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(15));
            await PumpAsync(world.Handler);
        }

        var (to, mail) = server.Mails.ShouldHaveSingleItem();
        (to, mail.From.ToString(), mail.Subject).ShouldBe(("ops@example.com", "\"Lava\" <alerts@lava.test>", "[Test] Lava: 80% of your wallet balance is used"));
        mail.MessageId.ShouldBe($"{waiting.Id}@lava.test");
        mail.TextBody!.ShouldContain("Balance: $20 of $100");
        var done = await OnlyAsync();
        (done.Status, done.Attempts, done.LastStatusCode, done.NextAttemptAt).ShouldBe((DeliveryStatus.Succeeded, 2, 250, null));
    }

    [Fact]
    public async Task A_refused_address_is_tried_for_three_days_and_keeps_nobody_else_from_their_mail()
    {
        await using var server = new MailServer { Refused = { "gone@example.com" } };
        await server.StartAsync();
        var world = await NewAsync(server, ["gone@example.com", "ops@example.com"]);
        await world.PublishAsync("evt_1");
        await PumpAsync(world.Handler);
        server.Mails.ShouldHaveSingleItem().To.ShouldBe("ops@example.com");
        var gone = (await ListAsync()).Single(one => one.Recipient == "gone@example.com");
        (gone.Status, gone.LastStatusCode, gone.LastError).ShouldBe((DeliveryStatus.Pending, 550, "The mail server refused the address (550)."));

        for (var i = 0; i < 300; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(20));
            await PumpAsync(world.Handler);
        }

        server.Mails.Count.ShouldBe(1);
        gone = (await ListAsync()).Single(one => one.Recipient == "gone@example.com");
        (gone.Status, gone.Attempts).ShouldBe((DeliveryStatus.Failed, RetryPlan.MaxAttempts));
        (await _queue.PeekDeadLettersAsync(WebhookQueue.Name, 10, default)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_event_published_again_while_its_mail_is_under_way_is_mailed_once()
    {
        var (isTaking, mayTake) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = new MailServer
        {
            Taking = () =>
            {
                isTaking.TrySetResult();
                return mayTake.Task;
            },
        };
        await server.StartAsync();
        var world = await NewAsync(server, ["ops@example.com"], holds: false);
        await world.PublishAsync("evt_1");
        await PumpAsync(world.Handler);
        await isTaking.Task;
        for (var i = 0; i < 3; i++)
        {
            await world.PublishAsync("evt_1");
            await PumpAsync(world.Handler);
        }

        mayTake.SetResult();
        while ((await OnlyAsync()).Status != DeliveryStatus.Succeeded) await Task.Delay(5);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await world.PublishAsync("evt_1");
        await PumpAsync(world.Handler);
        (await OnlyAsync()).Attempts.ShouldBe(1);
        server.Mails.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_mail_server_that_never_answers_delays_no_webhook_and_is_asked_by_few_at_a_time()
    {
        var (most, taking, mayTake) = (0, 0, new TaskCompletionSource());
        await using var server = new MailServer
        {
            Taking = async () =>
            {
                var now = Interlocked.Increment(ref taking);
                if (now > Volatile.Read(ref most)) Volatile.Write(ref most, now);
                await mayTake.Task;
                Interlocked.Decrement(ref taking);
            },
        };
        await server.StartAsync();
        var world = await NewAsync(server, ["a@example.com", "b@example.com", "c@example.com"], holds: false);
        for (var i = 0; i < 10; i++) await world.PublishAsync($"evt_{i}");

        // Every message passes although no mail does.
        await PumpAsync(world.Handler);
        while (Volatile.Read(ref taking) < DeliveryRooms.PerEndpoint) await Task.Delay(5);
        server.Mails.ShouldBeEmpty();
        mayTake.SetResult();
        while ((await ListAsync()).Any(one => one.Status != DeliveryStatus.Succeeded))
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await PumpAsync(world.Handler);
            await Task.Delay(5);
        }

        most.ShouldBe(DeliveryRooms.PerEndpoint);
        server.Mails.Count.ShouldBe(30);
        server.Mails.Select(one => (one.To, one.Message.MessageId)).Distinct().Count().ShouldBe(30);
    }

    [Fact]
    public async Task Names_put_nothing_into_a_mails_headers_and_nothing_between_its_lines()
    {
        await using var server = new MailServer();
        await server.StartAsync();
        var world = await NewAsync(server, ["ops@example.com"]);
        var name = "x\\r\\nBcc: evil@example.com\\r\\n\\r\\nPay here: http://evil.example";
        await world.Events.PublishAsync(
            Tenant,
            EventNames.SpendKeyAlert,
            "evt_1",
            System.Text.Encoding.UTF8.GetBytes($$"""{"spend_key_id":"key_1","name":"{{name}}","limit":"requests","percent":50,"used":"5","of":"10"}"""),
            default);
        await PumpAsync(world.Handler);
        var (to, mail) = server.Mails.ShouldHaveSingleItem();
        to.ShouldBe("ops@example.com");
        (mail.Bcc.Count, mail.To.Count, mail.Headers.Contains("Bcc")).ShouldBe((0, 1, false));
        mail.Subject.ShouldStartWith("[Test] Lava: 50% of the limit of spend key \"x  Bcc: evil@example.com");
        mail.TextBody!.Split('\n').Select(line => line.TrimEnd()).ShouldNotContain(line => line.StartsWith("Bcc:") || line.StartsWith("Pay here:"));
    }

    [Fact]
    public async Task Only_who_is_on_the_list_now_gets_mail_and_only_of_the_events_on_it()
    {
        await using var server = new MailServer();
        var world = await NewAsync(server, ["old@example.com"]);
        (await world.Events.HasAnyAsync(Tenant, default)).ShouldBeTrue();
        (await world.Events.HasAnyAsync(Tenant, EventNames.CustomerCreated, default)).ShouldBeFalse();
        await world.Events.PublishAsync(Tenant, EventNames.CustomerCreated, "evt_0", """{"customer_id":"con_1"}"""u8.ToArray(), default);
        (await ListAsync()).ShouldBeEmpty();

        await world.PublishAsync("evt_1");
        await PumpAsync(world.Handler);
        await world.Mail.SetAsync(Tenant, new AlertMail(["new@example.com"], [Event]), default);
        await server.StartAsync();
        _clock.Advance(TimeSpan.FromMinutes(2));
        await PumpAsync(world.Handler);
        await world.PublishAsync("evt_2");
        await PumpAsync(world.Handler);
        server.Mails.ShouldHaveSingleItem().To.ShouldBe("new@example.com");
        var old = (await ListAsync()).Single(one => one.Recipient == "old@example.com");
        (old.Status, old.LastError, old.NextAttemptAt).ShouldBe((DeliveryStatus.Failed, "The address is no longer on the list.", null));
    }

    [Fact]
    public async Task Nobody_is_mailed_where_no_mail_server_is_set_up()
    {
        await using var server = new MailServer();
        var world = await NewAsync(server, ["ops@example.com"], settings => settings.Host = "");
        (await world.Events.HasAnyAsync(Tenant, default)).ShouldBeFalse();
        await world.PublishAsync("evt_1");
        (await ListAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("right", "", null)]
    [InlineData("", "mail-password", null)]
    [InlineData("wrong", "", "The mail server refused user name and password.")]
    [InlineData("", "no-such-secret", "The vault has no password of the mail server.")]
    public async Task The_password_is_that_of_the_settings_or_of_the_vault(string password, string secret, string? error)
    {
        await _vault.SetAsync("mail-password", "right", default);
        await using var server = new MailServer { Password = "right" };
        await server.StartAsync();
        var world = await NewAsync(server, ["ops@example.com"], settings => (settings.User, settings.Password, settings.PasswordSecret) = ("lava", password, secret));
        await world.PublishAsync("evt_1");
        await PumpAsync(world.Handler);
        (await OnlyAsync()).LastError.ShouldBe(error);
        server.Mails.Count.ShouldBe(error is null ? 1 : 0);
    }

    [Fact]
    public async Task Without_trusted_TLS_nothing_is_sent_where_TLS_is_set()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        foreach (var (certificate, security, error) in new[]
        {
            (null, "starttls", "The mail server does not offer STARTTLS or the login that is configured."),
            (made, "starttls", "The mail server's certificate is not trusted, or the server does not support TLS."),
            (null, "tls", "The mail server's certificate is not trusted, or the server does not support TLS."),
        })
        {
            await using var server = new MailServer { Certificate = certificate };
            await server.StartAsync();
            var mailer = new Mailer(Options.Create(Settings(server, settings => settings.Security = security)), _vault, _clock);
            (await mailer.SendAsync("ops@example.com", new AlertText("s", "b"), "whd_1", _clock.GetUtcNow(), default)).ShouldBe((null, error));
            server.Mails.ShouldBeEmpty();
        }
    }

    private static MailOptions Settings(MailServer server, Action<MailOptions>? change)
    {
        var settings = new MailOptions { Host = "127.0.0.1", Port = server.Port, From = "Lava <alerts@lava.test>", Security = "none" };
        change?.Invoke(settings);
        return settings;
    }

    private async Task<World> NewAsync(MailServer server, string[] addresses, Action<MailOptions>? change = null, bool holds = true)
    {
        var settings = Options.Create(Settings(server, change));
        var options = Options.Create(new WebhookOptions { HoldsMessages = holds });
        var webhooks = new WebhookStore(_store.Tables, _vault, _clock);
        var mail = new AlertMailStore(_store.Tables, settings, _clock);
        var events = new WebhookEvents(webhooks, mail, _deliveries, _queue, options, _clock);
        var client = new WebhookClient(new WebhookTargets(options), _clock);
        await mail.SetAsync(Tenant, new AlertMail(addresses, AlertTexts.Defaults), default);
        return new World(mail, events, new DeliveryHandler(webhooks, mail, _deliveries, events, client, new Mailer(settings, _vault, _clock), options, _clock));
    }

    private async Task<IReadOnlyList<Delivery>> ListAsync() => (await _deliveries.ListAsync(Tenant, AlertMail.Target, new ListQuery(50, null), default))!;

    private async Task<Delivery> OnlyAsync() => (await ListAsync()).ShouldHaveSingleItem();

    private Task PumpAsync(DeliveryHandler handler) => DeliveryPump.RunAsync(_queue, handler);

    private sealed record World(AlertMailStore Mail, WebhookEvents Events, DeliveryHandler Handler)
    {
        public ValueTask PublishAsync(string id) => Events.PublishAsync(Tenant, Event, id, Data, default);
    }
}
