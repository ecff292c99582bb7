using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Keys;
using Lava.Service.Api.Errors;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Fallbacks;

/// <summary>The fallbacks of a call: those of its header <c>x-lava-fallbacks</c>, or else the account's. An empty list in the header means none.</summary>
internal sealed class FallbackLookup(FallbackStore store, ProviderCatalogue catalogue)
{
    private const string Header = "x-lava-fallbacks";
    private const int MaxHeader = 8 * 1024;

    /// <summary>Finds the fallbacks of a call; a validation error where its header is wrong.</summary>
    public async ValueTask<(IReadOnlyList<Fallback> Fallbacks, ApiError? Error)> FindAsync(
        HttpRequest request,
        Tenant tenant,
        CancellationToken cancellationToken)
    {
        if (request.Headers.TryGetValue(Header, out var given)) return Read(given.ToString());
        return ((await store.GetCachedAsync(tenant, cancellationToken)).Fallbacks ?? [], null);
    }

    private (IReadOnlyList<Fallback> Fallbacks, ApiError? Error) Read(string header)
    {
        if (header.Length > MaxHeader) return ([], ApiError.Validation(Issue.At(Header, "The list of fallbacks is too long.")));
        try
        {
            using var list = JsonDocument.Parse(header);
            var issues = FallbackReader.Read(list.RootElement, catalogue, out var fallbacks);
            return issues.Count == 0
                ? (fallbacks, null)
                : ([], ApiError.Validation([.. issues.Select(issue => new Issue([Header, .. issue.Path], issue.Message))]));
        }
        catch (JsonException)
        {
            return (
                [],
                ApiError.Validation(Issue.At(
                    Header,
                    "Fallbacks must be a JSON list such as [{\"url\":\"api.openai.com/v1/chat/completions\",\"model\":\"gpt-4o-mini\"}].")));
        }
    }
}
