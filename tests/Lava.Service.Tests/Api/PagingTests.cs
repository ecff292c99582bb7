using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Api;

public sealed class PagingTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Theory]
    [InlineData("/v1/customers", "customer_id")]
    [InlineData("/v1/meters", "meter_id")]
    [InlineData("/v1/secret_keys", "secret_key_id")]
    public async Task Pages_show_everything_once_and_newest_first(string path, string id)
    {
        var key = await host.NewKeyAsync();
        var made = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            host.Clock.Advance(TimeSpan.FromMilliseconds(1));
            var body = path == "/v1/meters" ? ManagementHost.MeterJson() : """{"name":"x"}""";
            made.Insert(0, (await host.PostAsync(key, path, body))[id]!);
        }

        foreach (var limit in new[] { 1, 5, 12, 13, 100 })
        {
            var seen = new List<string>();
            for (string? cursor = ""; cursor is not null;)
            {
                var page = await host.GetAsync(key, $"{path}?limit={limit}{(cursor.Length > 0 ? "&cursor=" + cursor : "")}");
                page.Status.ShouldBe(200);
                var data = page.Body.GetProperty("data");
                data.GetArrayLength().ShouldBeLessThanOrEqualTo(limit);
                seen.AddRange(data.EnumerateArray().Select(item => item.GetProperty(id).GetString()!));
                var hasMore = page.Body.GetProperty("has_more").GetBoolean();
                cursor = page.Body.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
                hasMore.ShouldBe(cursor is not null);
            }

            // A merchant's first key is older than all of these.
            seen.Take(12).ShouldBe(made, $"limit {limit}");
            seen.Count.ShouldBe(path == "/v1/secret_keys" ? 13 : 12);
        }
    }

    [Fact]
    public async Task A_page_has_ten_items_unless_asked_otherwise()
    {
        var key = await host.NewKeyAsync();
        for (var i = 0; i < 11; i++) await host.NewCustomerAsync(key);
        var page = await host.GetAsync(key, "/v1/customers");
        (page.Body.GetProperty("data").GetArrayLength(), page["has_more"]).ShouldBe((10, "true"));
    }

    [Fact]
    public async Task A_page_costs_the_same_however_long_the_list_is()
    {
        var (few, many) = (await host.NewKeyAsync(), await host.NewKeyAsync());
        for (var i = 0; i < 6; i++) await host.NewCustomerAsync(few);
        for (var i = 0; i < 150; i++) await host.NewCustomerAsync(many);
        (await CostAsync(many)).ShouldBe(await CostAsync(few));

        async Task<long> CostAsync(string key)
        {
            // Once beforehand, so that neither pays for what the caches lack.
            await host.GetAsync(key, "/v1/customers?limit=5");
            return await host.Tables.RowsReadByAsync(async () => (await host.GetAsync(key, "/v1/customers?limit=5"))["has_more"].ShouldBe("true"));
        }
    }

    [Fact]
    public async Task An_item_deleted_between_two_pages_neither_hides_nor_repeats_others()
    {
        var key = await host.NewKeyAsync();
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            host.Clock.Advance(TimeSpan.FromMilliseconds(1));
            ids.Insert(0, await host.NewCustomerAsync(key));
        }

        var cursor = (await host.GetAsync(key, "/v1/customers?limit=2"))["next_cursor"];
        cursor.ShouldBe(ids[1]);
        await host.DeleteAsync(key, "/v1/customers/" + ids[1]);
        var rest = await host.GetAsync(key, "/v1/customers?limit=2&cursor=" + cursor);
        (rest["data.0.customer_id"], rest["data.1.customer_id"], rest["has_more"]).ShouldBe((ids[2], ids[3], "false"));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1.5", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("limit=5&limit=6", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("cursor=con_test_", "cursor")]
    [InlineData("cursor=..%2F..", "cursor")]
    public async Task A_page_that_no_list_has_is_refused(string query, string issue)
    {
        var key = await host.NewKeyAsync();
        foreach (var path in new[] { "/v1/customers", "/v1/meters", "/v1/secret_keys", "/v1/plans", "/v1/requests" })
        {
            var answer = await host.GetAsync(key, $"{path}?{query}");
            (answer.Status, answer.Code).ShouldBe((400, "validation_error"), path);
            answer.Issues.ShouldBe([issue], path);
        }
    }

    [Fact]
    public async Task A_cursor_of_the_other_mode_is_refused()
    {
        var merchant = await host.NewMerchantAsync();
        var id = await host.NewCustomerAsync(merchant.LiveKey);
        (await host.GetAsync(merchant.TestKey, "/v1/customers?cursor=" + id)).Status.ShouldBe(400);
    }
}
