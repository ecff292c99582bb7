using Lava.Core.Catalogue;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Lists;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Accounts.ProviderKeys;

/// <summary><c>/v1/provider_keys</c>, our own addition: the keys behind <c>provider_key_type: "stored"</c> (rest-api.md §2.6).</summary>
internal sealed class StoredKeyEndpoints(ManagementApi api, StoredKeyStore store, ProviderCatalogue catalogue) : IEndpoints
{
    /// <summary>Longest id of a provider that is looked for.</summary>
    private const int MaxId = 100;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "GET", "/provider_keys", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            if (page.Cursor is not null && !IsId(page.Cursor)) return ListQuery.UnknownCursor();
            var sets = await store.ListAsync(request.Tenant, page, request.Cancelled);
            return ApiResult.Ok(
                Paging.Of<ProviderKeyResponse>([.. sets.Select(Show)], page.Limit, keys => keys.Provider),
                StoredKeysWire.Default.ListResponseProviderKeyResponse);
        }).Describe(Operation.List(
            "listProviderKeys",
            "Account",
            "List the providers for which keys are stored.",
            typeof(ListResponse<ProviderKeyResponse>)));

        api.Map(routes, "GET", "/provider_keys/{id}", async request =>
            IdOf(request) is { } id && await store.FindAsync(request.Tenant, id, request.Cancelled) is { } found
                ? ApiResult.Ok(Show(found.Set), StoredKeysWire.Default.ProviderKeyResponse)
                : ApiError.NotFound("provider key"))
            .Describe(Operation.Read(
                "getProviderKeys",
                "Account",
                "Show that keys are stored for a provider; the keys are never shown.",
                typeof(ProviderKeyResponse)));

        api.Map(routes, "PUT", "/provider_keys/{id}", async request =>
        {
            // Every provider of the catalogue takes a key: there is no style of authentication without one.
            if (catalogue.FindProvider(request.Id) is not { } provider) return ApiError.NotFound("provider");
            var fields = request.Fields();
            var keys = StoredKeyFields.Read(fields);
            if (fields.Error is { } invalid) return invalid;
            return ApiResult.Ok(Show(await store.SetAsync(request.Tenant, provider.Id, keys, request.Cancelled)), StoredKeysWire.Default.ProviderKeyResponse);
        }).Describe(Operation.Change(
            "setProviderKeys",
            "Account",
            "Store one to ten of your own keys for a provider. They replace earlier ones. Calls use them before the operator's.",
            typeof(ProviderKeysBody),
            typeof(ProviderKeyResponse)));

        api.Map(routes, "DELETE", "/provider_keys/{id}", async request =>
            IdOf(request) is { } id && await store.DeleteAsync(request.Tenant, id, request.Cancelled)
                ? ApiResult.Deleted(id)
                : ApiError.NotFound("provider key"))
            .Describe(Operation.Read("deleteProviderKeys", "Account", "Delete the stored keys for a provider at once.", typeof(DeletedResponse)));

        // A provider that has left the catalogue is still found by its id, for its keys must go some day.
        string? IdOf(ManagementRequest request) => catalogue.FindProvider(request.Id)?.Id ?? (IsId(request.Id) ? request.Id : null);
    }

    private static bool IsId(string text) => text.Length is > 0 and <= MaxId && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    private static ProviderKeyResponse Show(StoredKeySet set) => new(set.Provider, set.Previews, set.CreatedAt, set.UpdatedAt);
}
