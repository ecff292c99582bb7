using System.Text.Json;
using Lava.Core.Keys;
using Lava.Core.Money;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Api.Lists;
using Lava.Service.Ledger.Books;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Admin.Merchants;

/// <summary><c>/v1/admin/merchants</c>: merchants, their state, keys and wallets.</summary>
internal sealed class MerchantEndpoints(AdminApi api, MerchantStore merchants, MerchantCare care) : IEndpoints
{
    private const string Path = "/v1/admin/merchants";
    private const int MaxBody = 16 * 1024;
    private const decimal MostCorrected = 1_000_000;

    private static readonly string[] Modes = ["test", "live"];

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", Path, async http =>
        {
            var (json, error) = await RequestJson.ReadBodyAsync(http, MaxBody);
            if (error is not null) return error;
            var fields = new RequestFields(json);
            var name = fields.Text("name", isRequired: true);
            if (fields.Error is { } invalid) return invalid;
            var made = await care.CreateAsync(name!, AdminApi.AddressOf(http));
            var merchant = made.Merchant;
            return ApiResult.Created(
                new NewMerchantResponse(
                    merchant.Id,
                    merchant.Name,
                    merchant.LiveWalletId,
                    made.LiveKey,
                    merchant.TestWalletId,
                    made.TestKey,
                    merchant.CreatedAt),
                AdminWire.Default.NewMerchantResponse);
        }).Describe(Operation.Created(
            "createMerchant",
            Operation.OperatorTag,
            "Create a merchant. Needs the operator's admin secret. The merchant's keys are shown once.",
            typeof(NameBody),
            typeof(NewMerchantResponse)));

        api.Map(routes, "GET", Path, async http =>
        {
            if (ListQuery.TryRead(http.Request.Query, out var page) is { } invalid) return invalid;
            if (page.Cursor is not null && !MerchantStore.IsId(page.Cursor)) return ListQuery.UnknownCursor();
            var name = http.Request.Query["name"].ToString();
            IReadOnlyList<Merchant> found;
            if (name.Length == 0) found = await merchants.ListAsync(page.Limit + 1, page.Cursor, http.RequestAborted);
            else
            {
                var after = page.Cursor is null ? null : await merchants.FindAsync(page.Cursor, http.RequestAborted);
                if (page.Cursor is not null && after is null) return ListQuery.UnknownCursor();
                found = await merchants.ListByNameAsync(name, page.Limit + 1, after, http.RequestAborted);
            }

            var shown = found.Select(MerchantResponse.Of).ToList();
            return ApiResult.Ok(Paging.Of(shown, page.Limit, merchant => merchant.MerchantId), AdminWire.Default.ListResponseMerchantResponse);
        }).Describe(Operation.List(
            "listMerchants",
            Operation.OperatorTag,
            "List merchants, oldest first; with name those whose names begin so, by name.",
            typeof(ListResponse<MerchantResponse>),
            "name"));

        api.Map(routes, "GET", Path + "/{id}", async http =>
            await care.FindAsync(RouteText.Of(http, "id"), http.RequestAborted) is { } state
                ? ApiResult.Ok(MerchantDetailResponse.Of(state), AdminWire.Default.MerchantDetailResponse)
                : ApiError.NotFound("merchant"))
            .Describe(Operation.Read(
                "getMerchant",
                Operation.OperatorTag,
                "Show a merchant with its state and its wallets' balances.",
                typeof(MerchantDetailResponse)));

        api.Map(routes, "POST", Path + "/{id}/suspend", async http =>
        {
            var (json, error) = await RequestJson.ReadBodyAsync(http, MaxBody);
            if (error is not null) return error;
            var fields = new RequestFields(json);
            var reason = fields.Text("reason", isRequired: true);
            if (fields.Error is { } invalid) return invalid;
            var id = RouteText.Of(http, "id");
            return await care.SuspendAsync(id, reason!, AdminApi.AddressOf(http)) ? await ShowAsync(id, http) : ApiError.NotFound("merchant");
        }).Describe(Operation.Change(
            "suspendMerchant",
            Operation.OperatorTag,
            "Suspend a merchant: its calls are refused with 403 merchant_suspended until it is resumed. Everything is kept.",
            typeof(SuspendBody),
            typeof(MerchantDetailResponse)));

        api.Map(routes, "POST", Path + "/{id}/resume", async http =>
        {
            var id = RouteText.Of(http, "id");
            return await care.ResumeAsync(id, AdminApi.AddressOf(http)) ? await ShowAsync(id, http) : ApiError.NotFound("merchant");
        }).Describe(Operation.Read("resumeMerchant", Operation.OperatorTag, "Let a suspended merchant's calls in again.", typeof(MerchantDetailResponse)));

        api.Map(routes, "POST", Path + "/{id}/rotate_keys", async http =>
        {
            var (json, error) = await RequestJson.ReadBodyAsync(http, MaxBody);
            if (error is not null) return error;
            var fields = new RequestFields(json);
            var mode = fields.Word("mode", Modes, isRequired: true);
            if (fields.Error is { } invalid) return invalid;
            if (await care.RotateAsync(RouteText.Of(http, "id"), ModeOf(mode!), AdminApi.AddressOf(http)) is not (var key, var raw))
                return ApiError.NotFound("merchant");
            return ApiResult.Created(new RotatedKeyResponse(key.Id, raw, mode!, key.CreatedAt), AdminWire.Default.RotatedKeyResponse);
        }).Describe(Operation.Created(
            "rotateMerchantKeys",
            Operation.OperatorTag,
            "Create a secret key in a mode and revoke all others of that mode at once. Its value is shown once.",
            typeof(RotateBody),
            typeof(RotatedKeyResponse)));

        api.Map(routes, "POST", Path + "/{id}/adjustments", async http =>
        {
            var (json, error) = await RequestJson.ReadBodyAsync(http, MaxBody);
            if (error is not null) return error;
            var fields = new RequestFields(json);
            var mode = fields.Word("mode", Modes, isRequired: true);
            var amount = ReadSigned(fields);
            var description = fields.Text("description", isRequired: true);
            var name = http.Request.Headers["Idempotency-Key"].ToString();
            if (name.Length is 0 or > 255)
                fields.Fail("Send an Idempotency-Key of 1 to 255 characters: a correction is made once for each.", "Idempotency-Key");
            if (fields.Error is { } invalid) return invalid;
            var id = RouteText.Of(http, "id");
            var (made, refused) = await care.CorrectAsync(id, ModeOf(mode!), name, amount, description!, AdminApi.AddressOf(http));
            if (refused is not null) return refused;
            return ApiResult.Created(
                new CorrectionResponse(EntryId.Of(null, made!.Entry), id, mode!, Amount.Trimmed(made.Amount), made.Description, made.At),
                AdminWire.Default.CorrectionResponse);
        }).Describe(Operation.Created(
            "adjustWallet",
            Operation.OperatorTag,
            "Add money to a merchant's wallet or take it, by hand. Needs an Idempotency-Key; each makes one ledger entry, for good.",
            typeof(CorrectionBody),
            typeof(CorrectionResponse)));
    }

    /// <summary>Reads a signed amount of money, other than 0.</summary>
    /// <param name="text">Such as <c>5.00</c> or <c>-5.00</c>.</param>
    /// <param name="amount">The amount.</param>
    /// <returns>Whether it is one.</returns>
    internal static bool TryReadSigned(string text, out decimal amount)
    {
        var isTaken = text.StartsWith('-');
        if (!Amount.TryParse(isTaken ? text[1..] : text, out amount) || amount is <= 0 or > MostCorrected) return false;
        if (isTaken) amount = -amount;
        return true;
    }

    private async ValueTask<ApiResult> ShowAsync(string id, HttpContext http) =>
        ApiResult.Ok(MerchantDetailResponse.Of((await care.FindAsync(id, http.RequestAborted))!), AdminWire.Default.MerchantDetailResponse);

    private static decimal ReadSigned(RequestFields fields)
    {
        var value = fields.Raw("amount");
        if (value.ValueKind == JsonValueKind.String && TryReadSigned(value.GetString()!, out var amount)) return amount;
        fields.Fail("amount must be a decimal string other than 0, such as \"5.00\" or \"-5.00\", up to 1000000.", "amount");
        return 0;
    }

    private static Mode ModeOf(string word) => word == "live" ? Mode.Live : Mode.Test;
}
