using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;

namespace Lava.Service.Sandbox.Strictness;

/// <summary>What Anthropic's messages refuse (platform.claude.com/docs/en/api/messages), in its words: a path of the body and what is wrong there. Those who
/// imitate them check the conversation and its tools only.</summary>
internal sealed class AnthropicCheck(ModelProfile profile, string model, bool isAnthropic = true)
{
    private static readonly FormatRules Rules = FormatRules.Of(WireFormat.Anthropic);

    private static readonly HashSet<string> Known = BodyJson.Names(
        "model messages max_tokens metadata stop_sequences stream system temperature thinking tool_choice tools top_k top_p service_tier container "
            + "context_management mcp_servers output_config output_format inference_geo speed cache_control fallbacks diagnostics user_profile_id "
            + "anthropic_version anthropic_beta betas");

    public SandboxRefusal? Of(JsonElement body) => Fault(body) is { } fault ? new SandboxRefusal(fault) : null;

    /// <summary>What is wrong with the turns of a conversation; null for nothing.</summary>
    private string? Messages(List<JsonElement> messages, bool thinksByBudget)
    {
        if (messages.Count == 0) return "messages: at least one message is required";
        var calls = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < messages.Count; i++)
        {
            var role = messages[i].At("role").Word();
            if (role is not ("user" or "assistant" or "system")) return $"messages.{i}.role: Input should be 'user' or 'assistant'";
            if (i == 0 && role == "assistant") return "messages: first message must use the \"user\" role";
            var content = messages[i].At("content");
            var blocks = content.List();
            if (!content.IsGiven()) return $"messages.{i}.content: Field required";
            var isLast = i == messages.Count - 1;
            var isEmpty = content.IsList() ? blocks.Count == 0 : content.Word()?.Length == 0;

            // Claude Code goes on after a summary with an empty system message, and Anthropic answers.
            if (isEmpty && role != "system" && !(isLast && role == "assistant"))
                return $"messages.{i}: all messages must have non-empty content except for the optional final assistant message";
            if (Blank(content, blocks) is { } blank) return blank;
            if (Results(blocks, i, calls) is { } wrong) return wrong;
            var forged = blocks.FindIndex(block => block.At("type").Word() == "thinking"
                && block.At("signature").Word() != SandboxThoughts.Sign(block.At("thinking").Word() ?? ""));
            if (forged >= 0) return $"messages.{i}.content.{forged}: Invalid `signature` in `thinking` block";
            if (calls.Count > 0)
            {
                return $"messages.{i - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", calls)}. Each "
                    + "`tool_use` block must have a corresponding `tool_result` block in the next message.";
            }

            foreach (var (block, at) in blocks.Select((block, at) => (block, at)).Where(entry => entry.block.At("type").Word() == "tool_use"))
            {
                if (block.At("id").Word() is not { } id) return $"messages.{i}.content.{at}.tool_use.id: Field required";
                if (id.Length == 0 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
                    return $"messages.{i}.content.{at}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'";
                if (!block.At("input").IsObject()) return $"messages.{i}.content.{at}.tool_use.input: Input should be a valid dictionary";
                calls.Add(id);
            }

            if (thinksByBudget && role == "assistant" && calls.Count > 0 && i >= messages.Count - 2
                && blocks[0].At("type").Word() is not ("thinking" or "redacted_thinking"))
            {
                return $"messages.{i}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{blocks[0].At("type").Word()}`. When `thinking` "
                    + "is enabled, a final `assistant` message must start with a thinking block.";
            }
        }

        if (messages[^1].At("role").Word() != "assistant") return null;
        if (profile.Prefill == false) return "This model does not support assistant message prefill. The conversation must end with a user message.";
        var text = messages[^1].At("content").Word() ?? messages[^1].At("content").List().LastOrDefault().At("text").Word();
        return text?.Length > 0 && char.IsWhiteSpace(text[^1]) ? "messages: final assistant content cannot end with trailing whitespace" : null;
    }

    private static string? Blank(JsonElement content, List<JsonElement> blocks)
    {
        var texts = blocks.Where(block => block.At("type").Word() == "text").Select(block => block.At("text").Word())
            .Concat(blocks.SelectMany(block => block.At("content").List()).Where(block => block.At("type").Word() == "text").Select(b => b.At("text").Word()))
            .Append(content.Word());
        foreach (var text in texts.OfType<string>())
        {
            if (text.Length == 0 && content.IsList()) return "messages: text content blocks must be non-empty";
            if (string.IsNullOrWhiteSpace(text) && text.Length > 0) return "messages: text content blocks must contain non-whitespace text";
        }

        return null;
    }

    private static string? Results(List<JsonElement> blocks, int i, HashSet<string> calls)
    {
        foreach (var (block, at) in blocks.Select((block, at) => (block, at)).Where(entry => entry.block.At("type").Word() == "tool_result"))
        {
            var id = block.At("tool_use_id").Word();
            if (id is null) return $"messages.{i}.content.{at}.tool_result.tool_use_id: Field required";
            if (!calls.Remove(id))
            {
                return $"messages.{i}.content.{at}: unexpected `tool_use_id` found in `tool_result` blocks: {id}. Each `tool_result` block must have a "
                    + "corresponding `tool_use` block in the previous message.";
            }
        }

        return null;
    }

    private static string? Tools(JsonElement body)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (tool, at) in body.At("tools").List().Select((tool, at) => (tool, at)))
        {
            if (tool.At("type").Word() is not (null or "custom")) continue;
            if (tool.At("name").Word() is not { } name) return $"tools.{at}.custom.name: Field required";
            if (!Rules.IsToolName(name)) return $"tools.{at}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,{Rules.LongestToolName}}}$'";
            if (!names.Add(name)) return "tools: Tool names must be unique.";
            var schema = tool.At("input_schema");
            if (!schema.IsObject()) return $"tools.{at}.custom.input_schema: Field required";
            if (!schema.At("type").IsGiven()) return $"tools.{at}.custom.input_schema.type: Field required";
            if (schema.At("type").Word() != "object") return $"tools.{at}.custom.input_schema.type: Input should be 'object'";
        }

        return body.At("tool_choice").IsGiven() && !body.At("tools").IsGiven() ? "tool_choice: tool_choice may only be specified while providing tools" : null;
    }

    private string? Fault(JsonElement body)
    {
        if (!body.At("messages").IsGiven()) return "messages: Field required";
        if (body.At("max_tokens").Number() is not { } most) return "max_tokens: Field required";
        if (most < 1) return "max_tokens: Input should be greater than or equal to 1";
        if (!isAnthropic) return Tools(body) ?? Messages(body.At("messages").List(), thinksByBudget: false);
        if (body.Stranger(Known) is { } stranger) return $"{stranger}: Extra inputs are not permitted";
        if (profile.MaxOutputTokens is { } bound && most > bound)
            return $"max_tokens: {most} > {bound}, which is the maximum allowed number of output tokens for {model}";
        var thinking = body.At("thinking");
        var isForced = body.At("tool_choice").At("type").Word() is "any" or "tool";
        var sampling = (body.At("temperature").Number(), body.At("top_p").Number(), body.At("top_k").Number());
        if (ClaudeRules.Fault(profile, thinking, body.At("output_config").At("effort").Word(), sampling, most, isForced) is { } fault) return fault;
        if (body.At("system").List().Any(part => string.IsNullOrWhiteSpace(part.At("text").Word())))
            return "system: text content blocks must contain non-whitespace text";
        if (body.At("stop_sequences").List().Any(stop => string.IsNullOrWhiteSpace(stop.Word())))
            return "stop_sequences: each stop sequence must contain non-whitespace";
        if (body.At("metadata").At("user_id").Word()?.Length > Rules.LongestUser)
            return $"metadata.user_id: String should have at most {Rules.LongestUser} characters";
        return Tools(body) ?? Messages(body.At("messages").List(), thinking.At("type").Word() == "enabled");
    }
}
