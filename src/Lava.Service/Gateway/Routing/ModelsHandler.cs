using System.Globalization;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Api;
using Lava.Service.Api.Errors;
using Lava.Service.Catalogue.Views;
using Lava.Service.Credentials;
using Lava.Service.Gateway.Intake;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Routing;

/// <summary><c>/v1/models</c> and <c>/v1/models/{model}</c>, the list also where clients look for it below a base address of theirs. Anonymous, but a
/// credential that does not authenticate is told so rather than overlooked.</summary>
internal sealed class ModelsHandler(ProviderCatalogue catalogue, Authenticator authenticator, SpendKeyStore spendKeys, TimeProvider time)
{
    /// <summary>Models on a page of Google's list unless asked otherwise, and at the most (ai.google.dev/api/models).</summary>
    private const int DefaultPage = 50, LargestPage = 1_000;

    // The catalogue never changes while the service runs.
    private readonly Lazy<byte[]> _all = new(() => JsonSerializer.SerializeToUtf8Bytes(CatalogueViews.Models(catalogue), ViewsJson.Default.ModelList));

    /// <summary>Answers with the list.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var (isAllowed, refused) = await FindCallerAsync(http);
        if (refused is not null) await ErrorWriter.WriteAsync(http, refused);
        else
        {
            await WriteAsync(
                http,
                isAllowed is null ? _all.Value : JsonSerializer.SerializeToUtf8Bytes(CatalogueViews.Models(catalogue, isAllowed), ViewsJson.Default.ModelList));
        }
    }

    /// <summary>Answers with one model of the list, by its id, an alias, or either after its provider's name.</summary>
    public async Task HandleOneAsync(HttpContext http)
    {
        // Clients escape the slash after a provider's name.
        var name = Uri.UnescapeDataString(http.Request.RouteValues["model"] as string ?? "");
        var (isAllowed, refused) = await FindCallerAsync(http);
        var offers = refused is null ? catalogue.FindProvidersOf(name).Where(offer => isAllowed?.Invoke(offer) ?? true).ToList() : [];
        if (offers.Count == 0) await ErrorWriter.WriteAsync(http, refused ?? ApiError.ModelNotFound(name, []));
        else await WriteAsync(http, JsonSerializer.SerializeToUtf8Bytes(CatalogueViews.Model(offers[0]), ViewsJson.Default.ModelEntry));
    }

    /// <summary>Answers with a page of the list in Google's form.</summary>
    public async Task HandleGeminiAsync(HttpContext http)
    {
        var (isAllowed, refused) = await FindCallerAsync(http);
        var query = http.Request.Query;
        var isPage = TryWhole(query["pageSize"], DefaultPage, out var size) & TryWhole(query["pageToken"], 0, out var from);
        if (!isPage)
            refused ??= ApiError.Validation(Issue.At("pageSize", "pageSize must be a number from 0, and pageToken one that a list has given."));
        if (refused is not null)
        {
            await ErrorWriter.WriteAsync(http, refused);
            return;
        }

        size = size == 0 ? DefaultPage : Math.Min(size, LargestPage);
        var page = GeminiViews.Models(catalogue, isAllowed).Skip(from).Take(size + 1).ToList();
        var next = page.Count > size ? (from + size).ToString(CultureInfo.InvariantCulture) : null;
        await WriteAsync(http, JsonSerializer.SerializeToUtf8Bytes(new GeminiModelList([.. page.Take(size)], next), ViewsJson.Default.GeminiModelList));
    }

    /// <summary>Answers with one model in Google's form.</summary>
    public async Task HandleGeminiOneAsync(HttpContext http)
    {
        var name = Uri.UnescapeDataString(http.Request.RouteValues["model"] as string ?? "");
        var (isAllowed, refused) = await FindCallerAsync(http);
        var offers = refused is null ? catalogue.FindProvidersOf(name).Where(offer => isAllowed?.Invoke(offer) ?? true) : [];
        var found = offers.Select(GeminiViews.Model).FirstOrDefault(entry => entry is not null);
        if (found is null) await ErrorWriter.WriteAsync(http, refused ?? ApiError.ModelNotFound(name, []));
        else await WriteAsync(http, JsonSerializer.SerializeToUtf8Bytes(found, ViewsJson.Default.GeminiModelEntry));
    }

    private static bool TryWhole(string? text, int otherwise, out int value)
    {
        value = otherwise;
        return string.IsNullOrEmpty(text) || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Which models the caller may see, null for all; or why it may see none.</summary>
    private async ValueTask<(Func<ModelOffer, bool>? IsAllowed, ApiError? Refused)> FindCallerAsync(HttpContext http)
    {
        var carried = GatewayCaller.Carried(http.Request, http.Request.Query["key"]).ToList();
        var credential = carried.Find(text => text.StartsWith(SpendKeyStore.RawPrefix, StringComparison.Ordinal)
            || text.StartsWith("aks_", StringComparison.Ordinal))
            ?? carried.FirstOrDefault();
        if (credential is null) return default;
        if (!credential.StartsWith(SpendKeyStore.RawPrefix, StringComparison.Ordinal))
        {
            return (
                null,
                await authenticator.AuthenticateAsync(credential, http.Connection.RemoteIpAddress, http.RequestAborted) is null
                    ? ApiError.SecretKeyInvalid()
                    : null);
        }

        // A key that is limited to models or providers sees these. A paused one does too: its calls are refused, not its name.
        var spender = await spendKeys.AuthenticateAsync(credential, http.Connection.RemoteIpAddress, http.RequestAborted);
        if (spender is null || spender.Key.IsExpired(time.GetUtcNow())) return (null, ApiError.SpendKeyInvalid());
        return (offer => spender.Key.Allows(offer.Provider.Id, offer.Model.Id), null);
    }

    private static Task WriteAsync(HttpContext http, byte[] body) => WholeAnswer.WriteAsync(http, "application/json", body);
}
