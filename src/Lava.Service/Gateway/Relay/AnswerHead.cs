using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Caching;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Upstream;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Relay;

/// <summary>Status and headers of the response to a call.</summary>
internal static class AnswerHead
{
    /// <summary>Writes the status and headers of a provider's answer to the response, with those of Lava's own.</summary>
    public static void Copy(HttpContext http, ForwardCall call, HttpResponseMessage answer)
    {
        var response = http.Response;
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.NonValidated) Add(name, values);
        foreach (var (name, values) in answer.Content.Headers.NonValidated) Add(name, values);
        if (call.Translation?.Adapted is { Count: > 0 } adapted) response.Headers["x-lava-adapted"] = string.Join(", ", adapted);
        var conversation = call.Translation as ConversationTranslation;
        if (conversation is not null || (call.Translation is not null && !answer.IsSuccessStatusCode))
        {
            // What described the provider's bytes does not describe the translated ones.
            response.Headers.ContentEncoding = default;
            response.ContentType = answer.IsSuccessStatusCode ? conversation!.AnswerType : "application/json";
        }
        else if (call.IsFiltered) response.Headers.ContentEncoding = default;
        else if ((!call.WithholdsUsage || !answer.IsSuccessStatusCode) && answer.Headers.TransferEncodingChunked != true)
        {
            // A length beside chunks says nothing (RFC 9112 §6.3).
            response.ContentLength = answer.Content.Headers.ContentLength;
        }

        response.Headers["server-timing"] = string.Create(
            CultureInfo.InvariantCulture,
            $"lava;dur={Stopwatch.GetElapsedTime(call.Incoming.Started, call.Sent).TotalMilliseconds:0.###}, "
                + $"provider;dur={Stopwatch.GetElapsedTime(call.Sent, call.Answered).TotalMilliseconds:0.###}");
        if (call.Kept is not null) response.Headers.Age = CacheHeader.Age(call);
        if (call.Entry is not { } entry) return;
        response.Headers["x-lava-provider"] = call.Provider.Id;
        response.Headers["x-lava-model"] = call.ModelName;
        response.Headers["x-lava-fallback-index"] = entry.ToString(CultureInfo.InvariantCulture);

        void Add(string name, HeaderStringValues values)
        {
            if (!HeaderRules.IsReturned(call.IsManaged, name)) return;
            response.Headers[name] = name.Equals("content-type", StringComparison.OrdinalIgnoreCase)
                ? HeaderRules.TypeOf(values.ToString())
                : values.Count == 1 ? values.ToString() : values.ToArray();
        }
    }

    /// <summary>Ends a response that cannot be whole: as an error if nothing of it is on its way yet, otherwise by closing the connection without its
    /// end.</summary>
    /// <exception cref="AnswerCutException">A part of it is on its way.</exception>
    public static async Task CutAsync(HttpContext http, ApiError error)
    {
        if (http.Response.HasStarted) throw new AnswerCutException();
        var (requestId, cache) = (http.Response.Headers["x-lava-request-id"], http.Response.Headers[CacheHeader.Name]);
        http.Response.Clear();
        http.Response.Headers["x-lava-request-id"] = requestId;
        http.Response.Headers[CacheHeader.Name] = cache;
        await ErrorWriter.WriteAsync(http, error);
    }
}
