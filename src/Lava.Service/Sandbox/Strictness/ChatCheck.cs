using System.Text.Json;
using Lava.Core.Catalogue.Profiles;

namespace Lava.Service.Sandbox.Strictness;

/// <summary>What OpenAI's chat completions refuse (platform.openai.com/docs/api-reference/chat). Those who imitate them check the conversation only.</summary>
internal sealed class ChatCheck(ModelProfile profile, bool isOpenAi)
{
    private const int LongestCallId = 40;
    private const int MostStops = 4;

    private static readonly HashSet<string> Known = BodyJson.Names(
        "model messages audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens metadata modalities n "
            + "parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_retention prompt_cache_options reasoning_effort response_format "
            + "safety_identifier seed service_tier stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity "
            + "web_search_options moderation");

    public SandboxRefusal? Of(JsonElement body)
    {
        var messages = body.At("messages");
        if (!messages.IsGiven()) return OpenAiRules.Missing("messages");
        if (messages.List().Count == 0)
        {
            return new SandboxRefusal(
                "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
                "messages",
                "empty_array");
        }

        var refusal = Messages(messages.List()) ?? Thoughts(body);
        if (refusal is not null || !isOpenAi) return refusal;
        if (body.Stranger(Known) is { } stranger) return new SandboxRefusal($"Unknown parameter: '{stranger}'.", stranger, "unknown_parameter");
        return Model(body) ?? Tools(body) ?? Settings(body);
    }

    private static SandboxRefusal? Messages(List<JsonElement> messages)
    {
        var waiting = new List<string>();
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            var role = message.At("role").Word();
            if (role is not ("system" or "developer" or "user" or "assistant" or "tool" or "function"))
            {
                return new SandboxRefusal(
                    $"Invalid value: '{role}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.",
                    $"messages[{i}].role",
                    "invalid_value");
            }

            if (role == "tool")
            {
                var id = message.At("tool_call_id").Word();
                if (id is null) return OpenAiRules.Missing($"messages[{i}].tool_call_id");
                if (!waiting.Remove(id))
                {
                    return new SandboxRefusal(
                        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
                        $"messages.[{i}].role");
                }

                continue;
            }

            if (waiting.Count > 0) return Unanswered(waiting);
            var calls = message.At("tool_calls").List();
            foreach (var (call, at) in calls.Select((call, at) => (call, at)))
            {
                var id = call.At("id").Word();
                if (id is null) return OpenAiRules.Missing($"messages[{i}].tool_calls[{at}].id");
                if (OpenAiRules.TooLong($"messages[{i}].tool_calls[{at}].id", id, LongestCallId) is { } tooLong) return tooLong;
                waiting.Add(id);
            }

            var content = message.At("content");
            var isSilent = role == "assistant" && (calls.Count > 0 || message.At("function_call").IsGiven() || message.At("refusal").IsGiven()
                || message.At("audio").IsGiven());
            if (!content.IsGiven() && !isSilent)
                return new SandboxRefusal("Invalid value for 'content': expected a string, got null.", $"messages.[{i}].content");
            if (content.IsList() && content.List().Count == 0 && !isSilent)
            {
                return new SandboxRefusal(
                    $"Invalid 'messages[{i}].content': empty array. Expected an array with minimum length 1, but got an empty array instead.",
                    $"messages[{i}].content",
                    "empty_array");
            }
        }

