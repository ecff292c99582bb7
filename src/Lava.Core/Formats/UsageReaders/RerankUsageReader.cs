using Lava.Core.Formats.Answers;
using Lava.Core.Pricing;

namespace Lava.Core.Formats.UsageReaders;

/// <summary>Meters rerankings: Cohere bills searches (docs.cohere.com/reference/rerank), Jina and Voyage tokens (api.jina.ai/docs,
/// docs.voyageai.com/reference/reranker-api).</summary>
internal sealed class RerankUsageReader : UsageReader
{
    private const int Searches = 0, Usage = 1, Id = 2, Model = 3;

    private static readonly JsonShape TheShape = new("meta.billed_units.search_units", "usage", "id", "model");

    public override JsonShape Shape => TheShape;

    protected override void TakeMembers(JsonScanner json)
    {
        Name(json.Value(Id), json.Value(Model));
        if (json.Value(Usage).StartsWith("{"u8)) Report(OpenAiUsage.Read(json.Value(Usage)));
        if (UsageNumbers.TryAmount(json.Value(Searches), out var searches))
            Report(new UsageReport { HasUsage = true, Usage = new Usage { SearchUnits = (long)decimal.Ceiling(searches) } });
    }
}
