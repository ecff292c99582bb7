using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Texts continued, in OpenAI's shape (platform.openai.com/docs/api-reference/completions): <c>n</c> choices for each prompt.</summary>
internal static class CompletionAnswers
{
    public static SandboxReply Reply(SandboxCall call)
    {
        var finish = call.IsCut ? "length" : "stop";
        if (call.IsStream)
            return SandboxReply.Events(Chunks(call, finish), SandboxReply.Event(SandboxErrors.Body(SandboxDialect.OpenAi, 500, SandboxErrors.MidStream)));
        var choices = new JsonArray();
        for (var i = 0L; i < call.Choices; i++)
        {
            choices.Add((JsonNode)new JsonObject { ["text"] = call.AnswerText, ["index"] = i, ["logprobs"] = null, ["finish_reason"] = finish });
        }

        var body = Envelope(call);
        body["choices"] = choices;
        if (call.HasUsage) body["usage"] = Usage(call);
        return SandboxReply.Json(body);
    }

    private static IEnumerable<byte[]> Chunks(SandboxCall call, string finish)
    {
        var asksForUsage = call.HasUsage
            && call.Member("stream_options") is { } options
            && options.TryGetProperty("include_usage", out var flag)
            && flag.ValueKind == JsonValueKind.True;
        var head = SandboxJson.Text(Envelope(call))[..^1];
        var usage = asksForUsage ? ",\"usage\":null" : "";
        var part = $$$"""{"text":"{{{ChunkTemplate.Hole}}}","index":{{{ChunkTemplate.Hole}}},"logprobs":null,"finish_reason":{{{ChunkTemplate.Hole}}}}""";
        var template = new ChunkTemplate(SandboxReply.EventText($$$"""{{{head}}},"choices":[{{{part}}}]{{{usage}}}}"""));
        var running = "null"u8.ToArray();
        for (var choice = 0L; choice < call.Choices; choice++)
        {
            var index = SandboxJson.Number(choice);
            for (var word = 0L; word < call.WordCount; word++) yield return template.Fill(call.Words.Json(word), index, running);
            yield return template.Fill([], index, SandboxJson.Bytes(finish));
        }

        if (asksForUsage) yield return SandboxReply.Event($$"""{{head}},"choices":[],"usage":{{SandboxJson.Text(Usage(call))}}}""");
        yield return SandboxReply.Event("[DONE]");
    }

    private static JsonObject Envelope(SandboxCall call) =>
        new() { ["id"] = call.Id("cmpl-", 29), ["object"] = "text_completion", ["created"] = call.Created, ["model"] = call.Model };

    /// <summary>Answers that <c>best_of</c> made and did not return are billed too.</summary>
    private static JsonObject Usage(SandboxCall call)
    {
        var output = call.OutputTokens * call.BilledChoices;
        return new JsonObject { ["prompt_tokens"] = call.InputTokens, ["completion_tokens"] = output, ["total_tokens"] = call.InputTokens + output };
    }
}
