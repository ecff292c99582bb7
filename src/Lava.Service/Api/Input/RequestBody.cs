using Microsoft.AspNetCore.Http;

namespace Lava.Service.Api.Input;

/// <summary>Reads a request's body whole: it must be known before the call is sent, because model and size decide whether it may be. The memory is not pooled:
/// a connection may still be sending it when the provider has answered early, and a pooled buffer would by then hold another merchant's bytes.</summary>
internal static class RequestBody
{
    private const int FirstBytes = 8_192;

    /// <summary>Whether a body has a content coding. Only the gateway undoes one.</summary>
    public static bool IsEncoded(HttpRequest request) =>
        request.Headers.ContentEncoding is { Count: > 0 } codings && !codings.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a body of at most <paramref name="limit"/> bytes; null when it is longer.</summary>
    /// <param name="body">The body.</param>
    /// <param name="declared">Its length, where the client declared it.</param>
    /// <param name="limit">Most bytes.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(Stream body, long? declared, int limit, CancellationToken cancellationToken)
    {
        if (declared > limit) return null;
        if (declared == 0) return ReadOnlyMemory<byte>.Empty;
        var buffer = GC.AllocateUninitializedArray<byte>((int)(declared ?? FirstBytes));
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (declared is not null) return buffer;
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0) return buffer.AsMemory(0, length);
            length += read;

            // Not a conditional expression: beside a memory, null would become an empty one, and a body that is too long would pass for none.
            if (length > limit) return null;
        }
    }
}
