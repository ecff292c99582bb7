using System.Security.Cryptography;
using System.Text;
using Lava.Core.Keys;
using Lava.Service.Http;
using Lava.Service.Ports;
using Lava.Service.Queues;
using Lava.Service.Tests.Management;
using Lava.Service.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Lava.Service.Tests.Webhooks;

public sealed class DeliveryTests : IAsyncLifetime
{
    private static readonly Tenant Tenant = new("mer_1", Mode.Test);

    private readonly TestClock _clock = new();
    private readonly List<(string Body, IHeaderDictionary Headers)> _received = [];
    private TestStore _store = null!;
    private TableQueue _queue = null!;
    private WebApplication _receiver = null!;
    private WebhookStore _webhooks = null!;
    private DeliveryStore _deliveries = null!;
    private WebhookEvents _events = null!;
    private int _status = 200;

    public async Task InitializeAsync()
    {
        _store = await TestStore.OpenAsync();
        _queue = new TableQueue(_store.Tables, new TableQueueOptions { Buckets = 1 }, _clock);
        _webhooks = new WebhookStore(_store.Tables, new Memory(), _clock);
        _deliveries = new DeliveryStore(_store.Tables, _clock);
        _events = new WebhookEvents(_webhooks, _deliveries, _queue, _clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync();
            lock (_received) _received.Add((body, new HeaderDictionary(http.Request.Headers.ToDictionary())));
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
        using var handler = NewHandler(true);
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
        using var handler = NewHandler(true);
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
        using var handler = NewHandler(true);
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
        using var handler = NewHandler(true);
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
        using var handler = NewHandler(false);
        await PumpAsync(handler);
        _received.ShouldBeEmpty();
        var delivery = await OnlyAsync(webhook);
        (delivery.Status, delivery.LastError).ShouldBe((DeliveryStatus.Pending, "The address is not a public one."));
    }

    [Fact]
    public async Task A_webhook_that_is_gone_or_has_moved_is_respected_by_what_is_under_way()
    {
        _status = 500;
        var (webhook, _) = await AddAsync("http://127.0.0.1:9/nobody");
        await PublishAsync("evt_1");
        using var handler = NewHandler(true);
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
    public async Task Four_made_at_once_are_three()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _webhooks.AddAsync(Tenant, $"w{i}", Url, default).AsTask()));
        made.Count(one => one is not null).ShouldBe(3);
        (await _webhooks.ListAsync(Tenant, new PageRequest(10, null), default))!.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Deliveries_are_kept_for_thirty_days()
    {
        var (webhook, _) = await AddAsync(Url);
        await PublishAsync("evt_1");
        _clock.Advance(TimeSpan.FromDays(31));
        await PublishAsync("evt_2");
        (await _deliveries.ListAsync(Tenant, webhook.Id, new PageRequest(10, null), default))!.ShouldHaveSingleItem().EventId.ShouldBe("evt_2");
    }

    private string Url => _receiver.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/hook";

    private async Task<(Webhook Webhook, string Secret)> AddAsync(string url) => (await _webhooks.AddAsync(Tenant, "w", url, default))!.Value;

    private async Task PublishAsync(string id) => await _events.PublishAsync(Tenant, "customer.created", id, """{"customer_id":"con_1"}"""u8.ToArray(), default);

    private async Task<Delivery> OnlyAsync(Webhook webhook) => (await _deliveries.ListAsync(Tenant, webhook.Id, new PageRequest(10, null), default))!.ShouldHaveSingleItem();

    private DeliveryHandler NewHandler(bool allowsPrivate) =>
        new(_webhooks, _deliveries, _events, new WebhookClient(Options.Create(new WebhookOptions { AllowPrivateAddresses = allowsPrivate }), _clock), _clock);

    private async Task PumpAsync(DeliveryHandler handler)
    {
        while (await _queue.ReceiveAsync(handler.Queue, handler.MaxMessages, TimeSpan.Zero, default) is { } batch)
        {
            await using (batch)
            {
                try
                {
                    await handler.HandleAsync(batch.Session, batch.Messages, default);
                    await batch.CompleteAsync(batch.Messages, default);
                }
                catch (PoisonMessageException poison)
                {
                    await batch.DeadLetterAsync(poison.Poison!, poison.Message, default);
                }
            }
        }
    }

    private static string Hmac(string secret, string body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));

    private sealed class Memory : IVault
    {
        private readonly Dictionary<string, string> _secrets = [];

        public ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken)
        {
            lock (_secrets) return ValueTask.FromResult(_secrets.GetValueOrDefault(name));
        }

        public ValueTask SetAsync(string name, string value, CancellationToken cancellationToken)
        {
            lock (_secrets) _secrets[name] = value;
            return ValueTask.CompletedTask;
        }

        public ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
        {
            lock (_secrets) _secrets.Remove(name);
            return ValueTask.CompletedTask;
        }
    }
}