        return waiting.Count > 0 ? Unanswered(waiting) : null;
    }

    /// <summary>Calls without the thoughts that led to them (api-docs.deepseek.com/guides/thinking_mode).</summary>
    private SandboxRefusal? Thoughts(JsonElement body)
    {
        if (!profile.WantsThoughts || !SandboxThoughts.AreAllowed(body)) return null;
        var isMissing = body.At("messages").List()
            .Any(message => message.At("tool_calls").List().Count > 0 && message.At("reasoning_content").Word() is null);
        return isMissing ? new SandboxRefusal("The `reasoning_content` in the thinking mode must be passed back to the API.") : null;
    }

    private static SandboxRefusal Unanswered(List<string> ids) => new(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have "
            + $"response messages: {string.Join(", ", ids)}",
        "messages");

    private SandboxRefusal? Model(JsonElement body)
    {
        if (profile.ResponsesOnly)
            return new SandboxRefusal("This model is only supported in v1/responses and not in v1/chat/completions.", "model", null, 404);
        var effort = body.At("reasoning_effort");
        if (OpenAiRules.Model(body, profile, effort, "reasoning_effort") is { } refusal) return refusal;
        var isIdle = effort.Word() == "none" || (!effort.IsGiven() && !profile.ReasonsByDefault);
        if (profile.ReasonsWithToolsInResponsesOnly && !isIdle && body.At("tools").List().Count > 0)
        {
            return new SandboxRefusal(
                $"Function tools with reasoning_effort are not supported for {body.At("model").Word()} in /v1/chat/completions. To use function tools, use "
                    + "/v1/responses or set reasoning_effort to 'none'.",
                "reasoning_effort");
        }

        if (profile.Reasoning == true && body.At("max_tokens").IsGiven())
        {
            return new SandboxRefusal(
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                "max_tokens",
                "unsupported_parameter");
        }

        if (!profile.TakesStops && body.At("stop").IsGiven()) return OpenAiRules.Unsupported("stop");
        foreach (var penalty in new[] { "presence_penalty", "frequency_penalty" })
        {
            if (!profile.TakesPenalties && body.At(penalty).Number() is not (null or 0)) return OpenAiRules.Unsupported(penalty);
        }

        if (profile.Reasoning == true && !isIdle && body.At("logprobs").ValueKind == JsonValueKind.True) return OpenAiRules.Unsupported("logprobs");
        var most = body.At("max_completion_tokens").Number() ?? body.At("max_tokens").Number();
        return profile.MaxOutputTokens is { } bound && most > bound
            ? new SandboxRefusal(
                $"max_tokens is too large: {most}. This model supports at most {bound} completion tokens, whereas you provided {most}.",
                "max_tokens",
                "invalid_value")
            : null;
    }

    private static SandboxRefusal? Tools(JsonElement body)
    {
        foreach (var (tool, at) in body.At("tools").List().Select((tool, at) => (tool, at)))
        {
            switch (tool.At("type").Word())
            {
                case "function" when !tool.At("function").IsObject(): return OpenAiRules.Missing($"tools[{at}].function");
                case "function" when OpenAiRules.Function(tool.At("function"), $"tools[{at}].function") is { } refusal: return refusal;
                case "function" or "custom": continue;
                case null: return OpenAiRules.Missing($"tools[{at}].type");
                case var type:
                    return new SandboxRefusal(
                        $"Invalid value: '{type}'. Supported values are: 'function' and 'custom'.",
                        $"tools[{at}].type",
                        "invalid_value");
            }
        }

        return OpenAiRules.Choice(body, "tool_choice", "parallel_tool_calls");
    }

    private static SandboxRefusal? Settings(JsonElement body)
    {
        if (body.At("stop").List().Count > MostStops)
        {
            return new SandboxRefusal(
                $"Invalid 'stop': array too long. Expected an array with maximum length {MostStops}, but got an array with length "
                    + $"{body.At("stop").List().Count} instead.",
                "stop",
                "array_above_max_length");
        }

        if (body.At("stream_options").IsGiven() && body.At("stream").ValueKind != JsonValueKind.True)
            return new SandboxRefusal("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
        var format = body.At("response_format");
        if (format.At("type").Word() == "json_object" && !body.At("messages").GetRawText().Contains("json", StringComparison.OrdinalIgnoreCase))
        {
            return new SandboxRefusal(
                "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
                "messages");
        }

        var schema = format.At("json_schema");
        if (format.At("type").Word() != "json_schema") return null;
        if (schema.At("name").Word() is not { } name) return OpenAiRules.Missing("response_format.json_schema.name");
        return OpenAiRules.AnswerSchema(schema.At("schema"), name, schema.At("strict").ValueKind == JsonValueKind.True, "response_format");
    }
}
