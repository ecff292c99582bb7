using System.Globalization;
using System.Text.Json;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Pricing.Plans;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Customers.Portal;

/// <summary>Our own addition: <c>/v1/portal_sessions</c>, links with which customers look after their plan, credits and cards.</summary>
internal sealed class PortalEndpoints(ManagementApi api, PortalStore store, CustomerStore customers, PlanStore plans, TimeProvider time) : IEndpoints
{
    private const int MostPlans = 50;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) =>
        api.Map(routes, "POST", "/portal_sessions", async request =>
        {
            var fields = request.Fields();
            var customerId = fields.Text("customer_id", isRequired: true);
            var back = fields.Address("return_url", isRequired: true);
            var origin = ReadOrigin(fields);
            var planIds = ReadPlans(fields);
            if (fields.Error is { } invalid) return invalid;
            if (await customers.FindAsync(request.Tenant, customerId!, request.Cancelled) is not { } found) return ApiError.NotFound("customer");
            foreach (var planId in planIds ?? [])
                if (await plans.FindAsync(request.Tenant, planId, request.Cancelled) is null) return ApiError.NotFound("plan");

            var now = time.GetUtcNow();
            var session = new PortalSession
            {
                Id = Id.Create(PortalStore.Prefix, request.Tenant.Mode, now),
                MerchantId = request.Tenant.MerchantId,
                IsLive = request.Tenant.Mode == Mode.Live,
                CustomerId = found.Customer.Id,
                ReturnUrl = AsciiAddress.Of(back!).AbsoluteUri,
                EmbedOrigin = origin,
                PlanIds = planIds,
                CreatedAt = now,
                ExpiresAt = now + PortalSession.LinkLifetime,
            };
            var secret = await store.AddAsync(session, request.Cancelled);
            return ApiResult.Created(
                new PortalSessionResponse(
                    session.Id,
                    new Uri(ServerAddress.Of(request.Http.Request), "portal/open/" + secret),
                    session.CustomerId,
                    session.ReturnUrl,
                    session.EmbedOrigin,
                    session.PlanIds,
                    session.ExpiresAt,
                    session.CreatedAt),
                PortalWire.Default.PortalSessionResponse);
        }).Describe(Operation.Created(
            "createPortalSession",
            "Checkout",
            "Create a link that opens the customer portal once, within ten minutes.",
            typeof(PortalSessionBody),
            typeof(PortalSessionResponse)));

    private static string? ReadOrigin(RequestFields fields)
    {
        if (fields.Address("embed_origin") is not { } address) return null;
        if (address.AbsolutePath == "/" && address.Query.Length == 0 && address.Fragment.Length == 0 && address.UserInfo.Length == 0 && PlainHost.Is(address))
            return AsciiAddress.Origin(address);
        fields.Fail("embed_origin must be the origin of the page that frames the portal, such as https://shop.example.", "embed_origin");
        return null;
    }

    private static List<string>? ReadPlans(RequestFields fields)
    {
        var value = fields.Raw("plan_ids");
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MostPlans)
        {
            fields.Fail($"plan_ids must be a list of at most {MostPlans} plans.", "plan_ids");
            return null;
        }

        var ids = new List<string>();
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            if (item.ValueKind == JsonValueKind.String) ids.Add(item.GetString()!);
            else fields.Fail("This must be the id of a plan.", "plan_ids", index.ToString(CultureInfo.InvariantCulture));
        }

        return ids;
    }
}
