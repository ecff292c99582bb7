using System.Text.Json;
using Lava.Core.Catalogue.Profiles;

namespace Lava.Service.Sandbox.Strictness;

/// <summary>What OpenAI's Responses refuse (platform.openai.com/docs/api-reference/responses). Those who imitate them check the conversation only.</summary>
internal sealed class ResponsesCheck(ModelProfile profile, bool isOpenAi)
{
    private const int LeastOutput = 16;
    private const int LongestCallId = 64;

    private static readonly HashSet<string> Known = BodyJson.Names(
        "background context_management conversation include input instructions max_output_tokens max_tool_calls metadata model moderation parallel_tool_calls "
            + "previous_response_id prompt prompt_cache_key prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream "
            + "stream_options temperature text tool_choice tools top_logprobs top_p truncation user client_metadata");

    public SandboxRefusal? Of(JsonElement body)
    {
        var input = body.At("input");
        var isStored = body.At("previous_response_id").IsGiven() || body.At("conversation").IsGiven() || body.At("prompt").IsGiven();
        if (!input.IsGiven() && !isStored) return OpenAiRules.Missing("input");
        if (input.IsList() && Items(input.List(), isStored) is { } refusal) return refusal;
        if (!isOpenAi) return null;
        if (body.Stranger(Known) is { } stranger) return new SandboxRefusal($"Unknown parameter: '{stranger}'.", stranger, "unknown_parameter");
        return OpenAiRules.Model(body, profile, body.At("reasoning").At("effort"), "reasoning.effort") ?? Output(body) ?? Tools(body);
    }

    private static SandboxRefusal? Items(List<JsonElement> items, bool isStored)
    {
        if (items.Count == 0 && !isStored)
        {
            return new SandboxRefusal(
                "Invalid 'input': empty array. Expected an array with minimum length 1, but got an empty array instead.",
                "input",
                "empty_array");
        }

        // What a reference stands for is not here, so that calls and answers cannot be told apart.
        if (isStored || items.Any(item => item.At("type").Word() == "item_reference")) return null;
        var waiting = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            var type = items[i].At("type").Word();
            var id = items[i].At("call_id").Word();
            if (type is "function_call" or "custom_tool_call")
            {
                if (id is null) return OpenAiRules.Missing($"input[{i}].call_id");
                if (OpenAiRules.TooLong($"input[{i}].call_id", id, LongestCallId) is { } tooLong) return tooLong;
                waiting.Add(id);
            }
            else if (type is "function_call_output" or "custom_tool_call_output" && !waiting.Remove(id ?? ""))
                return new SandboxRefusal($"No tool call found for function call output with call_id {id}.", "input");
            else if (type is null or "message" && items[i].At("role").Word() is not ("system" or "developer" or "user" or "assistant") and var role)
            {
                return new SandboxRefusal(
                    $"Invalid value: '{role}'. Supported values are: 'assistant', 'system', 'developer', and 'user'.",
                    $"input[{i}].role",
                    "invalid_value");
            }
        }

        return waiting.Count == 0 ? null : new SandboxRefusal($"No tool output found for function call {waiting.First()}.", "input");
    }

    private SandboxRefusal? Output(JsonElement body)
    {
        var most = body.At("max_output_tokens").Number();
        if (most < LeastOutput)
        {
            return new SandboxRefusal(
                $"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= {LeastOutput}, but got {most} instead.",
                "max_output_tokens",
                "integer_below_min_value");
        }

        if (profile.MaxOutputTokens is { } bound && most > bound)
        {
            return new SandboxRefusal(
                $"Invalid 'max_output_tokens': integer above maximum value. Expected a value <= {bound}, but got {most} instead.",
                "max_output_tokens",
                "integer_above_max_value");
        }

        var format = body.At("text").At("format");
        if (format.At("type").Word() == "json_object" && !body.At("input").GetRawText().Contains("json", StringComparison.OrdinalIgnoreCase)
            && body.At("instructions").Word()?.Contains("json", StringComparison.OrdinalIgnoreCase) != true)
        {
            return new SandboxRefusal(
                "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
                "input");
        }

        if (format.At("type").Word() != "json_schema") return null;
        if (format.At("name").Word() is not { } name) return OpenAiRules.Missing("text.format.name");
        return OpenAiRules.AnswerSchema(format.At("schema"), name, format.At("strict").ValueKind == JsonValueKind.True, "text.format.schema");
    }

    private static SandboxRefusal? Tools(JsonElement body)
    {
        foreach (var (tool, at) in body.At("tools").List().Select((tool, at) => (tool, at)))
        {
            if (tool.At("type").Word() is not { } type) return OpenAiRules.Missing($"tools[{at}].type");
            if (type == "function" && OpenAiRules.Function(tool, $"tools[{at}]") is { } refusal) return refusal;
        }

        // Codex summarises its sessions with parallel_tool_calls and without tools, and OpenAI answers.
        return OpenAiRules.Choice(body, "tool_choice");
    }
}
