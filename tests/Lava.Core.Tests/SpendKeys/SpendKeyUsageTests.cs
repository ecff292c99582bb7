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
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Hours, byte Spend)[]>(), uses =>
        {
            var (usage, done) = Use(uses);
            var now = done.Count == 0 ? Start : done[^1].At;
            foreach (var cycle in Enum.GetValues<LimitCycle>())
            {
                var since = LimitPeriod.StartOf(cycle, now);
                usage.SpendIn(cycle, now).ShouldBe(done.Where(use => use.At >= since).Sum(use => use.Spend));
                usage.RequestsIn(cycle, now).ShouldBe(done.Count(use => use.At >= since));
                if (cycle != LimitCycle.Total) (usage.SpendIn(cycle, now.AddDays(40)), usage.RequestsIn(cycle, now.AddDays(40))).ShouldBe((0m, 0L));
            }

            (usage.TotalSpend, usage.TotalRequests).ShouldBe((done.Sum(use => use.Spend), done.Count));
            usage.LastUsedAt.ShouldBe(done.Count == 0 ? null : now);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_in_which_usage_arrives_makes_no_difference() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Hours, byte Spend)[]>(), ArbMap.Default.ArbFor<int>(), (uses, seed) =>
        {
            var (usage, done) = Use(uses);
            var shuffled = done.ToArray();
            new Random(seed).Shuffle(shuffled);
            shuffled.Aggregate(SpendKeyUsage.None, (sum, use) => sum.Add(use.Spend, 1, use.At)).ShouldBe(usage);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Each_cycle_is_counted_whatever_cycle_a_limit_has_so_that_editing_it_resets_nothing()
    {
        var monday = new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
        var usage = SpendKeyUsage.None.Add(1, 1, monday.AddDays(-1)).Add(2, 1, monday).Add(4, 1, monday.AddDays(1));
        var now = monday.AddDays(1);
        Enum.GetValues<LimitCycle>().Select(cycle => (usage.SpendIn(cycle, now), usage.RequestsIn(cycle, now))).ShouldBe([(4m, 1L), (6m, 2L), (7m, 3L), (7m, 3L)]);
    }

    [Theory]
    [InlineData(LimitCycle.Daily, "2026-11-22T23:59:59Z", "2026-11-23T00:00:00Z")]
    [InlineData(LimitCycle.Weekly, "2026-11-22T23:59:59Z", "2026-11-23T00:00:00Z")]
    [InlineData(LimitCycle.Monthly, "2026-11-30T23:59:59Z", "2026-12-01T00:00:00Z")]
    public void Usage_that_arrives_after_its_period_counts_in_the_total_and_leaves_the_new_period_alone(LimitCycle cycle, string last, string first)
    {
        var (late, now) = (DateTimeOffset.Parse(last, null), DateTimeOffset.Parse(first, null));
        var usage = SpendKeyUsage.None.Add(5, 1, now).Add(3, 1, late);
        (usage.SpendIn(cycle, now), usage.RequestsIn(cycle, now), usage.TotalSpend, usage.TotalRequests, usage.LastUsedAt).ShouldBe((5m, 1L, 8m, 2L, now));
    }

    private static readonly DateTimeOffset Start = new(2026, 2, 26, 5, 0, 0, TimeSpan.Zero);

    private static (SpendKeyUsage Usage, List<(DateTimeOffset At, decimal Spend)> Done) Use((byte Hours, byte Spend)[] uses)
    {
        var now = Start;
        var usage = SpendKeyUsage.None;
        var done = new List<(DateTimeOffset At, decimal Spend)>();
        foreach (var (hours, spend) in uses)
        {
            now = now.AddHours(hours);
            usage = usage.Add(spend, 1, now);
            done.Add((now, spend));
        }

        return (usage, done);
    }
}
