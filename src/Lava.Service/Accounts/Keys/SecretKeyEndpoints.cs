using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Lists;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Accounts.Keys;

/// <summary><c>/v1/secret_keys</c> (rest-api.md §13).</summary>
internal sealed class SecretKeyEndpoints(ManagementApi api, SecretKeyStore store) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", "/secret_keys", async request =>
        {
            var fields = request.Fields();
            var name = fields.Text("name", isRequired: true);
            if (fields.Error is { } invalid) return invalid;
            var (key, raw, error) = await store.CreateAsync(request.Tenant, name!, request.Cancelled);
            return error is null ? ApiResult.Created(Wire(key!) with { SecretKey = raw }, KeysJson.Default.SecretKeyResponse) : error;
        }).Describe(Operation.Created(
            "createSecretKey",
            "Keys",
            "Create a secret key; its value is shown once.",
            typeof(NameBody),
            typeof(SecretKeyResponse)));

        api.Map(routes, "GET", "/secret_keys", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            var keys = await store.ListAsync(request.Tenant, page, request.Cancelled);
            if (keys is null) return ListQuery.UnknownCursor();
            return ApiResult.Ok(
                Paging.Of<SecretKeyResponse>([.. keys.Select(Wire)], page.Limit, key => key.SecretKeyId),
                KeysJson.Default.ListResponseSecretKeyResponse);
        }).Describe(Operation.List("listSecretKeys", "Keys", "List active secret keys.", typeof(ListResponse<SecretKeyResponse>)));

        api.Map(routes, "DELETE", "/secret_keys/{id}", async request =>
            await store.RevokeAsync(request.Tenant, request.Id, request.Cancelled) is { } error ? error : ApiResult.Deleted(request.Id))
            .Describe(Operation.Read("revokeSecretKey", "Keys", "Revoke a secret key, at least 15 seconds after its creation.", typeof(DeletedResponse)));
    }

    private static SecretKeyResponse Wire(StoredSecretKey key) => new(key.Id, key.Name, key.Hint, key.CreatedAt, null);
}
