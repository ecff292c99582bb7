using System.Globalization;
using System.Text;
using System.Text.Json;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Admin;
using Lava.Service.Auditing;
using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Gateway;

/// <summary>Servers over one store with a provider whose bytes the test writes, and a customer who pays 1.00 a call.</summary>
internal sealed class SettlementWorld : IAsyncDisposable
{
    public const string Chat = "/v1/forward?u=https://api.openai.com/v1/chat/completions";

    public const string Call = """{"model":"gpt-4o-mini","max_tokens":1000,"messages":[{"role":"user","content":"hi"}]}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lava-settlement-");
    private readonly List<WebApplication> _apps = [];
    private readonly List<HttpClient> _clients = [];

    public TestClock Clock { get; } = new();

    public RawProvider Provider { get; } = new();

    /// <summary>Whether the queue of usage records takes nothing.</summary>
    public bool IsQueueDown { get; set; }

    public string CustomerId { get; private set; } = "";

    public NewMerchant Merchant { get; private set; } = null!;

    /// <summary>The credential of calls that the customer pays.</summary>
    public string Token { get; private set; } = "";

    public Tenant Tenant => new(Merchant.Merchant.Id, Mode.Test);

    /// <param name="servers">How many.</param>
    /// <param name="credit">What the customer has.</param>
    /// <param name="settings">More settings.</param>
    public static async Task<SettlementWorld> StartAsync(int servers = 1, decimal credit = 10, params (string Name, string Value)[] settings)
    {
        var world = new SettlementWorld();
        for (var i = 0; i < servers; i++)
        {
            var app = await LocalApp.StartAsync(world._folder, world.Clock, store => new QueueGate(store, world), builder =>
            {
                builder.Configuration["Lava:Upstreams:openai"] = world.Provider.Address;
                builder.Configuration["Lava:ProviderKeys:openai"] = "sk-operator";
                foreach (var (name, value) in settings) builder.Configuration[name] = value;
            });
            world._apps.Add(app);
            world._clients.Add(new HttpClient { BaseAddress = LocalApp.AddressOf(app), Timeout = TimeSpan.FromMinutes(2) });
        }

        world.Merchant = await world.Get<MerchantCreation>().CreateAsync("A merchant", 1_000, credit, CancellationToken.None);
        var key = world.Merchant.TestKey;
        var meter = await world.SendAsync(key, "/v1/meters", """{"name":"Call","rate_type":"fixed","tier_type":"requests","tiers":[{"start":"0","rate":"1"}]}""");
        var customer = await world.SendAsync(key, "/v1/customers", """{"reference_id":"user-1"}""");
        world.CustomerId = customer["customer_id"]!;
        world.Token = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{key}}","customer_id":"user-1","meter_slug":"{{meter["meter_slug"]}}"}"""));
        return world;
    }

    public T Get<T>(int server = 0)
        where T : notnull => _apps[server].Services.GetRequiredService<T>();

    public Uri AddressOf(int server = 0) => LocalApp.AddressOf(_apps[server]);

    /// <summary>A call that the customer pays.</summary>
    public Task<Answer> CallAsync(int server = 0) => SendAsync(Token, Chat, Call, server);

    public async Task<Answer> SendAsync(string key, string path, string? json, int server = 0, string method = "POST")
    {
        using var response = await OpenAsync(key, path, json, server, method);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new Answer((int)response.StatusCode, bytes.Length == 0 ? default : JsonElement.Parse(bytes), response);
    }

    /// <summary>Sends a request and returns when its answer begins.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string key, string path, string? json, int server = 0, string method = "POST")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new ByteArrayContent(json is null ? [] : Encoding.UTF8.GetBytes(json)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        return await _clients[server].SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The customer's credits once no usage record waits any more.</summary>
    public async Task<decimal> CreditsAsync()
    {
        await WaitAsync(async () => (await Get<ITableStore>().QueryAsync(TableNames.Messages, "usage-records|" + Bucket, KeyRange.Prefix("m|"), 1, CancellationToken.None)).Count == 0);
        return (await Get<BookStore>().ReadAsync(BookKey.Customer(Tenant, CustomerId), CancellationToken.None))!.Balance(Account.Credits);
    }

    /// <summary>Whether this much of the customer's credits is free on a server.</summary>
    public async Task<bool> IsFreeAsync(decimal credits, int server = 0)
    {
        var reserved = await Get<Budgets>(server).TryReserveAsync(BookKey.Customer(Tenant, CustomerId), Account.Credits, credits, CancellationToken.None);
        reserved?.Release();
        return reserved is not null;
    }

    public async Task AuditAsync() => (await Get<Audit>().RunAsync(CancellationToken.None)).Faults.ShouldBeEmpty();

    /// <summary>Waits for what another thread brings about.</summary>
    public static async Task WaitAsync(Func<Task<bool>> holds)
    {
        for (var tries = 0; !await holds(); tries++)
        {
            tries.ShouldBeLessThan(3_000);
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        foreach (var app in _apps) await app.DisposeAsync();
        await Provider.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string Bucket => (System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Tenant.Partition))[0] % 8).ToString(CultureInfo.InvariantCulture);

    /// <summary>The store, in which nothing can be put into the queue of usage records while the world says so.</summary>
    private sealed class QueueGate(ITableStore inner, SettlementWorld world) : ITableStore, IAsyncDisposable
    {
        public ValueTask EnsureTablesAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);

        public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken) => inner.GetAsync(table, partition, row, cancellationToken);

        public ValueTask<IReadOnlyList<TableRow>> QueryAsync(string table, string partition, KeyRange range, int take, CancellationToken cancellationToken) =>
            inner.QueryAsync(table, partition, range, take, cancellationToken);

        public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken) =>
            world.IsQueueDown && table == TableNames.Messages && partition.StartsWith("usage-records", StringComparison.Ordinal)
                ? throw new TableStoreException("The store takes no writes.") { IsTransient = true }
                : inner.CommitAsync(table, partition, writes, cancellationToken);

        public ValueTask DisposeAsync() => inner is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;
    }
}
