using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Keys;
using Lava.Service.Gateway.Upstream;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Caching;

/// <summary>What an answer is kept by: all of a call that its answer depends on. The client's format is no part of it, since what is kept is the provider's
/// answer; nor are metadata and customer, which no provider hears of.</summary>
internal static class AnswerKey
{
    private static readonly string[] AnswerHeaders = ["anthropic-", "openai-", "x-goog-"];

    /// <summary>The key of a call.</summary>
    /// <param name="call">The call, its body as it is sent.</param>
    /// <param name="request">The client's request.</param>
    /// <param name="upstream">Says which of its headers go on.</param>
    public static SealedKey Of(ForwardCall call, HttpRequest request, UpstreamClient upstream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, call.Tenant.Partition);
        Add(hash, call.Incoming.Method);
        Add(hash, call.Url.AbsoluteUri);

        // Who brings a key asks as its owner. The operator's and the merchant's stored keys are each one owner's, and take turns. The sandbox is no provider.
        Add(hash, call.KeySource.ToString());
        Add(hash, call.KeySource == KeySource.Unmanaged ? call.ProviderKey ?? "" : "");
        Add(hash, call.IsSandboxed ? "sandbox" : "provider");
        foreach (var (name, value) in HeadersOf(call, request, upstream).OrderBy(header => header.Name, StringComparer.Ordinal))
        {
            Add(hash, name);
            Add(hash, value);
        }

        Add(hash, call.Body.Span);
        return new SealedKey(call.Tenant.Partition, hash.GetHashAndReset(), "lava answer row"u8, "lava answer secret"u8);
    }

    private static IEnumerable<(string Name, string Value)> HeadersOf(ForwardCall call, HttpRequest request, UpstreamClient upstream)
    {
        foreach (var (given, values) in request.Headers)
        {
            var name = given.ToLowerInvariant();
            var counts = name is "content-type" or "accept-encoding" or "x-sandbox"
                || AnswerHeaders.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
            if (counts && upstream.Sends(call, name)) yield return (name, values.ToString());
        }
    }

    private static void Add(IncrementalHash hash, string text) => Add(hash, Encoding.UTF8.GetBytes(text));

    // With its length before it, so that no two lists of parts read alike.
    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
