using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lava.Local;
using Lava.Service.Admin;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit.Abstractions;

namespace Lava.Service.Tests.Storage;

/// <summary>What a call costs the store: the figures of docs/decisions/0006-partitions-and-their-limits.md, which must not grow unseen.</summary>
public sealed class OperationsPerCallTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(40, 1, 6.5, 17.5, 2)]
    [InlineData(640, 32, 2.5, 9.5, 0.2)]
    public async Task A_call_costs_the_store_no_more_than_was_reckoned_with(int calls, int atOnce, double transactions, double rows, double reads)
    {
        await using var store = await TestStore.OpenAsync();
        var counting = new CountingTables(store.Tables);
        var folder = Directory.CreateTempSubdirectory("lava-count-");
        await using (var app = await LocalServer.BuildAsync(folder.FullName, 0, builder => builder.Services.Replace(ServiceDescriptor.Singleton<ITableStore>(counting))))
        {
            await app.StartAsync();
            using var http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
            var merchant = await app.Services.GetRequiredService<MerchantCreation>().CreateAsync("A merchant", 1_000, 1_000, CancellationToken.None);
            http.DefaultRequestHeaders.Authorization = new("Bearer", merchant.TestKey);
            using var made = await http.PostAsJsonAsync("/v1/meters", new { name = "Token", rate_type = "fixed", tier_type = "tokens_1m", tiers = new[] { new { start = "0", rate = "1" } } });
            var meter = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("meter_slug").GetString();
            using var customer = await http.PostAsJsonAsync("/v1/customers", new { reference_id = "one" });
            customer.EnsureSuccessStatusCode();
            var token = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{merchant.TestKey}}","customer_id":"one","meter_slug":"{{meter}}"}"""));

            await CallAsync(http, token, 20, atOnce);
            await MeteredAsync(http, 20);
            counting.Clear();
            await CallAsync(http, token, calls, atOnce);
            await MeteredAsync(http, 20 + calls);
        }

        output.WriteLine($"{atOnce} at once, for each call:");
        foreach (var table in counting.Asked)
        {
            var counts = counting.Of(table);
            var busiest = counts[0];
            output.WriteLine($"{table}: {Each(counts.Sum(count => count.Reads), calls)} reads, {Each(counts.Sum(count => count.Transactions), calls)} transactions, {Each(counts.Sum(count => count.RowsWritten), calls)} rows; " +
                $"busiest partition {busiest.Partition}: {Each(busiest.Transactions, calls)} transactions, {Each(busiest.RowsWritten, calls)} rows");
        }

        foreach (var count in counting.Of(TableNames.Books)) output.WriteLine($"  book {count.Partition}: {Each(count.Reads, calls)} reads, {Each(count.Transactions, calls)} transactions, {Each(count.RowsWritten, calls)} rows");
        folder.Delete(recursive: true);

        // On Azure the queue is Service Bus. What waits for the metering here reads the wallet's roll-ups, which is no call's cost.
        var counted = counting.Asked.Where(table => table is not (TableNames.Messages or TableNames.Due)).SelectMany(counting.Of).ToList();
        (counted.Sum(count => count.Transactions) / (double)calls).ShouldBeLessThanOrEqualTo(transactions);
        (counted.Sum(count => count.RowsWritten) / (double)calls).ShouldBeLessThanOrEqualTo(rows);
        (counted.Sum(count => count.Reads) / (double)calls).ShouldBeLessThanOrEqualTo(reads);
        counted.Max(count => count.RowsWritten).ShouldBeLessThanOrEqualTo((long)(calls * rows * 0.4), "no partition bears more than its part");
    }

    private static string Each(long count, int calls) => ((double)count / calls).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task CallAsync(HttpClient http, string token, int calls, int atOnce) =>
        await Parallel.ForAsync(0, calls, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (i, cancellation) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/forward?u=https://api.openai.com/v1/chat/completions")
            {
                Content = JsonContent.Create(new { model = "gpt-4o-mini", messages = new[] { new { role = "user", content = $"{i} [sandbox: input_tokens=10; output_tokens=8; delay_ms=150]" } } }),
            };
            request.Headers.Authorization = new("Bearer", token);
            using var response = await http.SendAsync(request, cancellation);
            response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync(cancellation));
        });

    private static async Task MeteredAsync(HttpClient http, int calls)
    {
        var start = Uri.EscapeDataString(DateTimeOffset.UtcNow.AddDays(-1).ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1)); // or it failed
        while ((await http.GetFromJsonAsync<JsonElement>($"/v1/usage?start={start}", limit.Token)).GetProperty("totals").GetProperty("total_requests").GetInt32() < calls)
            await Task.Delay(100, limit.Token);
    }
}
