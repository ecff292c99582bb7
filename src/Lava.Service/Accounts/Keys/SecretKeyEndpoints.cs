using System.Globalization;
using System.Text.Json;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Api.Lists;
using Lava.Service.Credentials;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Accounts.Keys;

/// <summary><c>/v1/secret_keys</c> (rest-api.md §13).</summary>
internal sealed class SecretKeyEndpoints(ManagementApi api, SecretKeyStore store) : IEndpoints
{
    private const int MaxScopes = 50;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", "/secret_keys", async request =>
        {
            var fields = request.Fields();
            var name = fields.Text("name", isRequired: true);
            var scopes = ReadScopes(fields);
            if (fields.Error is { } invalid) return invalid;

            // No key makes one that may do more than itself.
            var own = request.Caller.Scopes;
            if (scopes.Names is null && own.Names is not null) return ApiError.ScopesRequired();
            if (own.FirstMissing(scopes.Names ?? []) is { } missing) return ApiError.InsufficientScope(missing);
            var (key, raw, error) = await store.CreateAsync(request.Tenant, name!, scopes, request.Cancelled);
            return error is null ? ApiResult.Created(Wire(key!) with { SecretKey = raw }, KeysJson.Default.SecretKeyResponse) : error;
        }).Describe(Operation.Created(
            "createSecretKey",
            "Keys",
            "Create a secret key, limited to scopes or not; its value is shown once.",
            typeof(CreateSecretKeyBody),
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

    private static SecretKeyResponse Wire(StoredSecretKey key) => new(key.Id, key.Name, key.Hint, key.CreatedAt, null) { Scopes = key.Scopes };

    private static Scopes ReadScopes(RequestFields fields)
    {
        var value = fields.Raw("scopes");
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return Scopes.All;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > MaxScopes)
        {
            fields.Fail($"scopes must be a list of 1 to {MaxScopes} scopes. Leave it out for a key that can do everything.", "scopes");
            return Scopes.All;
        }

        var given = new List<string>();
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            if (item.ValueKind == JsonValueKind.String && Scopes.Words.Contains(item.GetString()!)) given.Add(item.GetString()!);
            else fields.Fail($"A scope must be one of: {string.Join(", ", Scopes.Words)}.", "scopes", index.ToString(CultureInfo.InvariantCulture));
        }

        return Scopes.Of([.. Scopes.Words.Where(given.Contains)]);
    }
}
