using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Calls;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Lava.Service.Gateway.Intake;

/// <summary>Reads the body of a call whole, as it must be known before the call is sent: model and size decide whether it may be. The buffer grows with what
/// arrives, takes its room as it grows, and the whole upload has a deadline. The memory is not pooled: a connection may still be sending it when the provider
/// has answered early, and a pooled buffer would by then hold another merchant's bytes.</summary>
internal sealed class BodyReader(BodyRoom room, IOptions<GatewayOptions> options, TimeProvider time)
{
    private const int FirstBytes = 16 * 1_024;

    /// <summary>Reads a body, without its content coding. Its room is given back when the request ends.</summary>
    public async ValueTask<(ReadOnlyMemory<byte> Body, ApiError? Error)> ReadAsync(HttpContext http, string merchantId)
    {
        var limit = options.Value.MaxBodyBytes;
        var declared = http.Request.ContentLength;
        if (!BodyCoding.TryRead(http.Request.Headers.ContentEncoding, out var codings))
        {
            http.Response.Headers.AcceptEncoding = BodyCoding.Known;
            return (default, ApiError.EncodingUnsupported(BodyCoding.Known));
        }

        if (declared > limit) return (default, ApiError.TooLarge(limit));
        if (declared == 0 || http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false) return default;
        var place = room.Open(merchantId);
        http.Response.RegisterForDispose(place);
        var (body, error) = await ReadAsync(http, place, declared, limit);

        // Decoded only when all of it is here: a decoder may hold megabytes, which a slow upload must not keep.
        foreach (var coding in codings)
        {
            if (error is null) (body, error) = BodyCoding.Decode(coding, body, place, limit);
        }

        return (body, error);
    }

    private async ValueTask<(ReadOnlyMemory<byte> Body, ApiError? Error)> ReadAsync(HttpContext http, BodyRoom.Place place, long? declared, int limit)
    {
        // A short body needs no deadline of its own: the server's least rate ends it within a minute or so.
        using var deadline = declared is null or > FirstBytes ? new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.UploadSeconds), time) : null;
        using var onAbort = deadline is null ? default : http.RequestAborted.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), deadline);
        try
        {
            var buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(declared ?? FirstBytes, FirstBytes));
            if (place.TryTake(buffer.Length) is { } none) return (default, none);
            var length = 0;
            while (true)
            {
                if (length == buffer.Length)
                {
                    if (length == declared) return (buffer, null);

                    // Twice as much, but no more than can still come: one byte over the limit tells that it is too long.
                    var size = (int)Math.Min(2L * buffer.Length, declared ?? limit + 1L);
                    if (length > limit) return (default, ApiError.TooLarge(limit));
                    if (place.TryTake(size - buffer.Length) is { } refused) return (default, refused);
                    Array.Resize(ref buffer, size);
                }

                var read = await http.Request.Body.ReadAsync(buffer.AsMemory(length), deadline?.Token ?? http.RequestAborted);
                if (read == 0) return length > limit ? (default, ApiError.TooLarge(limit)) : (buffer.AsMemory(0, length), null);
                length += read;
            }
        }
        catch (OperationCanceledException) when (deadline?.IsCancellationRequested == true && !http.RequestAborted.IsCancellationRequested)
        {
            return (default, ApiError.UploadTooSlow());
        }
        catch (BadHttpRequestException fault)
        {
            return (default, fault.StatusCode switch { 413 =>
                ApiError.TooLarge(limit), 408 => ApiError.UploadTooSlow(), _ => ApiError.InvalidJson("The request body could not be read.") });
        }
    }
}
