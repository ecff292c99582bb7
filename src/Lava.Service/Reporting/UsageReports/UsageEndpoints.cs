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
            var spans = await report.SumAsync(request.Tenant, filter!, range, request.Cancelled);
            var items = spans.Select(span => Show(span.Span, range.After(span.Span), span.Sum)).ToList();
            var total = spans.Aggregate(default(UsageSum), (sum, span) => sum + span.Sum);
            var totals = new UsageTotals(total.Requests, total.Tokens, Amount.Fixed(total.Cost), Amount.Fixed(total.Charge));
            return ApiResult.Ok(new UsageResponse(items, totals), UsageReportsJson.Default.UsageResponse);
        }).Describe(new Operation(
            "getUsage",
            "Requests",
            "Sum usage by hour, day (the default) or month, in the time zone of start.",
            null,
            typeof(UsageResponse),
            200,
            ["start!", "end", "interval", "customer_id", "meter_id", "metadata_filters", "settled"],
            false));
    }

    private static UsageItem Show(DateTimeOffset start, DateTimeOffset next, UsageSum sum) => new(
        start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Text(start),
        Text(next.AddSeconds(-1)),
        sum.Requests,
        sum.Tokens,
        Amount.Fixed(sum.Cost),
        Amount.Fixed(sum.Charge));

    private static string Text(DateTimeOffset time) =>
        time.Offset == TimeSpan.Zero
            ? time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : time.ToString(TimeFormat, CultureInfo.InvariantCulture);
}
