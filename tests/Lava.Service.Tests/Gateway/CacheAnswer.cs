using System.Text;

namespace Lava.Service.Tests.Gateway;

/// <summary>An answer of the gateway, byte for byte, and what it says of the cache.</summary>
internal sealed record CacheAnswer(int Status, byte[] Bytes, string? Cache, string? Age, string RequestId, HttpResponseMessage Response)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public string? ContentType => Response.Content.Headers.ContentType?.ToString();
}
