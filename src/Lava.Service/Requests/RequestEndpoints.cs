using System.Text.Json;
using Lava.Core.Gateway;
using Lava.Core.Metering;
using Lava.Service.Customers;
using Lava.Service.Errors;
using Lava.Service.Http;
using Lava.Service.Meters;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Requests;

/// <summary><c>/v1/requests</c> (rest-api.md §10).</summary>
public static class RequestEndpoints
{
    private const decimal MaxCount = 1_000_000_000_000m;

    /// <summary>Maps them.</summary>
    public static void MapRequests(this IEndpointRouteBuilder routes)
    {
        var store = routes.ServiceProvider.GetRequiredService<RequestStore>();
        var reporting = routes.ServiceProvider.GetRequiredService<UsageReporting>();
        var customers = routes.ServiceProvider.GetRequiredService<CustomerStore>();
        var meters = routes.ServiceProvider.GetRequiredService<MeterStore>();

        ManagementApi.Map(routes, "POST", "/requests", async request =>
        {
            var fields = request.Fields();
            var requestId = fields.Text("request_id", isRequired: true);
            var customerId = fields.Text("customer_id", isRequired: true);
            var meterSlug = fields.Text("meter_slug", isRequired: true);
            var usage = new Usage
            {
                InputTokens = (long)(fields.Count("input_tokens", MaxCount, isWhole: true) ?? 0),
                OutputTokens = (long)(fields.Count("output_tokens", MaxCount, isWhole: true) ?? 0),
                InputCharacters = (long)(fields.Count("input_characters", MaxCount, isWhole: true) ?? 0),
                OutputCharacters = (long)(fields.Count("output_characters", MaxCount, isWhole: true) ?? 0),
                InputSeconds = Math.Round(fields.Count("input_seconds", MaxCount, isWhole: false) ?? 0, 6),
                OutputSeconds = Math.Round(fields.Count("output_seconds", MaxCount, isWhole: false) ?? 0, 6),
            };
            var metadata = ReadMetadata(fields);
            if (fields.Error is { } invalid) return invalid;
            if (await customers.FindAsync(request.Tenant, customerId!, request.Cancelled) is not { } customer) return ApiError.NotFound("customer");
            if (await meters.FindAsync(request.Tenant, meterSlug!, request.Cancelled) is not { } meter) return ApiError.NotFound("meter");
            var http = request.Http.Request;
            var endpoint = $"POST {http.Scheme}://{http.Host}/v1/requests";
            var (reported, isNew, error) = await reporting.ReportAsync(
                request.Tenant, requestId!, customer.Customer, meter.Meter, usage, metadata, endpoint, request.Cancelled);
            if (error is not null) return error;
            return isNew ? ApiResult.Created(reported!, RequestsJson.Default.RequestResponse) : ApiResult.Ok(reported!, RequestsJson.Default.RequestResponse);
        });

        ManagementApi.Map(routes, "GET", "/requests", async request =>
        {
            if (PageRequest.TryRead(request.Query, out var page) is { } invalid) return invalid;
            var (filter, error) = await RequestFilter.ReadAsync(request.Query, request.Tenant, customers, meters, request.Cancelled);
            if (error is not null) return error;
            var found = await store.ListAsync(request.Tenant, filter!, page, request.Cancelled);
            if (found is null) return PageRequest.UnknownCursor();
            return ApiResult.Ok(Pages.Of<RequestResponse>(found, page.Limit, shown => shown.RequestId), RequestsJson.Default.ListResponseRequestResponse);
        });

        ManagementApi.Map(routes, "GET", "/requests/{id}", async request =>
            await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is { } found ? ApiResult.Ok(found, RequestsJson.Default.RequestResponse) : ApiError.NotFound("request"));
    }

    private static Dictionary<string, string>? ReadMetadata(RequestFields fields)
    {
        var value = fields.Raw("metadata");
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        if (value.ValueKind != JsonValueKind.Object)
        {
            fields.Fail("metadata must be an object of strings.", "metadata");
            return null;
        }

        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String) fields.Fail("Metadata values are strings.", "metadata", member.Name);
            else if (!RequestMetadata.IsValid(member.Name, member.Value.GetString()!, out var issue)) fields.Fail(issue.Message, "metadata", member.Name);
            else pairs[member.Name] = member.Value.GetString()!;
        }

        if (pairs.Count > RequestMetadata.MaxPairs) fields.Fail("A request has at most 100 metadata pairs.", "metadata");
        return pairs.Count == 0 ? null : pairs;
    }
}
