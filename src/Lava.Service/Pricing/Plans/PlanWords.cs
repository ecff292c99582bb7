using Lava.Core.Billing;

namespace Lava.Service.Pricing.Plans;

/// <summary>The words of plans on the wire.</summary>
internal static class PlanWords
{
    public static readonly string[] Intervals = ["day", "week", "month", "year"];

    public static BillingInterval Interval(string? word) => word switch
    {
        "day" => BillingInterval.Day,
        "week" => BillingInterval.Week,
        "month" => BillingInterval.Month,
        _ => BillingInterval.Year,
    };

    public static string Of(BillingInterval interval) => interval switch
    {
        BillingInterval.Day => "day",
        BillingInterval.Week => "week",
        BillingInterval.Month => "month",
        _ => "year",
    };

    public static string Rollover(bool isFull) => isFull ? "full" : "none";
}
