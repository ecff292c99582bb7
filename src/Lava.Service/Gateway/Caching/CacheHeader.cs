using System.Globalization;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Calls;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Caching;

/// <summary>The header by which a client asks for the cache, <c>ttl=SECONDS</c>, and by which it is told what became of that: <c>hit</c>, <c>miss</c> or
/// <c>bypass</c> (docs/gateway.md).</summary>
internal static class CacheHeader
{
    /// <summary>Its name, both ways.</summary>
    public const string Name = "x-lava-cache";

    private const string Prefix = "ttl=";

    /// <summary>Thirty days.</summary>
    private const int MaxSeconds = 2_592_000;

    /// <summary>Reads it; false where it is malformed. From here on the answer tells that the cache was not asked.</summary>
    /// <param name="http">The request.</param>
    /// <param name="time">How old an answer may be; null without the header.</param>
    public static bool TryRead(HttpContext http, out TimeSpan? time)
    {
        time = null;
        if (!http.Request.Headers.TryGetValue(Name, out var given)) return true;
        var text = given.ToString();
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)
            || !int.TryParse(text.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > MaxSeconds)
                return false;
        time = TimeSpan.FromSeconds(seconds);
        http.Response.Headers[Name] = "bypass";
        return true;
    }

    /// <summary>What a client is told whose header cannot be read.</summary>
    public static ApiError Malformed() =>
        ApiError.Validation(Issue.At(Name, $"{Name} must be {Prefix} and a whole number of seconds from 1 to {MaxSeconds}, such as {Prefix}3600."));

    /// <summary>Tells what became of it.</summary>
    public static void Write(HttpResponse response, ForwardCall call)
    {
        if (call.Incoming.CacheTime is not null) response.Headers[Name] = call.Kept is not null ? "hit" : call.AnswerKey is not null ? "miss" : "bypass";
    }

    /// <summary>How old the answer of a call is that was kept, whole seconds (RFC 9111 §5.1).</summary>
    public static string Age(ForwardCall call) =>
        ((long)Math.Max(0, (call.Incoming.CreatedAt - call.Kept!.At).TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
