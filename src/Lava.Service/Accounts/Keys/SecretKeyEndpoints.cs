using Lava.Service.Api;
using Lava.Service.Api.Lists;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Accounts.Keys;

/// <summary><c>/v1/secret_keys</c> (rest-api.md §13).</summary>
internal static class SecretKeyEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapSecretKeys(this IEndpointRouteBuilder routes)
    {
        var store = routes.ServiceProvider.GetRequiredService<SecretKeyStore>();

        ManagementApi.Map(routes, "POST", "/secret_keys", async request =>
        {
            var fields = request.Fields();
            var name = fields.Text("name", isRequired: true);
            if (fields.Error is { } invalid) return invalid;
            var (key, raw, error) = await store.CreateAsync(request.Tenant, name!, request.Cancelled);
            return error is null ? ApiResult.Created(Wire(key!) with { SecretKey = raw }, KeysJson.Default.SecretKeyResponse) : error;
        });

        ManagementApi.Map(routes, "GET", "/secret_keys", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            var keys = await store.ListAsync(request.Tenant, page, request.Cancelled);
            if (keys is null) return ListQuery.UnknownCursor();
            return ApiResult.Ok(
                Paging.Of<SecretKeyResponse>([.. keys.Select(Wire)], page.Limit, key => key.SecretKeyId),
                KeysJson.Default.ListResponseSecretKeyResponse);
        });

        ManagementApi.Map(routes, "DELETE", "/secret_keys/{id}", async request =>
            await store.RevokeAsync(request.Tenant, request.Id, request.Cancelled) is { } error ? error : ApiResult.Deleted(request.Id));
    }

    private static SecretKeyResponse Wire(StoredSecretKey key) => new(key.Id, key.Name, key.Hint, key.CreatedAt, null);
}
