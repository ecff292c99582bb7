using FsCheck;
using FsCheck.Fluent;
using Lava.Core.SpendKeys;

namespace Lava.Core.Tests.SpendKeys;

public sealed class SpendKeyUsageTests
{
    [Theory]
    [InlineData("2026-11-21T23:59:59Z", "2026-11-21", "2026-11-16", "2026-11-01")]
    [InlineData("2026-11-22T00:00:00Z", "2026-11-22", "2026-11-16", "2026-11-01")]
    [InlineData("2026-11-23T00:00:00Z", "2026-11-23", "2026-11-23", "2026-11-01")]
    [InlineData("2028-02-29T12:00:00Z", "2028-02-29", "2028-02-28", "2028-02-01")]
    [InlineData("2026-11-23T00:30:00+02:00", "2026-11-22", "2026-11-16", "2026-11-01")]
    public void Periods_are_utc_days_weeks_from_monday_and_months(string at, string day, string week, string month)
    {
        var time = DateTimeOffset.Parse(at, null);
        new[] { LimitCycle.Daily, LimitCycle.Weekly, LimitCycle.Monthly }.Select(cycle => LimitPeriod.StartOf(cycle, time).ToString("yyyy-MM-dd", null)).ShouldBe([day, week, month]);
        LimitPeriod.StartOf(LimitCycle.Total, time).ShouldBe(DateTimeOffset.MinValue);
    }

    [Fact]
    public void Whatever_is_used_when_each_period_counts_its_own_and_the_total_counts_all() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Hours, byte Spend)[]>(), ArbMap.Default.ArbFor<byte>(), (uses, which) =>
        {
            var cycle = (LimitCycle)(which % 4);
            var now = new DateTimeOffset(2026, 2, 26, 5, 0, 0, TimeSpan.Zero);
            var usage = SpendKeyUsage.None;
            var done = new List<(DateTimeOffset At, decimal Spend)>();
            foreach (var (hours, spend) in uses)
            {
                now = now.AddHours(hours);
                usage = usage.Add(spend, 1, cycle, cycle, now);
                done.Add((now, spend));
            }

            var since = LimitPeriod.StartOf(cycle, now);
            usage.SpendIn(cycle, now).ShouldBe(done.Where(use => use.At >= since).Sum(use => use.Spend));
            usage.RequestsIn(cycle, now).ShouldBe(done.Count(use => use.At >= since));
            (usage.TotalSpend, usage.TotalRequests).ShouldBe((done.Sum(use => use.Spend), done.Count));
            if (cycle != LimitCycle.Total) usage.SpendIn(cycle, now.AddDays(40)).ShouldBe(0);
        }).QuickCheckThrowOnFailure();
}
