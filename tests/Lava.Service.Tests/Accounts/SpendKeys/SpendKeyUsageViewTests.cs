using Lava.Core.Ledger;
using Lava.Core.SpendKeys;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Accounts.SpendKeys;

/// <summary>How what a key has used is shown. It is counted by calls; here its row is written as they will.</summary>
public sealed class SpendKeyUsageViewTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task Editing_or_removing_a_limit_resets_no_count_and_each_cycle_shows_its_own()
    {
        var (key, path) = await UsedAsync();
        foreach (var (body, spend, requests) in new[]
        {
            ("""{"spend_limit":{"amount":"9","cycle":"daily"},"request_limit":{"count":5,"cycle":"total"}}""", "4.00", "3"),
            ("""{"spend_limit":{"amount":"8","cycle":"weekly"},"request_limit":{"count":5,"cycle":"daily"}}""", "6.00", "1"),
            ("""{"spend_limit":null,"request_limit":null}""", "6.50", "3"),
            ("""{"spend_limit":{"amount":"8","cycle":"total"},"request_limit":{"count":1,"cycle":"weekly"}}""", "6.50", "2"),
            ("""{"spend_limit":{"amount":"1","cycle":"daily"},"request_limit":{"count":1,"cycle":"monthly"}}""", "4.00", "3"),
        })
        {
            var shown = await host.PutAsync(key, path, body);
            (shown["current_spend"], shown["current_requests"], shown["total_spend"], shown["total_requests"]).ShouldBe((spend, requests, "6.50", "3"), body);
        }
    }

    [Fact]
    public async Task Counts_begin_anew_at_the_boundary_without_anybody_writing_and_the_total_stays()
    {
        var (key, path) = await UsedAsync();
        await host.PutAsync(key, path, """{"spend_limit":{"amount":"9","cycle":"daily"},"request_limit":{"count":5,"cycle":"weekly"}}""");
        var midnight = host.Clock.GetUtcNow().UtcDateTime.Date.AddDays(1) - host.Clock.GetUtcNow().UtcDateTime;
        host.Clock.Advance(midnight - TimeSpan.FromTicks(1));
        (await host.GetAsync(key, path))["current_spend"].ShouldBe("4.00");
        host.Clock.Advance(TimeSpan.FromTicks(1));
        var shown = await host.GetAsync(key, path);
        (shown["current_spend"], shown["current_requests"], shown["total_spend"], shown["total_requests"]).ShouldBe(("0.00", "2", "6.50", "3"));
        host.Clock.Advance(TimeSpan.FromDays(7));
        (await host.GetAsync(key, path))["current_requests"].ShouldBe("0");
    }

    [Fact]
    public async Task Rotation_keeps_what_was_used()
    {
        var (key, path) = await UsedAsync();
        var before = await host.GetAsync(key, path);
        var rotated = await host.PostAsync(key, path + "/rotate", null);
        foreach (var member in new[] { "current_spend", "total_spend", "current_requests", "total_requests", "last_used_at" }) rotated[member].ShouldBe(before[member], member);
        before["last_used_at"].ShouldNotBeNull();
    }

    /// <summary>A key that was used on a Sunday, on the Monday after and on the Tuesday that it is now: 0.5, 2 and 4 dollars.</summary>
    private async Task<(string Key, string Path)> UsedAsync()
    {
        // Always a new month with that Sunday in it: the tests share the clock.
        var day = host.Clock.GetUtcNow().UtcDateTime.Date;
        var sunday = new DateTime(day.Year, day.Month, 1).AddMonths(1);
        while (sunday.DayOfWeek != DayOfWeek.Sunday) sunday = sunday.AddDays(1);
        var tuesday = new DateTimeOffset(sunday.AddDays(2).AddHours(12), TimeSpan.Zero);
        host.Clock.Advance(tuesday - host.Clock.GetUtcNow());

        var merchant = await host.NewMerchantAsync();
        var id = (await host.NewSpendKeyAsync(merchant.TestKey))["spend_key_id"]!;
        var usage = SpendKeyUsage.None.Add(0.5m, 1, tuesday.AddDays(-2)).Add(2, 1, tuesday.AddDays(-1)).Add(4, 1, tuesday);
        var row = TableWrite.Put(BookRows.Head, Json.Write(new BookHead { Usage = usage }, LedgerJson.Default.BookHead));
        await host.Tables.CommitAsync(TableNames.Books, BookKey.SpendKey(merchant.Test(), id).Partition, [row], default);
        return (merchant.TestKey, $"{SpendKeyHttp.Path}/{id}");
    }
}
