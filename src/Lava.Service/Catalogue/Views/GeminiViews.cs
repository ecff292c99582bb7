using Lava.Core.Catalogue;

namespace Lava.Service.Catalogue.Views;

/// <summary>The catalogue as Google's clients are shown it: what they can call.</summary>
internal static class GeminiViews
{
    private static readonly string[] Chat = ["generateContent", "streamGenerateContent", "countTokens"];
    private static readonly string[] Embeddings = ["embedContent", "batchEmbedContents"];

    /// <summary>The models, each name once.</summary>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="isAllowed">Which offers the caller may see; null for all.</param>
    public static IEnumerable<GeminiModelEntry> Models(ProviderCatalogue catalogue, Func<ModelOffer, bool>? isAllowed) => catalogue.Offers
        .Where(offer => isAllowed?.Invoke(offer) ?? true)
        .OrderByDescending(offer => offer.Provider.FirstParty)
        .Select(Model)
        .OfType<GeminiModelEntry>()
        .DistinctBy(entry => entry.Name, StringComparer.Ordinal);

    /// <summary>A model; null where Google's clients cannot call it.</summary>
    public static GeminiModelEntry? Model(ModelOffer offer) => Methods(offer) is { } methods
        ? new GeminiModelEntry("models/" + offer.Model.Id, offer.Model.Id, offer.Model.ContextTokens, offer.Model.MaxOutputTokens, methods)
        : null;

    private static string[]? Methods(ModelOffer offer) => offer.Model.Kind switch
    {
        EndpointKind.Chat => Chat,
        EndpointKind.Embeddings when offer.Provider.Endpoints.Any(endpoint => endpoint is { Kind: EndpointKind.Embeddings, Format: WireFormat.Gemini }) =>
            Embeddings,
        _ => null,
    };
}
