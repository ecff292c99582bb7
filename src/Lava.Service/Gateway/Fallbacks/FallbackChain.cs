namespace Lava.Service.Gateway.Fallbacks;

/// <summary>What is tried in turn; null where nothing is.</summary>
internal sealed record FallbackChain(IReadOnlyList<Fallback>? Fallbacks);
