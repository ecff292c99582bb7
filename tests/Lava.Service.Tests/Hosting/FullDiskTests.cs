using System.Net;
using System.Text;
using Lava.Service.Admin;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Storage;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Hosting;

/// <summary>The local head over real HTTP, whose store takes no writes for a while.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task Calls_are_refused_before_they_are_sent_while_the_store_takes_no_writes_and_served_again_afterwards()
    {
        var folder = Directory.CreateTempSubdirectory("lava-full-");
        StumblingTables? tables = null;
        await using (var app = await LocalApp.StartAsync(folder, new TestClock(), inner => tables = new StumblingTables(inner)))
        {
            using var http = new HttpClient { BaseAddress = LocalApp.AddressOf(app) };
            var key = (await app.Services.GetRequiredService<MerchantCreation>().CreateAsync("A merchant", 100, 0, CancellationToken.None)).TestKey;
            (await CallAsync(http, key)).ShouldBe(HttpStatusCode.OK);

            tables!.WriteFault = () => new TableStoreException("The disk is full.") { IsTransient = true };
            using (var cut = await SendAsync(http, key)) cut.IsSuccessStatusCode.ShouldBeFalse();
            var waiting = await CallAsync(http, key);
            waiting.ShouldBe(HttpStatusCode.ServiceUnavailable);
            app.Services.GetRequiredService<Service.Storage.StoreGate>().IsOpen.ShouldBeFalse();

            tables.WriteFault = null;
            await app.Services.GetRequiredService<Service.Storage.StoreGate>().FindAsync(default);
            ((TestClock)app.Services.GetRequiredService<TimeProvider>()).Advance(TimeSpan.FromSeconds(1));
            await app.Services.GetRequiredService<Service.Storage.StoreGate>().FindAsync(default);
            (await CallAsync(http, key)).ShouldBe(HttpStatusCode.OK);
            (await http.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        folder.Delete(recursive: true);
    }

    private static async Task<HttpStatusCode> CallAsync(HttpClient http, string key)
    {
        using var response = await SendAsync(http, key);
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string key)
    {
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
            // Cut before its end.
            return new HttpResponseMessage(HttpStatusCode.BadGateway);
        }
    }
}
