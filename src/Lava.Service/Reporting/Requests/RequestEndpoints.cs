using System.Text.Json;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Api.Lists;
using Lava.Service.Customers;
using Lava.Service.Metering.Booking;
using Lava.Service.Pricing.Meters;
using Lava.Service.Reporting.Reports;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Reporting.Requests;

/// <summary><c>/v1/requests</c> (rest-api.md §10), and our own additions: <c>/v1/requests/batch</c>, and <c>/v1/events</c> for CloudEvents.</summary>
internal sealed class RequestEndpoints(
    ManagementApi api,
    RequestStore store,
    ReportedUsage reporting,
    Settling settling,
    CustomerStore customers,
    MeterStore meters) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", "/requests", async request =>
        {
            var fields = request.Fields();
            return UsageFields.Read(fields) is { } input ? await ReportAsync(reporting, request, input) : fields.Error!;
        }).Describe(Operation.Created(
            "createRequest",
            "Requests",
            "Report usage that did not pass through the gateway. Each request_id is charged once.",
            typeof(CreateRequestBody),
            typeof(RequestResponse)) with { IsChange = false });

        api.Map(routes, "POST", "/requests/batch", async request =>
        {
            if (BodyCheck.FindUnknown(request.Body, typeof(BatchMembers)) is { } misnamed) return misnamed;
            var items = request.Body.TryGetProperty("requests", out var value) ? value : default;
            if (items.ValueKind != JsonValueKind.Array || items.GetArrayLength() is 0 or > ReportedUsage.MaxReports)
                return ApiError.Validation(Issue.At("requests", $"requests must be a list of 1 to {ReportedUsage.MaxReports} reports."));
            return await ReportAllAsync(reporting, request, items, item =>
            {
                if (BodyCheck.FindUnknown(item, typeof(CreateRequestBody)) is { } unknown) return (null, unknown);
                var fields = new RequestFields(item);
                return (UsageFields.Read(fields), fields.Error);
            }, "request_id");
        }).Describe(Operation.Change(
            "createRequests",
            "Requests",
            "Report usage in a batch of up to 1,000 requests. Each has its own result.",
            typeof(RequestBatchBody),
            typeof(BatchResponse)) with { IsChange = false, ChecksBody = true });

        api.Map(routes, "POST", "/events", async request =>
        {
            var body = request.Body;
            if (body.ValueKind == JsonValueKind.Array)
            {
                if (body.GetArrayLength() is 0 or > ReportedUsage.MaxReports)
                    return ApiError.InvalidJson($"A batch must have 1 to {ReportedUsage.MaxReports} events.");
                return await ReportAllAsync(reporting, request, body, ReadEvent, "id");
            }

            // In the binary mode the attributes are headers, and the body is the data alone.
            var headers = request.Http.Request.Headers;
            var (input, error) = headers.ContainsKey("ce-specversion") ? ReadEvent(AttributesOf(headers), body) : ReadEvent(body);
            return error is null ? await ReportAsync(reporting, request, input!) : error;
        }, takesArrays: true).Describe(Operation.Created(
            "createEvent",
            "Requests",
            "Report usage as one CloudEvent 1.0 or a list. type is the meter, subject the customer, source and id together the request_id.",
            typeof(CloudEventBody),
            typeof(RequestResponse)) with { IsChange = false, ChecksBody = true });

        api.Map(routes, "GET", "/requests", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            if (RequestConditions.TryRead(request.Query, out var conditions) is { } unclear) return unclear;
            var (filter, error) = await RequestFilter.ReadAsync(request.Query, request.Tenant, customers, meters, request.Cancelled);
            if ((error ?? await settling.WaitAsync(request)) is { } refused) return refused;
            return await store.ListAsync(request.Tenant, filter!, conditions, page, request.Cancelled) is { } found
                ? ApiResult.Ok(found, RequestsJson.Default.ListResponseRequestResponse)
                : ListQuery.UnknownCursor();
        }).Describe(Operation.List(
            "listRequests",
            "Requests",
            "List requests, newest first. A page may be short, or empty, while has_more is true: then few of the requests match.",
            typeof(ListResponse<RequestResponse>),
            ["customer_id", "meter_id", "spend_key_id", "request_id", "metadata_filters", .. RequestConditions.Parameters, "settled"]));

        api.Map(routes, "GET", "/requests/{id}", async request =>
        {
            if (await settling.WaitAsync(request) is { } invalid) return invalid;
            return await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is { } found
                ? ApiResult.Ok(found, RequestsJson.Default.RequestResponse)
                : ApiError.NotFound("request");
        }).Describe(Operation.Read(
            "getRequest",
            "Requests",
            "Show a request with its cost, charge and ledger entries. A request that has just ended is pending until it is booked.",
            typeof(RequestResponse)) with { Query = ["settled"] });
    }

    private static async ValueTask<ApiResult> ReportAsync(ReportedUsage reporting, ManagementRequest request, UsageInput input)
    {
        var outcome = (await reporting.ReportAsync(request.Tenant, [input], EndpointOf(request), request.Cancelled))[0];
        if (outcome.Error is not null) return outcome.Error;
        return outcome.IsNew
            ? ApiResult.Created(outcome.Request!, RequestsJson.Default.RequestResponse)
            : ApiResult.Ok(outcome.Request!, RequestsJson.Default.RequestResponse);
    }

    private static async ValueTask<ApiResult> ReportAllAsync(
        ReportedUsage reporting, ManagementRequest request, JsonElement items, Func<JsonElement, (UsageInput? Input, ApiError? Error)> read, string idMember)
    {
        var outcomes = new BatchOutcome?[items.GetArrayLength()];
        var inputs = new List<(int Index, UsageInput Input)>(outcomes.Length);
        foreach (var (index, item) in items.EnumerateArray().Index())
        {
            var (input, error) = item.ValueKind == JsonValueKind.Object ? read(item) : (null, ApiError.InvalidJson("A report must be a JSON object."));
            if (input is not null) inputs.Add((index, input));
            else outcomes[index] = new BatchOutcome(IdOf(item, idMember), error!.Status, null, ErrorDetail.Of(error));
        }

        var reported = await reporting.ReportAsync(request.Tenant, [.. inputs.Select(input => input.Input)], EndpointOf(request), request.Cancelled);
        foreach (var ((index, input), outcome) in inputs.Zip(reported))
        {
            outcomes[index] = outcome.Error is { } error
                ? new BatchOutcome(input.RequestId, error.Status, null, ErrorDetail.Of(error))
                : new BatchOutcome(input.RequestId, outcome.IsNew ? 201 : 200, outcome.Request, null);
        }

        return ApiResult.Ok(new BatchResponse(outcomes!), RequestsJson.Default.BatchResponse);
    }

    private static (UsageInput? Input, ApiError? Error) ReadEvent(JsonElement item) =>
        ReadEvent(item, item.TryGetProperty("data", out var data) ? data : default);

    private static (UsageInput? Input, ApiError? Error) ReadEvent(JsonElement attributes, JsonElement data)
    {
        if (data.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined))
            return (null, ApiError.Validation(Issue.At("data", "data must be an object with the usage.")));
        // Attributes may be extended (CloudEvents 1.0, 3.1); data are ours.
        if (BodyCheck.FindUnknown(data, typeof(EventDataBody)) is { } unknown) return (null, unknown);
        var (named, used) = (new RequestFields(attributes), new RequestFields(data.ValueKind == JsonValueKind.Object ? data : JsonElement.Parse("{}"u8)));
        var input = UsageFields.ReadEvent(named, used);
        return (input, named.Error ?? used.Error);
    }

    private static JsonElement AttributesOf(Microsoft.AspNetCore.Http.IHeaderDictionary headers)
    {
        var attributes = new System.Text.Json.Nodes.JsonObject();
        foreach (var (name, value) in headers)
        {
            // Values are percent-encoded (CloudEvents, HTTP protocol binding, 3.1.3.2).
            if (name.StartsWith("ce-", StringComparison.OrdinalIgnoreCase)) attributes[name[3..].ToLowerInvariant()] = Uri.UnescapeDataString(value.ToString());
        }

        return JsonElement.Parse(attributes.ToJsonString());
    }

    private static string? IdOf(JsonElement item, string member) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(member, out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;

    private static string EndpointOf(ManagementRequest request)
    {
        var http = request.Http.Request;
        return $"POST {http.Scheme}://{http.Host}{http.Path}";
    }
}
