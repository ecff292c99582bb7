using System.Security.Cryptography;
using System.Text;
using Lava.Contracts.Tests.Vault;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Queues.Stored;
using Lava.Service.Tests.Support;
using Lava.Service.Webhooks;
using Lava.Service.Webhooks.Deliveries;
using Lava.Service.Webhooks.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Lava.Service.Tests.Webhooks;

public sealed class DeliveryTests : IAsyncLifetime
{
    private static readonly Tenant Tenant = new("mer_1", Mode.Test);

    private readonly TestClock _clock = new();
    private readonly MemoryVault _vault = new();
    private readonly List<(string Body, IHeaderDictionary Headers)> _received = [];
    private TestStore _store = null!;
    private TableQueue _queue = null!;
    private WebApplication _receiver = null!;
    private WebhookStore _webhooks = null!;
    private DeliveryStore _deliveries = null!;
    private AlertMailStore _mail = null!;
    private WebhookEvents _events = null!;
    private int _status = 200;
    private Func<string, Task> _answer = _ => Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _store = await TestStore.OpenAsync();
        _queue = new TableQueue(_store.Tables, new TableQueueOptions { Buckets = 1 }, _clock);
        _webhooks = new WebhookStore(_store.Tables, _vault, _clock);
        _deliveries = new DeliveryStore(_store.Tables, _clock);
        _mail = new AlertMailStore(_store.Tables, Options.Create(new MailOptions()), _clock);
        _events = new WebhookEvents(_webhooks, _mail, _deliveries, _queue, Options.Create(new WebhookOptions()), _clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync();
            lock (_received) _received.Add((body, new HeaderDictionary(http.Request.Headers.ToDictionary())));
            await _answer(http.Request.Path);
            http.Response.StatusCode = _status;
            if (_status == 302) http.Response.Headers.Location = "/elsewhere";
        });
        await _receiver.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _queue.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_delivery_that_is_refused_is_tried_for_three_days_with_the_same_id_and_body_and_then_given_up()
    {
        _status = 503;
        var (webhook, secret) = await AddAsync(Url);
        await PublishAsync("evt_1");
        var handler = NewHandler(true);
        var start = _clock.GetUtcNow();
        while ((await OnlyAsync(webhook)).Status == DeliveryStatus.Pending)
        {
            await PumpAsync(handler);
            _clock.Advance(TimeSpan.FromMinutes(20));
        }

        _received.Count.ShouldBe(RetryPlan.MaxAttempts);
        (_clock.GetUtcNow() - start).TotalHours.ShouldBe(72, 9);
        _received.Select(one => one.Body).Distinct().ShouldHaveSingleItem();
        _received.ShouldAllBe(one => one.Headers["X-Webhook-Id"] == "evt_1");
        foreach (var (body, headers) in _received) headers["X-Webhook-Signature"].ToString().ShouldBe(Hmac(secret, body));
        var ended = await OnlyAsync(webhook);
        (ended.Status, ended.Attempts, ended.LastStatusCode).ShouldBe((DeliveryStatus.Failed, RetryPlan.MaxAttempts, 503));
        (await _queue.PeekDeadLettersAsync(WebhookQueue.Name, 10, default)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_receiver_that_comes_back_gets_it_once()
    {
        _status = 500;
        var (webhook, _) = await AddAsync(Url);
        await PublishAsync("evt_1");
        var handler = NewHandler(true);
        await PumpAsync(handler);
        _status = 204;
        for (var i = 0; i < 300; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(15));
            await PumpAsync(handler);
        }

        _received.Count.ShouldBe(2);
        var delivery = await OnlyAsync(webhook);
        (delivery.Status, delivery.Attempts, delivery.NextAttemptAt).ShouldBe((DeliveryStatus.Succeeded, 2, null));
    }

    [Fact]
    public async Task The_same_event_published_again_is_delivered_once()
    {
        await AddAsync(Url);
        var handler = NewHandler(true);
        for (var i = 0; i < 3; i++)
        {
            await PublishAsync("evt_1");
            await PumpAsync(handler);
        }

        _received.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_redirect_is_a_failure_and_is_not_followed()
    {
        _status = 302;
        var (webhook, _) = await AddAsync(Url);
        await PublishAsync("evt_1");
        var handler = NewHandler(true);
        await PumpAsync(handler);
        _received.ShouldHaveSingleItem();
        (await OnlyAsync(webhook)).LastStatusCode.ShouldBe(302);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task A_private_address_is_never_connected_to_however_it_is_named(string host)
    {
        var (webhook, _) = await AddAsync($"http://{host}:{new Uri(Url).Port}/hook");
        await PublishAsync("evt_1");
        var handler = NewHandler(false);
        await PumpAsync(handler);
        _received.ShouldBeEmpty();
        var delivery = await OnlyAsync(webhook);
        (delivery.Status, delivery.LastError).ShouldBe((DeliveryStatus.Pending, "The address is not public."));
    }

    [Fact]
    public async Task A_webhook_that_is_gone_or_has_moved_is_respected_by_what_is_under_way()
    {
        _status = 500;
        var (webhook, _) = await AddAsync("http://127.0.0.1:9/nobody");
        await PublishAsync("evt_1");
        var handler = NewHandler(true);
        await PumpAsync(handler);
        _received.ShouldBeEmpty();
        var (found, etag) = (await _webhooks.FindAsync(Tenant, webhook.Id, default))!.Value;
        await _webhooks.ReplaceAsync(Tenant, found with { Url = Url }, etag, default);
        _clock.Advance(TimeSpan.FromMinutes(3));
        await PumpAsync(handler);
        _received.ShouldHaveSingleItem();
        (found, etag) = (await _webhooks.FindAsync(Tenant, webhook.Id, default))!.Value;
        await _webhooks.DeleteAsync(Tenant, found, etag, default);
        _clock.Advance(TimeSpan.FromMinutes(30));
        await PumpAsync(handler);
        _received.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_endpoint_that_never_answers_keeps_nobody_waiting_and_is_asked_by_few_at_a_time()
    {
        var silence = new TaskCompletionSource();
        var isHeard = new TaskCompletionSource();
        var (asked, most) = (0, 0);
        _answer = async path =>
        {
            if (path == "/good") isHeard.TrySetResult();
            if (path != "/silent") return;
            lock (_received) most = Math.Max(most, ++asked);
            await silence.Task;
            lock (_received) asked--;
        };
        try
        {
            foreach (var name in new[] { "a", "b", "c" }) await _webhooks.AddAsync(Tenant, name, Address("/silent"), default);
            var other = new Tenant("mer_2", Mode.Test);
            await _webhooks.AddAsync(other, "good", Address("/good"), default);
            for (var i = 0; i < 40; i++) await PublishAsync("evt_" + i);
            await _events.PublishAsync(other, "customer.created", "evt_good", """{"customer_id":"con_2"}"""u8.ToArray(), default);

            // The clock stands still, so nothing here can have waited for the receiver's ten seconds: all 121 messages pass, 16 of them as attempts at the silent ones.
            await PumpAsync(NewHandler(true, holds: false));
            await isHeard.Task;
            while (Volatile.Read(ref asked) < DeliveryRooms.PerMerchant) await Task.Delay(1);
            Volatile.Read(ref most).ShouldBe(DeliveryRooms.PerMerchant);
            (await _queue.PeekDeadLettersAsync(WebhookQueue.Name, 10, default)).ShouldBeEmpty();
        }
        finally
        {
            silence.SetResult();
        }
    }

    [Fact]
    public async Task What_was_put_off_for_want_of_room_is_delivered_with_its_first_attempt()
    {
        var gate = new TaskCompletionSource();
        _answer = _ => gate.Task;
        var (webhook, _) = await AddAsync(Url);
        for (var i = 0; i < 20; i++) await PublishAsync("evt_" + i);
        var handler = NewHandler(true, holds: false);
        await PumpAsync(handler);
        gate.SetResult();
        var deadline = 0;
        while ((await ListAsync(webhook)).Any(one => one.Status != DeliveryStatus.Succeeded) && deadline++ < 2000)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await PumpAsync(handler);
            await Task.Delay(5);
        }

        (await ListAsync(webhook)).ShouldAllBe(one => one.Status == DeliveryStatus.Succeeded && one.Attempts == 1);
        lock (_received) _received.Select(one => one.Headers["X-Webhook-Id"].ToString()).Distinct().Count().ShouldBe(20);
    }

    [Fact]
    public async Task What_is_put_off_for_four_days_is_given_up()
    {
        var (webhook, _) = await AddAsync(Url);
        await PublishAsync("evt_1");
        _clock.Advance(RetryPlan.MaxAge + TimeSpan.FromSeconds(1));
        await PumpAsync(NewHandler(true));
        _received.ShouldBeEmpty();
        (await OnlyAsync(webhook)).Status.ShouldBe(DeliveryStatus.Failed);
        (await _queue.PeekDeadLettersAsync(WebhookQueue.Name, 10, default)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task While_two_secrets_are_good_both_sign_and_afterwards_the_new_one_alone()
    {
        var (webhook, old) = await AddAsync(Url);
        var (rotated, secret) = await RotateAsync(webhook, TimeSpan.FromHours(1));
        secret.ShouldNotBe(old);
        rotated.PreviousUntil.ShouldBe(_clock.GetUtcNow() + TimeSpan.FromHours(1));
        var handler = NewHandler(true);
        await PublishAsync("evt_1");
        await PumpAsync(handler);
        _clock.Advance(TimeSpan.FromHours(1));
        await PublishAsync("evt_2");
        await PumpAsync(handler);

        var (body, during) = _received[0];
        during["X-Webhook-Signature"].ToString().ShouldBe(Hmac(old, body));
        var timed = $"{during["X-Webhook-Timestamp"]}.{body}";
        during["X-Webhook-Signature-V2"].ToString().ShouldBe($"t={during["X-Webhook-Timestamp"]},v1={Hmac(secret, timed)},v1={Hmac(old, timed)}");

        (body, var after) = _received[1];
        after["X-Webhook-Signature"].ToString().ShouldBe(Hmac(secret, body));
        after["X-Webhook-Signature-V2"].ToString().ShouldBe($"t={after["X-Webhook-Timestamp"]},v1={Hmac(secret, $"{after["X-Webhook-Timestamp"]}.{body}")}");
    }

    [Fact]
    public async Task A_secret_rotated_without_an_overlap_or_twice_is_gone_at_once()
    {
        var (webhook, first) = await AddAsync(Url);
        var (_, second) = await RotateAsync(webhook, TimeSpan.FromDays(1));
        var (twice, third) = await RotateAsync(webhook, TimeSpan.FromDays(1));
        (await _webhooks.FindSecretsAsync(twice, default)).ShouldBe(new WebhookSecrets(third, second));
        _vault.Values.Order().ShouldBe(new[] { second, third }.Order());
        var (now, fourth) = await RotateAsync(webhook, TimeSpan.Zero);
        (await _webhooks.FindSecretsAsync(now, default)).ShouldBe(new WebhookSecrets(fourth, null));
        _vault.Values.ShouldBe([fourth]);
        new[] { first, second, third, fourth }.Distinct().Count().ShouldBe(4);

        // Nothing stays when the webhook goes.
        var (last, _) = await RotateAsync(webhook, TimeSpan.FromDays(1));
        var (found, etag) = (await _webhooks.FindAsync(Tenant, last.Id, default))!.Value;
        (await _webhooks.DeleteAsync(Tenant, found, etag, default)).ShouldBeTrue();
        _vault.Values.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rotation_of_a_webhook_that_has_changed_leaves_no_secret_behind()
    {
        var (webhook, first) = await AddAsync(Url);
        var (_, etag) = (await _webhooks.FindAsync(Tenant, webhook.Id, default))!.Value;
        (await _webhooks.ReplaceAsync(Tenant, webhook with { Name = "another" }, etag, default)).ShouldBeTrue();
        (await _webhooks.RotateAsync(Tenant, webhook, etag, TimeSpan.FromDays(1), default)).ShouldBeNull();
        _vault.Values.ShouldBe([first]);
    }

    [Fact]
    public async Task Four_made_at_once_are_three()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _webhooks.AddAsync(Tenant, $"w{i}", Url, default).AsTask()));
        made.Count(one => one is not null).ShouldBe(3);
        (await _webhooks.ListAsync(Tenant, new ListQuery(10, null), default))!.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Deliveries_are_kept_for_thirty_days()
    {
        var (webhook, _) = await AddAsync(Url);
        await PublishAsync("evt_1");
        _clock.Advance(TimeSpan.FromDays(31));
        await PublishAsync("evt_2");
        (await _deliveries.ListAsync(Tenant, webhook.Id, new ListQuery(10, null), default))!.ShouldHaveSingleItem().EventId.ShouldBe("evt_2");
    }

    private string Url => Address("/hook");

    private string Address(string path) => _receiver.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + path;

    private async Task<(Webhook Webhook, string Secret)> AddAsync(string url) => (await _webhooks.AddAsync(Tenant, "w", url, default))!.Value;

    private async Task PublishAsync(string id) => await _events.PublishAsync(Tenant, "customer.created", id, """{"customer_id":"con_1"}"""u8.ToArray(), default);

    private async Task<(Webhook Webhook, string Secret)> RotateAsync(Webhook webhook, TimeSpan overlap)
    {
        var (found, etag) = (await _webhooks.FindAsync(Tenant, webhook.Id, default))!.Value;
        return (await _webhooks.RotateAsync(Tenant, found, etag, overlap, default))!.Value;
    }

    private async Task<IReadOnlyList<Delivery>> ListAsync(Webhook webhook) => (await _deliveries.ListAsync(Tenant, webhook.Id, new ListQuery(50, null), default))!;

    private async Task<Delivery> OnlyAsync(Webhook webhook) => (await ListAsync(webhook)).ShouldHaveSingleItem();

    private DeliveryHandler NewHandler(bool allowsPrivate, bool holds = true)
    {
        var options = Options.Create(new WebhookOptions { AllowPrivateAddresses = allowsPrivate, Ports = "any", HoldsMessages = holds });
        var mailer = new Mailer(Options.Create(new MailOptions()), _vault, _clock);
        return new DeliveryHandler(_webhooks, _mail, _deliveries, _events, new WebhookClient(new WebhookTargets(options), _clock), mailer, options, _clock);
    }

    private Task PumpAsync(DeliveryHandler handler) => DeliveryPump.RunAsync(_queue, handler);

    private static string Hmac(string secret, string body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));
}
