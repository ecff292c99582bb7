using System.Text;
using System.Text.Json;
using Lava.Local;
using Lava.Local.Storage;
using Lava.Service.Admin;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lava.Service.Tests.Support;

/// <summary>The local head in this process, over a folder of its own and a clock that the test moves.</summary>
public sealed class ManagementHost : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lava-management-");
    private WebApplication? _app;
    private HttpClient _http = null!;

    public TestClock Clock { get; } = new();

    public WatchedTables Tables { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    /// <summary>The data directory.</summary>
    public string Folder => _folder.FullName;

    /// <summary>Settings of the server, by their names in the configuration; set before it starts.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>What hears of the next request that its client gives up.</summary>
    public ClientAborts Aborts { get; } = new();

    public async Task InitializeAsync()
    {
        _app = await LocalServer.BuildAsync(_folder.FullName, 0, builder =>
        {
            builder.Configuration.AddInMemoryCollection(Settings);
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            builder.Services.AddSingleton<IStartupFilter>(new WatchingFilter(Aborts, () => Tables));
            builder.Services.Replace(ServiceDescriptor.Singleton<ITableStore>(_ =>
                Tables = new WatchedTables(new SqliteTableStore(new SqliteOptions { Path = Path.Combine(_folder.FullName, "lava.db"), IsDurable = false }))));
        });
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = Address };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app!.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public Uri Address => new(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>A merchant of the test's own, so that no other test's data or rate limit is in its way.</summary>
    public async Task<NewMerchant> NewMerchantAsync(decimal testCredit = 0) =>
        await Services.GetRequiredService<MerchantCreation>().CreateAsync("A merchant", 100, testCredit, CancellationToken.None);

    /// <summary>The raw test key of a merchant of the test's own.</summary>
    public async Task<string> NewKeyAsync(decimal testCredit = 0) => (await NewMerchantAsync(testCredit)).TestKey;

    public Task<Answer> GetAsync(string key, string path) => SendAsync(key, "GET", path);

    public Task<Answer> DeleteAsync(string key, string path) => SendAsync(key, "DELETE", path);

    public Task<Answer> PostAsync(string key, string path, string? json, params (string Name, string Value)[] headers) => SendAsync(key, "POST", path, Bytes(json), headers);

    public Task<Answer> PatchAsync(string key, string path, string json) => SendAsync(key, "PATCH", path, Bytes(json));

    /// <summary>Sends a request as the SDK does: JSON's content type even without a body. An empty key sends no credential.</summary>
    public async Task<Answer> SendAsync(string key, string method, string path, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new ByteArrayContent(body ?? []) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        if (key.Length > 0) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (Tables.Counted is { } counted) request.Headers.TryAddWithoutValidation(WatchingFilter.CountedHeader, counted);
        var response = await _http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new Answer((int)response.StatusCode, bytes.Length == 0 ? default : JsonElement.Parse(bytes), response);
    }

    /// <summary>Makes a customer and returns its id.</summary>
    public async Task<string> NewCustomerAsync(string key, string json = "{}") => (await PostAsync(key, "/v1/customers", json))["customer_id"]!;

    /// <summary>Makes a meter and returns its id.</summary>
    public async Task<string> NewMeterAsync(string key, string members = "") => (await PostAsync(key, "/v1/meters", MeterJson(members)))["meter_id"]!;

    /// <summary>A meter that can be made, with further members.</summary>
    public static string MeterJson(string members = "") =>
        $$"""{"name":"Chat","rate_type":"fixed","tier_type":"tokens_1m","tiers":[{"start":"0","rate":"5"},{"start":"1000000","rate":"3"}]{{(members.Length > 0 ? "," + members : "")}}}""";

    /// <summary>Has the server die while it does something: from its commit of that number on, which is done, it comes no further.</summary>
    /// <returns>Whether there were so many commits.</returns>
    public async Task<bool> DieAtAsync(int commit, Func<Task> act)
    {
        var left = commit;
        Tables.AfterCommit = table => table != TableNames.Messages && Interlocked.Decrement(ref left) <= 0
            ? throw new TableStoreException("The process died.")
            : Task.CompletedTask;
        try
        {
            await act();
        }
        finally
        {
            Tables.AfterCommit = null;
        }

        return left <= 0;
    }

    private static byte[]? Bytes(string? json) => json is null ? null : Encoding.UTF8.GetBytes(json);
}
