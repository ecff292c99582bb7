using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Gemini;

/// <summary>Reads a request to generate content; members may be spelled in camel or in snake case. What is not named here (<c>safetySettings</c>,
/// <c>responseLogprobs</c>,
/// <c>labels</c>) is left out.</summary>
internal static class GeminiRequestReader
{
    public static Conversation Read(JsonView body)
    {
        if (!body.IsGivenObject()) return new Conversation();
        body["cachedContent", "cached_content"].RefuseIfGiven("names a cache that is stored at Google, so other providers cannot read it");
        var contents = body["contents"];
        if (!contents.Exists) contents.Malformed("is missing");
        var parts = new GeminiPartReader();
        var config = body["generationConfig", "generation_config"];
        config.IsOptionalObject();
        if (config["candidateCount", "candidate_count"].Whole() > 1)
            config["candidateCount", "candidate_count"].Refuse("asks for more than one answer, which the provider's format does not support");
        config["speechConfig", "speech_config"].RefuseIfGiven("asks for speech, which is not translated");
        foreach (var modality in config["responseModalities", "response_modalities"].Items())
        {
            if (modality.Text() is not (null or "TEXT" or "text")) modality.Refuse("asks for more than text, which is not translated");
        }

        var tools = new List<Tool>();
        foreach (var tool in body["tools"].Items()) ReadTools(tool, tools);
        return new Conversation
        {
            Model = body["model"].Text() ?? "",
            System = ReadSystem(body["systemInstruction", "system_instruction"], parts),
            Turns = [.. contents.Items().Select(content => ReadContent(content, parts))],
            Tools = tools,
            ToolChoice = ReadChoice(body["toolConfig", "tool_config"]["functionCallingConfig", "function_calling_config"], tools),
            MaxTokens = config["maxOutputTokens", "max_output_tokens"].Whole(),
            Stop = config["stopSequences", "stop_sequences"].Texts(),
            Temperature = config["temperature"].Number(),
            TopP = config["topP", "top_p"].Number(),
            TopK = config["topK", "top_k"].Whole(),
            FrequencyPenalty = config["frequencyPenalty", "frequency_penalty"].Number(),
            PresencePenalty = config["presencePenalty", "presence_penalty"].Number(),
            Seed = config["seed"].Whole(),
            Output = ReadOutput(config),
            Reasoning = ReadThinking(config["thinkingConfig", "thinking_config"]),
        };
    }

    private static List<TextPart> ReadSystem(JsonView system, GeminiPartReader reader)
    {
        if (system.IsString) return [new TextPart(system.RequiredText())];
        if (!system.IsOptionalObject()) return [];
        var texts = new List<TextPart>();
        foreach (var part in system["parts"].Items())
        {
            if (reader.Read(part) is TextPart text) texts.Add(text);
            else part.Malformed("must be text");
        }

        return texts;
    }

    private static Turn ReadContent(JsonView content, GeminiPartReader reader)
    {
        if (!content.IsGivenObject()) return new Turn(false, []);
        var role = content["role"].Text();
        if (role is not (null or "user" or "model" or "function")) content["role"].Malformed("must be user or model");
        return new Turn(role == "model", [.. content["parts"].Items().Select(reader.Read).OfType<Part>()]);
    }

    private static void ReadTools(JsonView tool, List<Tool> tools)
    {
        if (!tool.IsGivenObject()) return;
        foreach (var member in tool.Members())
        {
            if (member.Name is not ("functionDeclarations" or "function_declarations"))
                member.RefuseIfGiven("is a tool of the provider's own, which is not translated");
        }

        foreach (var function in tool["functionDeclarations", "function_declarations"].Items())
        {
            if (!function.IsGivenObject()) continue;
            var schema = function["parametersJsonSchema", "parameters_json_schema"];
            var dialect = function["parameters"];
            dialect.IsOptionalObject();
            schema.IsOptionalObject();
            var parameters = schema.IsObject ? schema.Value : dialect.IsObject ? GeminiSchema.ToJsonSchema(dialect.Value) : default;
            tools.Add(new Tool(function["name"].RequiredText(), function["description"].Text(), parameters));
        }
    }

    private static ToolChoice ReadChoice(JsonView config, List<Tool> tools)
    {
        if (!config.IsOptionalObject()) return default;
        switch (config["mode"].Text()?.ToUpperInvariant())
        {
            case null or "MODE_UNSPECIFIED": return default;
            case "AUTO" or "VALIDATED": return new ToolChoice(ToolChoiceKind.Auto);
            case "NONE": return new ToolChoice(ToolChoiceKind.None);
            case "ANY":
                var names = config["allowedFunctionNames", "allowed_function_names"].Texts();
                if (names.Count == 1) return new ToolChoice(ToolChoiceKind.Named, names[0]);
                var allowed = names.ToHashSet(StringComparer.Ordinal);
                if (names.Count > 1 && tools.Any(tool => !allowed.Contains(tool.Name)))
                    config["allowedFunctionNames", "allowed_function_names"].Refuse("allows only some of the tools, which the provider's format does "
                        + "not support");
                return new ToolChoice(ToolChoiceKind.Any);
            default:
                config["mode"].Malformed("must be AUTO, ANY, NONE or VALIDATED");
                return default;
        }
    }

    private static OutputShape? ReadOutput(JsonView config)
    {
        switch (config["responseMimeType", "response_mime_type"].Text())
        {
            case null or "text/plain": return null;
            case "application/json":
                var schema = config["responseJsonSchema", "response_json_schema"];
                if (schema.IsOptionalObject()) return new OutputShape(schema.Value);
                var dialect = config["responseSchema", "response_schema"];
                return dialect.IsOptionalObject() ? new OutputShape(GeminiSchema.ToJsonSchema(dialect.Value)) : new OutputShape(default);
            default:
                config["responseMimeType", "response_mime_type"].Refuse("is a response format that is not translated");
                return null;
        }
    }

    private static Reasoning? ReadThinking(JsonView config)
    {
        if (!config.IsOptionalObject()) return null;
        var isShown = config["includeThoughts", "include_thoughts"].IsTrue;
        if (config["thinkingLevel", "thinking_level"].Text() is { } level && Reasoning.EffortOf(level.ToLowerInvariant()) is { } effort)
            return new Reasoning(effort, null) { IsShown = isShown };
        var budget = config["thinkingBudget", "thinking_budget"].Whole();
        if (budget >= 0) return new Reasoning(null, budget) { IsShown = isShown };

        // A budget of -1, or thoughts to be shown, leaves it to the model how much it thinks.
        return budget is not null || isShown ? new Reasoning(null, null) { IsShown = isShown } : null;
    }
}
