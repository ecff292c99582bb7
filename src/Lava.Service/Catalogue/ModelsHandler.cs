using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Service.Catalogue.Views;
using Lava.Service.Errors;
using Lava.Service.Gateway;
using Lava.Service.Keys;
using Lava.Service.SpendKeys;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Catalogue;

/// <summary><c>/v1/models</c>, also where clients look for it below a base address of theirs. Anonymous, but a credential that does not authenticate is told so rather than overlooked.</summary>
internal sealed class ModelsHandler(ProviderCatalogue catalogue, Authenticator authenticator, SpendKeyStore spendKeys, TimeProvider time)
{
    // The catalogue never changes while the service runs.
    private readonly Lazy<byte[]> _all = new(() => JsonSerializer.SerializeToUtf8Bytes(CatalogueViews.Models(catalogue), ViewsJson.Default.ModelList));

    /// <summary>Answers.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var carried = GatewayCaller.Carried(http.Request, http.Request.Query["key"]).ToList();
        var credential = carried.Find(text => text.StartsWith(SpendKeyStore.RawPrefix, StringComparison.Ordinal) || text.StartsWith("aks_", StringComparison.Ordinal)) ?? carried.FirstOrDefault();
        if (credential?.StartsWith(SpendKeyStore.RawPrefix, StringComparison.Ordinal) == true)
        {
            // A key that is limited to models or providers sees these. A paused one does too: its calls are refused, not its name.
            var spender = await spendKeys.AuthenticateAsync(credential, http.RequestAborted);
            if (spender is null || spender.Key.IsExpired(time.GetUtcNow())) await ErrorWriter.WriteAsync(http, ApiError.SpendKeyInvalid());
            else await WriteAsync(http, JsonSerializer.SerializeToUtf8Bytes(CatalogueViews.Models(catalogue, offer => spender.Key.Allows(offer.Provider.Id, offer.Model.Id)), ViewsJson.Default.ModelList));
        }
        else if (credential is not null && await authenticator.AuthenticateAsync(credential, http.RequestAborted) is null) await ErrorWriter.WriteAsync(http, ApiError.SecretKeyInvalid());
        else await WriteAsync(http, _all.Value);
    }

    private static async Task WriteAsync(HttpContext http, byte[] body)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
