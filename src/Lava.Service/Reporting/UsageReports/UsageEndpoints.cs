using System.Globalization;
using Lava.Core.Money;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Customers;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Rollups;
using Lava.Service.Pricing.Meters;
using Lava.Service.Reporting.Requests;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Reporting.UsageReports;

/// <summary><c>/v1/usage</c> (rest-api.md §11).</summary>
internal sealed class UsageEndpoints(
    ManagementApi api,
    UsageReport report,
    CustomerStore customers,
    MeterStore meters,
    Settling settling,
    TimeProvider time) : IEndpoints
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:sszzz";

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "GET", "/usage", async request =>
        {
            if (UsageRange.TryRead(request.Query, time.GetUtcNow(), out var range) is { } invalid) return invalid;
            var (filter, error) = await RequestFilter.ReadAsync(request.Query, request.Tenant, customers, meters, request.Cancelled);
            if (error is not null) return error;
            if (await settling.WaitAsync(request) is { } refused) return refused;
            var days = await report.SumAsync(request.Tenant, filter!, range, request.Cancelled);
            var zone = range.Start.Offset;
            var items = days.Select(day => Show(day.Day, zone, day.Sum)).ToList();
            var total = days.Aggregate(default(UsageSum), (sum, day) => sum + day.Sum);
            var totals = new UsageTotals(total.Requests, total.Tokens, Amount.Fixed(total.Cost), Amount.Fixed(total.Charge));
            return ApiResult.Ok(new UsageResponse(items, totals), UsageReportsJson.Default.UsageResponse);
        }).Describe(new Operation(
            "getUsage",
            "Requests",
            "Sum usage by day, in the time zone of start.",
            null,
            typeof(UsageResponse),
            200,
            ["start!", "end", "customer_id", "meter_id", "metadata_filters", "settled"],
            false));
    }

    private static UsageItem Show(DateOnly day, TimeSpan zone, UsageSum sum)
    {
        var start = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), zone);
        return new UsageItem(
            day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Text(start),
            Text(start.AddDays(1).AddSeconds(-1)),
            sum.Requests,
            sum.Tokens,
            Amount.Fixed(sum.Cost),
            Amount.Fixed(sum.Charge));
    }

    private static string Text(DateTimeOffset time) =>
        time.Offset == TimeSpan.Zero
            ? time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : time.ToString(TimeFormat, CultureInfo.InvariantCulture);
}
