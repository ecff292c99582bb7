using System.Net;

namespace Lava.Service.Gateway.Caching;

/// <summary>An answer of a provider as it came, so that it is relayed again as if it came now.</summary>
/// <param name="At">When it was whole.</param>
/// <param name="Status">The provider's status.</param>
/// <param name="ContentType">Its media type; null where it named none.</param>
/// <param name="ContentEncoding">How its bytes are encoded; null where they are not.</param>
/// <param name="Body">The bytes as the provider sent them, before any translation.</param>
internal sealed record CachedAnswer(DateTimeOffset At, int Status, string? ContentType, string? ContentEncoding, ReadOnlyMemory<byte> Body)
{
    /// <summary>The answer as a provider gives it.</summary>
    public HttpResponseMessage ToMessage()
    {
        var content = new ReadOnlyMemoryContent(Body);
        if (ContentType is not null) content.Headers.TryAddWithoutValidation("content-type", ContentType);
        if (ContentEncoding is not null) content.Headers.TryAddWithoutValidation("content-encoding", ContentEncoding);
        return new HttpResponseMessage((HttpStatusCode)Status) { Content = content };
    }
}
