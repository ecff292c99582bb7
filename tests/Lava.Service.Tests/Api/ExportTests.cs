using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Api;

/// <summary>Lists as CSV and as JSON lines, by <c>Accept</c>.</summary>
public sealed class ExportTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task A_list_is_written_whole_as_csv_in_columns_that_do_not_depend_on_what_is_in_it()
    {
        var key = await host.NewKeyAsync();
        for (var i = 0; i < 230; i++) await host.NewCustomerAsync(key, $$"""{"reference_id":"=1+{{i}}","email":"u{{i}}@example.com","name":"Ann \"A\", Esq"}""");
        var listed = (await host.GetAsync(key, "/v1/customers?limit=1")).Body.GetProperty("data")[0];

        var (type, text) = await ReadAsync(key, "/v1/customers", "text/csv");
        type.ShouldBe("text/csv; charset=utf-8; header=present");
        using var csv = new CsvReader(new StringReader(text), CultureInfo.InvariantCulture);
        csv.Read().ShouldBeTrue();
        csv.ReadHeader().ShouldBeTrue();
        csv.HeaderRecord!.ShouldContain("customer_id");
        csv.HeaderRecord!.ShouldContain("contact.email");
        var rows = new List<(string Id, string Reference, string Email, string Last)>();
        while (csv.Read()) rows.Add((csv.GetField("customer_id")!, csv.GetField("reference_id")!, csv.GetField("contact.email")!, csv.GetField("contact.last_name")!));
        rows.Count.ShouldBe(230);
        rows.Select(row => row.Id).Distinct().Count().ShouldBe(230);
        rows[0].Id.ShouldBe(listed.GetProperty("customer_id").GetString());
        rows[0].Email.ShouldBe(listed.GetProperty("contact").GetProperty("email").GetString());
        rows.ShouldContain(row => row.Reference == "'=1+229" && row.Email == "u229@example.com" && row.Last == "\"A\", Esq");

        // A merchant without any has the same columns.
        (await ReadAsync(await host.NewKeyAsync(), "/v1/customers", "text/csv")).Text.Trim().ShouldBe(string.Join(',', csv.HeaderRecord!));
    }

    [Theory]
    [InlineData("application/jsonl")]
    [InlineData("application/x-ndjson")]
    [InlineData("application/json;q=0.5, application/ndjson")]
    public async Task A_list_is_written_whole_as_json_lines(string accept)
    {
        var key = await host.NewKeyAsync();
        for (var i = 0; i < 105; i++) await host.NewCustomerAsync(key);
        var (type, text) = await ReadAsync(key, "/v1/customers", accept);
        type.ShouldBe(accept.Split(' ')[^1]);
        var lines = text.TrimEnd('\n').Split('\n');
        lines.Length.ShouldBe(105);
        JsonElement.Parse(lines[104]).GetRawText().ShouldBe((await host.GetAsync(key, "/v1/customers?limit=100")) is var first
            ? (await host.GetAsync(key, "/v1/customers?limit=100&cursor=" + first["next_cursor"])).Body.GetProperty("data")[4].GetRawText()
            : "");
    }

    [Fact]
    public async Task A_limit_asks_for_that_page_and_a_refusal_stays_json()
    {
        var key = await host.NewKeyAsync();
        for (var i = 0; i < 5; i++) await host.NewCustomerAsync(key);
        (await ReadAsync(key, "/v1/customers?limit=2", "application/jsonl")).Text.TrimEnd('\n').Split('\n').Length.ShouldBe(2);
        var refused = await host.SendAsync(key, "GET", "/v1/customers?limit=0", null, ("Accept", "text/csv"));
        (refused.Status, refused.Issues[0]).ShouldBe((400, "limit"));
    }

    [Theory]
    [InlineData("/v1/customers", "application/json")]
    [InlineData("/v1/customers", "*/*")]
    [InlineData("/v1/customers", "application/json, text/csv;q=0.5")]
    [InlineData("/v1/customers", "text/csv;q=0")]
    [InlineData("/v1/wallet", "text/csv")]
    public async Task What_is_no_list_or_not_wanted_so_stays_json(string path, string accept)
    {
        var answer = await host.SendAsync(await host.NewKeyAsync(), "GET", path, null, ("Accept", accept));
        (answer.Status, answer.Body.ValueKind).ShouldBe((200, JsonValueKind.Object));
    }

    [Fact]
    public async Task Usage_has_a_line_for_each_span_and_group()
    {
        var (_, text) = await ReadAsync(await host.NewKeyAsync(), "/v1/usage?start=2026-01-01&end=2026-01-03T00:00:00Z", "text/csv");
        var lines = text.TrimEnd().Split("\r\n");
        lines.Length.ShouldBe(4);
        lines[0].ShouldStartWith("date,start,end,total_requests,total_usage_tokens,total_cost,total_charge,group.by,group.value,group.is_rest,performance.total_errors");
        lines[1].ShouldStartWith("2026-01-01,2026-01-01T00:00:00Z,2026-01-01T23:59:59Z,0,0,0.0000000000,0.0000000000,,");
    }

    private async Task<(string? Type, string Text)> ReadAsync(string key, string path, string accept)
    {
        using var http = new HttpClient { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await http.SendAsync(request);
        ((int)response.StatusCode).ShouldBe(200);
        return (response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync());
    }
}
