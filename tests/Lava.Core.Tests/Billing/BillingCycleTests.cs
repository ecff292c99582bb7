using System.Globalization;
using Lava.Core.Billing;

namespace Lava.Core.Tests.Billing;

/// <summary>Where cycles begin (behaviour.md §6.3).</summary>
public sealed class BillingCycleTests
{
    [Theory]
    [InlineData("2026-01-31T10:00:00Z", BillingInterval.Month, 1, "2026-02-28T10:00:00Z")]
    [InlineData("2026-01-31T10:00:00Z", BillingInterval.Month, 2, "2026-03-31T10:00:00Z")]
    [InlineData("2026-01-31T10:00:00Z", BillingInterval.Month, 25, "2028-02-29T10:00:00Z")]
    [InlineData("2024-02-29T00:00:00Z", BillingInterval.Year, 1, "2025-02-28T00:00:00Z")]
    [InlineData("2024-02-29T00:00:00Z", BillingInterval.Year, 4, "2028-02-29T00:00:00Z")]
    [InlineData("2026-03-28T23:30:00Z", BillingInterval.Day, 1, "2026-03-29T23:30:00Z")]
    [InlineData("2026-12-28T00:00:00Z", BillingInterval.Week, 1, "2027-01-04T00:00:00Z")]
    [InlineData("2026-01-31T23:00:00-02:00", BillingInterval.Month, 1, "2026-03-01T01:00:00Z")]
    public void The_anchors_day_is_kept_where_the_month_has_it(string anchor, BillingInterval interval, int number, string start) =>
        BillingCycle.StartOf(Parse(anchor), interval, number).ShouldBe(Parse(start));

    [Fact]
    public void Cycles_follow_each_other_without_a_gap()
    {
        foreach (var interval in Enum.GetValues<BillingInterval>())
        {
            for (var number = 0; number < 100; number++)
                BillingCycle.StartOf(Parse("2026-01-31T00:00:00Z"), interval, number + 1).ShouldBeGreaterThan(BillingCycle.StartOf(Parse("2026-01-31T00:00:00Z"), interval, number));
        }
    }

    private static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
