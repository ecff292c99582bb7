using System.Net;
using System.Text;
using Lava.Core.Keys;
using Lava.Service.Admin;
using Lava.Service.Ledger.Books;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Tests.Hosting;

/// <summary>The local head is stopped while a provider has not answered yet.</summary>
public sealed class ShutdownTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lava-stop-");
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _provider = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _provider = builder.Build();
        _provider.Run(async http =>
        {
            _asked.TrySetResult();
            await _mayAnswer.Task;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("""{"id":"c","object":"chat.completion","model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""");
        });
        await _provider.StartAsync();
    }

    public async Task DisposeAsync()
    {
        _mayAnswer.TrySetResult();
        await _provider.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_call_in_flight_is_finished_before_the_server_ends()
    {
        await using var app = await StartAsync();
        var (call, _) = await CallAsync(app);
        var stop = app.StopAsync();
        _mayAnswer.SetResult();
        (await call).StatusCode.ShouldBe(HttpStatusCode.OK);
        await stop;
    }

    [Fact]
    public async Task A_call_that_takes_longer_is_cut_and_what_it_had_reserved_is_given_back_all_the_same()
    {
        await using var app = await StartAsync();
        var (call, tenant) = await CallAsync(app);
        (await app.Services.GetRequiredService<BookStore>().ReadAsync(BookKey.Wallet(tenant), default))!.Leases.ShouldNotBeEmpty();

        // As the second signal does, or the drain time when it is over.
        using var hurry = new CancellationTokenSource();
        var stop = app.StopAsync(hurry.Token);
        await hurry.CancelAsync();
        await Should.NotThrowAsync(() => stop);
        (await call).IsSuccessStatusCode.ShouldBeFalse();

        // The record that says that it failed has taken over what the call had reserved, and gives it back as soon as the next process books it: nothing waits for a lease to run out.
        await using var next = await StartAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await next.Services.GetRequiredService<BookStore>().ReadAsync(BookKey.Wallet(tenant), limit.Token))!.Leases.Count > 0) await Task.Delay(20, limit.Token);
        (await next.Services.GetRequiredService<BookStore>().ReadAsync(BookKey.Wallet(tenant), limit.Token))!.Balance(Lava.Core.Ledger.Account.Wallet).ShouldBe(100);
    }

    private Task<WebApplication> StartAsync() => LocalApp.StartAsync(_folder, new TestClock(), configure: builder =>
    {
        builder.Configuration["Lava:Upstreams:openai"] = LocalApp.AddressOf(_provider).ToString();
        builder.Configuration["Lava:ProviderKeys:openai"] = "sk-operator";
    });

    private async Task<(Task<HttpResponseMessage> Call, Tenant Tenant)> CallAsync(WebApplication app)
    {
        var merchant = await app.Services.GetRequiredService<MerchantCreation>().CreateAsync("A merchant", 100, 0, CancellationToken.None);
        var call = SendAsync(LocalApp.AddressOf(app), merchant.TestKey);
        await _asked.Task;
        return (call, new Tenant(merchant.Merchant.Id, Mode.Test));
    }

    private static async Task<HttpResponseMessage> SendAsync(Uri address, string key)
    {
        using var http = new HttpClient { BaseAddress = address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/forward?u=https://api.openai.com/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"gpt-4o-mini","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        try
        {
            return await http.SendAsync(request);
        }
        catch (HttpRequestException)
        {
            // Cut.
            return new HttpResponseMessage(HttpStatusCode.BadGateway);
        }
    }
}
