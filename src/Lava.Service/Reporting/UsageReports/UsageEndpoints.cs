using System.Globalization;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Customers;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Rollups;
using Lava.Service.Pricing.Meters;
using Lava.Service.Reporting.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Reporting.UsageReports;

/// <summary><c>/v1/usage</c> (rest-api.md §11), with our own groups and performance.</summary>
internal sealed class UsageEndpoints(
    ManagementApi api,
    UsageReport report,
    GroupedUsage grouped,
    CustomerStore customers,
    MeterStore meters,
    Settling settling,
    TimeProvider time) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "GET", "/usage", async request =>
        {
            if (UsageRange.TryRead(request.Query, time.GetUtcNow(), out var range) is { } invalid) return invalid;
            var (filter, error) = await RequestFilter.ReadAsync(request.Query, request.Tenant, customers, meters, request.Cancelled);
            if (error is not null) return error;
            if (ReadGrouping(request.Query, filter!, range, out var by, out var grouping, out var limit) is { } wrong) return wrong;
            if (await settling.WaitAsync(request) is { } refused) return refused;
            if (grouping is null) return ApiResult.Ok(await SumAsync(request, filter!, range), UsageReportsJson.Default.UsageResponse);
            var sums = await grouped.SumAsync(request.Tenant, filter!, grouping, range, request.Cancelled);
            return ApiResult.Ok(GroupedView.Show(sums, range, by, limit), UsageReportsJson.Default.UsageResponse);
        }).Describe(new Operation(
            "getUsage",
            "Requests",
            "Sum usage by hour, day (the default) or month, in the time zone of start, and by group.",
            null,
            typeof(UsageResponse),
            200,
            ["start!", "end", "interval", "group_by", "group_limit", "include", "customer_id", "meter_id", "metadata_filters", "settled"],
            false));
    }

    private async ValueTask<UsageResponse> SumAsync(ManagementRequest request, RequestFilter filter, UsageRange range)
    {
        var spans = await report.SumAsync(request.Tenant, filter, range, request.Cancelled);
        var items = spans.Select(span => UsageViews.Item(span.Span, range.After(span.Span), span.Sum)).ToList();
        return new UsageResponse(items, UsageViews.Totals(spans.Aggregate(default(UsageSum), (sum, span) => sum + span.Sum)));
    }

    private static ApiError? ReadGrouping(
        IQueryCollection query,
        RequestFilter filter,
        UsageRange range,
        out string? by,
        out UsageGrouping? grouping,
        out int limit)
    {
        (by, grouping, limit) = (query.TryGetValue("group_by", out var name) ? name.ToString() : null, null, GroupedView.DefaultGroups);
        if (query.TryGetValue("include", out var include))
        {
            if (include != "performance") return ApiError.Validation(Issue.At("include", "include must be performance."));
            grouping = UsageGrouping.None;
        }

        if (query.TryGetValue("group_limit", out var text)
            && (by is null || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > GroupedView.MaxGroups))
        {
            return ApiError.Validation(Issue.At("group_limit", $"group_limit must be 1 to {GroupedView.MaxGroups} and go with group_by."));
        }

        if (by is not null && (grouping = UsageGrouping.Of(by)) is null)
        {
            const string Words = "group_by must be model, provider, customer, meter, spend_key or metadata. and the name of a key.";
            return ApiError.Validation(Issue.At("group_by", Words));
        }

        if (grouping is null) return null;
        if (filter.Pairs.Count > 0)
            return ApiError.Validation(Issue.At("metadata_filters", "metadata_filters cannot be combined with group_by or include."));
        if (grouping.MetadataKey is not null && (filter.CustomerId ?? filter.MeterId) is not null)
            return ApiError.Validation(Issue.At("group_by", "Usage by metadata cannot be filtered by customer or meter."));
        return range.End - range.Start > TimeSpan.FromDays(UsageRange.MaxDaysByGroup)
            ? ApiError.Validation(Issue.At("end", $"With group_by or include, the range must have at most {UsageRange.MaxDaysByGroup} days."))
            : null;
    }
}
