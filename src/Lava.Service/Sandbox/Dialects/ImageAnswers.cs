using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Images in OpenAI's shape (platform.openai.com/docs/api-reference/images): a pixel each. Models of the gpt-image family answer with base64 and count
/// tokens; others answer with an address unless asked for base64, and count nothing.</summary>
internal static class ImageAnswers
{
    /// <summary>A transparent PNG of one pixel.</summary>
    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

    public static SandboxReply Reply(SandboxCall call)
    {
        var countsTokens = call.Model.Contains("gpt-image", StringComparison.Ordinal);
        if (countsTokens && call.IsStream)
            return SandboxReply.Events(Events(call), SandboxReply.Event(SandboxErrors.Body(SandboxDialect.OpenAi, 500, SandboxErrors.MidStream), "error"));
        var isBase64 = countsTokens || (call.Text("response_format") ?? call.Form?["response_format"]) == "b64_json";
        var data = new JsonArray();
        for (var i = 0L; i < call.Images; i++)
        {
            var image = isBase64
                ? new JsonObject { ["b64_json"] = Pixel }
                : new JsonObject { ["url"] = $"https://sandbox.invalid/images/{call.Id("img-", 24)}-{i}.png" };
            data.Add((JsonNode)image);
        }

        var body = new JsonObject { ["created"] = call.Created, ["data"] = data };
        if (!countsTokens) return SandboxReply.Json(body);
        body["background"] = "opaque";
        body["output_format"] = "png";
        body["quality"] = "low";
        body["size"] = "1024x1024";
        if (call.HasUsage) body["usage"] = Usage(call, call.OutputTokens, call.InputTokens);
        return SandboxReply.Json(body);
    }

    /// <summary>An event for each image; the last one has the usage of all.</summary>
    private static IEnumerable<byte[]> Events(SandboxCall call)
    {
        var type = call.Endpoint.Path.EndsWith("/edits", StringComparison.Ordinal) ? "image_edit.completed" : "image_generation.completed";
        for (var i = 0L; i < call.Images; i++)
        {
            var isLast = i == call.Images - 1;
            var data = new JsonObject
            {
                ["type"] = type,
                ["b64_json"] = Pixel,
                ["created_at"] = call.Created,
                ["size"] = "1024x1024",
                ["quality"] = "low",
                ["background"] = "opaque",
                ["output_format"] = "png",
            };
            if (call.HasUsage && isLast) data["usage"] = Usage(call, call.OutputTokens, call.InputTokens);
            yield return SandboxReply.Event(data, type);
        }
    }

    private static JsonObject Usage(SandboxCall call, long output, long input) => new()
    {
        ["total_tokens"] = input + output,
        ["input_tokens"] = input,
        ["output_tokens"] = output,
        ["input_tokens_details"] = new JsonObject { ["text_tokens"] = input - call.CachedTokens, ["image_tokens"] = 0, ["cached_tokens"] = call.CachedTokens },
    };
}
