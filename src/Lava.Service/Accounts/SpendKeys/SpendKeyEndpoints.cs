using Lava.Core.Ids;
using Lava.Core.Money;
using Lava.Core.SpendKeys;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Lists;
using Lava.Service.Credentials;
using Lava.Service.Ports.Tables;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Accounts.SpendKeys;

/// <summary><c>/v1/spend_keys</c> and its older name <c>/v1/manage/spend_keys</c> (rest-api.md §14).</summary>
internal sealed class SpendKeyEndpoints(ManagementApi api, SpendKeyStore store, MerchantStore merchants, TimeProvider time) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "/spend_keys");
        var older = routes.MapGroup("");
        older.ExcludeFromDescription();
        Map(older, "/manage/spend_keys");
    }

    private void Map(IEndpointRouteBuilder routes, string path)
    {
        // Whoever has a spend key's value calls models with it.
        api.Map(routes, "POST", path, async request =>
        {
            var now = time.GetUtcNow();
            var raw = SpendKeyStore.NewRaw();
            var fields = request.Fields();
            var key = new SpendKey { Id = Id.Create(SpendKeyStore.Prefix, request.Tenant.Mode, now), Name = "", Hash = "", Preview = "", CreatedAt = now };
            key = SpendKeyFields.Apply(fields, SpendKeyStore.WithRaw(key, raw), now, isNew: true);
            if (fields.Error is { } invalid) return invalid;
            await store.AddAsync(request.Tenant, key, request.Cancelled);
            return ApiResult.Created(await ShowAsync(request, key) with { Key = raw }, SpendKeysWire.Default.SpendKeyResponse);
        }).Describe(Operation.Created(
            "createSpendKey",
            "Keys",
            "Create a spend key; its value is shown once.",
            typeof(CreateSpendKeyBody),
            typeof(SpendKeyResponse)) with { AlsoNeeds = Scopes.Gateway });

        api.Map(routes, "GET", path, async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            if (await store.ListAsync(request.Tenant, page, request.Cancelled) is not { } keys) return ListQuery.UnknownCursor();
            var shown = await Task.WhenAll(keys.Select(key => ShowAsync(request, key)));
            return ApiResult.Ok(Paging.Of<SpendKeyResponse>(shown, page.Limit, key => key.SpendKeyId), SpendKeysWire.Default.ListResponseSpendKeyResponse);
        }).Describe(Operation.List("listSpendKeys", "Keys", "List spend keys.", typeof(ListResponse<SpendKeyResponse>)));

        api.Map(routes, "GET", path + "/{id}", async request =>
            await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is { } found
                ? ApiResult.Ok(await ShowAsync(request, found.Key), SpendKeysWire.Default.SpendKeyResponse)
                : ApiError.NotFound("spend key"))
            .Describe(Operation.Read("getSpendKey", "Keys", "Show a spend key and its usage.", typeof(SpendKeyResponse)));

        // The SDK updates by PUT, as partially as all others do by PATCH.
        var update = Operation.Change(
            "updateSpendKey",
            "Keys",
            "Update a spend key. Missing members stay unchanged, null removes a limit.",
            typeof(UpdateSpendKeyBody),
            typeof(SpendKeyResponse));
        api.Map(routes, "PUT", path + "/{id}", UpdateAsync).Describe(update);
        api.Map(routes, "PATCH", path + "/{id}", UpdateAsync).StandFor(update);

        api.Map(routes, "DELETE", path + "/{id}", async request =>
        {
            for (var round = 0; ; round = OptimisticRetry.Next(round))
            {
                if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("spend key");
                if (await store.RevokeAsync(request.Tenant, found.Key, found.ETag, request.Cancelled)) return ApiResult.Success();
            }
        }).Describe(Operation.Read("revokeSpendKey", "Keys", "Revoke a spend key at once.", typeof(SuccessResponse)));

        api.Map(routes, "POST", path + "/{id}/rotate", async request =>
        {
            for (var round = 0; ; round = OptimisticRetry.Next(round))
            {
                if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("spend key");
                var raw = SpendKeyStore.NewRaw();
                var key = SpendKeyStore.WithRaw(found.Key, raw);
                if (await store.ReplaceAsync(request.Tenant, found.Key, key, found.ETag, request.Cancelled))
                    return ApiResult.Ok(await ShowAsync(request, key) with { Key = raw }, SpendKeysWire.Default.SpendKeyResponse);
            }
        }).Describe(Operation.Read(
            "rotateSpendKey",
            "Keys",
            "Rotate a spend key. The old value stops working at once.",
            typeof(SpendKeyResponse)) with { AlsoNeeds = Scopes.Gateway });

        async ValueTask<ApiResult> UpdateAsync(ManagementRequest request)
        {
            for (var round = 0; ; round = OptimisticRetry.Next(round))
            {
                if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("spend key");
                var fields = request.Fields();
                var key = SpendKeyFields.Apply(fields, found.Key, time.GetUtcNow());
                if (fields.Error is { } invalid) return invalid;
                if (await store.ReplaceAsync(request.Tenant, found.Key, key, found.ETag, request.Cancelled))
                    return ApiResult.Ok(await ShowAsync(request, key), SpendKeysWire.Default.SpendKeyResponse);
            }
        }

        async Task<SpendKeyResponse> ShowAsync(ManagementRequest request, SpendKey key)
        {
            var merchant = await merchants.GetAsync(request.Tenant.MerchantId, request.Cancelled);
            var usage = await store.UsageAsync(request.Tenant, key.Id, request.Cancelled);
            return Show(key, usage, merchant.WalletId(request.Tenant.Mode), time.GetUtcNow());
        }
    }

    private static SpendKeyResponse Show(SpendKey key, SpendKeyUsage usage, string walletId, DateTimeOffset now) => new(
        key.Id,
        key.Preview,
        key.Name,
        walletId,
        key.IsPaused ? "paused" : "active",
        key.ShapeWord(),
        key.AllowedModels,
        key.AllowedProviders,
        key.SpendLimit is null ? null : new SpendLimitResponse(Amount.Trimmed(key.SpendLimit.Amount), SpendKeyFields.Word(key.SpendLimit.Cycle)),
        Amount.Trimmed(usage.SpendIn(key.SpendCycle, now)),
        Amount.Trimmed(usage.TotalSpend),
        key.RequestLimit is null ? null : new RequestLimitResponse(key.RequestLimit.Count, SpendKeyFields.Word(key.RequestLimit.Cycle)),
        usage.RequestsIn(key.RequestCycle, now),
        usage.TotalRequests,
        key.RateLimit,
        key.ExpiresAt,
        usage.LastUsedAt,
        key.CreatedAt);
}
