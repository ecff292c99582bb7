using System.Globalization;
using Lava.Core.Money;
using Lava.Service.Api;
using Lava.Service.Customers;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Rollups;
using Lava.Service.Pricing.Meters;
using Lava.Service.Reporting.Requests;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Reporting.UsageReports;

/// <summary><c>/v1/usage</c> (rest-api.md §11).</summary>
internal static class UsageEndpoints
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:sszzz";

    /// <summary>Maps it.</summary>
    public static void MapUsage(this IEndpointRouteBuilder routes)
    {
        var report = routes.ServiceProvider.GetRequiredService<UsageReport>();
        var customers = routes.ServiceProvider.GetRequiredService<CustomerStore>();
        var meters = routes.ServiceProvider.GetRequiredService<MeterStore>();
        var settling = routes.ServiceProvider.GetRequiredService<Settling>();
        var time = routes.ServiceProvider.GetRequiredService<TimeProvider>();

        ManagementApi.Map(routes, "GET", "/usage", async request =>
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
        });
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
