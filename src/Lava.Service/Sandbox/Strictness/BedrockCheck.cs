using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;

namespace Lava.Service.Sandbox.Strictness;

/// <summary>What Bedrock's Converse refuses (docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse), in its words.</summary>
internal sealed class BedrockCheck(ModelProfile profile, string model)
{
    private static readonly FormatRules Rules = FormatRules.Of(WireFormat.BedrockConverse);

    public SandboxRefusal? Of(JsonElement body) => Fault(body) is { } fault ? new SandboxRefusal(fault) : null;

    private static string? Messages(List<JsonElement> messages, bool hasTools)
    {
        if (messages.Count == 0) return "The messages field in the request is empty. Add a message and try again.";
        var calls = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < messages.Count; i++)
        {
            var role = messages[i].At("role").Word();
            if (role is not ("user" or "assistant"))
            {
                return $"1 validation error detected: Value '{role}' at 'messages.{i + 1}.member.role' failed to satisfy constraint: Member must satisfy enum "
                    + "value set: [user, assistant]";
            }

            if (i == 0 && role == "assistant")
                return "A conversation must start with a user message. Try again with a conversation that starts with a user message.";
            if (i > 0 && messages[i - 1].At("role").Word() == role)
            {
                return "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles "
                    + "and try again.";
            }

            var blocks = messages[i].At("content").List();
            if (blocks.Count == 0)
                return $"The content field in the Message object at messages.{i} is empty. Add a ContentBlock object to the content field and try again.";
            foreach (var (block, at) in blocks.Select((block, at) => (block, at)))
            {
                if (block.At("text") is { ValueKind: JsonValueKind.String } text && string.IsNullOrWhiteSpace(text.GetString()))
                    return $"The text field in the ContentBlock object at messages.{i}.content.{at} is blank. Add text to the text field, and try again.";
                if (!hasTools && (block.At("toolUse").IsGiven() || block.At("toolResult").IsGiven()))
                    return "The toolConfig field must be defined when using toolUse and toolResult content blocks.";
                if (block.At("reasoningContent").At("reasoningText") is { ValueKind: JsonValueKind.Object } thoughts
                    && thoughts.At("signature").Word() != SandboxThoughts.Sign(thoughts.At("text").Word() ?? ""))
                {
                    return $"The model returned the following errors: messages.{i}.content.{at}: Invalid `signature` in `thinking` block";
                }

                if (block.At("toolResult") is { ValueKind: JsonValueKind.Object } result && !calls.Remove(result.At("toolUseId").Word() ?? ""))
                    return $"The number of toolResult blocks at messages.{i}.content exceeds the number of toolUse blocks of previous turn.";
            }

            if (calls.Count > 0) return $"Expected toolResult blocks at messages.{i}.content for the following Ids: {string.Join(", ", calls)}";
            foreach (var call in blocks.Select(block => block.At("toolUse")).Where(call => call.IsObject()))
            {
                var id = call.At("toolUseId").Word() ?? "";
                if (id.Length is 0 or > 64 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
                {
                    return $"1 validation error detected: Value '{id}' at 'messages.{i + 1}.member.content.1.member.toolUse.toolUseId' failed to satisfy "
                        + "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+";
                }

                calls.Add(id);
            }
        }

        return null;
    }

    private static string? Tools(JsonElement config)
    {
        if (!config.IsGiven()) return null;
        var tools = config.At("tools").List();
        if (tools.Count == 0)
        {
            return "1 validation error detected: Value '[]' at 'toolConfig.tools' failed to satisfy constraint: Member must have length greater than or equal "
                + "to 1";
        }

        foreach (var (spec, at) in tools.Select((tool, at) => (tool.At("toolSpec"), at)).Where(entry => entry.Item1.IsObject()))
        {
            var name = spec.At("name").Word();
            if (name is null || !Rules.IsToolName(name))
            {
                return $"1 validation error detected: Value '{name}' at 'toolConfig.tools.{at + 1}.member.toolSpec.name' failed to satisfy constraint: Member "
                    + $"must satisfy regular expression pattern: [a-zA-Z0-9_-]+, with length less than or equal to {Rules.LongestToolName}";
            }

            if (spec.At("inputSchema").At("json").At("type").Word() != "object")
                return $"The value at toolConfig.tools.{at}.toolSpec.inputSchema.json.type must be one of the following: object.";
        }

        return null;
    }

    private string? Fault(JsonElement body)
    {
        var (config, inference, fields) = (body.At("toolConfig"), body.At("inferenceConfig"), body.At("additionalModelRequestFields"));
        if (body.At("system").List().Any(block => block.At("text") is { ValueKind: JsonValueKind.String } text && string.IsNullOrWhiteSpace(text.GetString())))
            return "The text field in the SystemContentBlock object is blank. Add text to the text field, and try again.";
        if (Messages(body.At("messages").List(), config.IsGiven()) is { } wrong) return wrong;
        if (Tools(config) is { } tools) return tools;
        if (inference.At("temperature").Number() is < 0 or > 1)
        {
            return $"1 validation error detected: Value '{inference.At("temperature").Number()}' at 'inferenceConfig.temperature' failed to satisfy "
                + "constraint: Member must have value less than or equal to 1";
        }

        var most = inference.At("maxTokens").Number();
        if (profile.MaxOutputTokens is { } bound && most > bound)
        {
            return $"The maximum tokens you requested exceeds the model limit of {bound}. Try again with a maximum tokens value that is lower than {bound}.";
        }

        if (!model.Contains("claude", StringComparison.Ordinal)) return null;
        var last = body.At("messages").List()[^1];
        if (profile.Prefill == false && last.At("role").Word() == "assistant")
        {
            return "The model returned the following errors: This model does not support assistant message prefill. The conversation must end with a user "
                + "message.";
        }

        var isForced = config.At("toolChoice").At("any").IsGiven() || config.At("toolChoice").At("tool").IsGiven();
        var sampling = (inference.At("temperature").Number(), inference.At("topP").Number(), fields.At("top_k").Number());
        var effort = fields.At("output_config").At("effort").Word();
        return ClaudeRules.Fault(profile, fields.At("thinking"), effort, sampling, most, isForced) is { } fault
            ? $"The model returned the following errors: {fault}"
            : null;
    }
}
