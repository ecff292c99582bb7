using Lava.Service.Webhooks.Deliveries;

namespace Lava.Service.Tests.Webhooks;

public sealed class RetryPlanTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Attempts_are_spread_over_three_days(double jitter)
    {
        var total = TimeSpan.Zero;
        for (var attempt = 1; attempt < RetryPlan.MaxAttempts; attempt++)
        {
            var wait = RetryPlan.After(attempt, jitter).ShouldNotBeNull();
            wait.ShouldBeGreaterThan(TimeSpan.Zero);
            total += wait;
        }

        RetryPlan.After(RetryPlan.MaxAttempts, jitter).ShouldBeNull();
        total.TotalHours.ShouldBe(72, 5);
    }
}
