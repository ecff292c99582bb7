using Lava.Core.Catalogue;

namespace Lava.Core.Formats.Batches;

/// <summary>An answer among the results of a batch.</summary>
/// <param name="Key">What it is known again by within its batch: the same whenever and in whatever order the results are fetched.</param>
/// <param name="Endpoint">The endpoint that would have answered so at once; null where the provider has none like it.</param>
/// <param name="Summary">What it says of itself.</param>
public readonly record struct BatchAnswer(string Key, ProviderEndpoint? Endpoint, AnswerSummary Summary);
