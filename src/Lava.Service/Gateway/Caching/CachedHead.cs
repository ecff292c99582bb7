namespace Lava.Service.Gateway.Caching;

/// <summary>What of a kept answer goes before its body.</summary>
/// <param name="Status">The provider's status.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="ContentEncoding">Its encoding.</param>
internal sealed record CachedHead(int Status, string? ContentType, string? ContentEncoding);
