using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;

namespace Lava.Service.Sandbox.Strictness;

/// <summary>What Google's generateContent refuses (ai.google.dev/api/generate-content), in its words.</summary>
internal sealed class GeminiCheck(ModelProfile profile, string model)
{
    private const int MostStops = 5;

    private static readonly FormatRules Rules = FormatRules.Of(WireFormat.Gemini);

    private static readonly HashSet<string> Known = BodyJson.Names(
        "model contents tools toolConfig tool_config safetySettings safety_settings systemInstruction system_instruction generationConfig generation_config "
            + "cachedContent cached_content labels serviceTier service_tier store");

    /// <summary>The members of a schema (ai.google.dev/api/caching#Schema).</summary>
    private static readonly HashSet<string> SchemaMembers = BodyJson.Names(
        "type format title description nullable enum maxItems minItems properties required minProperties maxProperties minLength maxLength pattern example "
            + "anyOf propertyOrdering default items minimum maximum max_items min_items min_properties max_properties min_length max_length any_of "
            + "property_ordering");

    /// <summary>What a call may carry in place of its own signature where that is lost (ai.google.dev/gemini-api/docs/thought-signatures).</summary>
    private static readonly HashSet<string> StandIns = BodyJson.Names("skip_thought_signature_validator context_engineering_is_the_way_to_go");

    /// <summary>Whether a model signs its calls and wants them back signed.</summary>
    public static bool SignsCalls(string model) => System.Text.RegularExpressions.Regex.IsMatch(model, "gemini-[3-9]");

    public SandboxRefusal? Of(JsonElement body) => Fault(body) is { } fault ? new SandboxRefusal(fault) : null;

    private static string? Turns(List<JsonElement> contents)
    {
        if (contents.Count == 0) return "* GenerateContentRequest.contents: contents is not specified";
        var calls = 0;
        for (var i = 0; i < contents.Count; i++)
        {
            var role = contents[i].At("role").Word();
            if (role is not (null or "user" or "model" or "function")) return "Please use a valid role: user, model.";
            var parts = contents[i].At("parts").List();
            if (parts.Count == 0) return $"* GenerateContentRequest.contents[{i}].parts: contents.parts must not be empty.";
            if (parts.Any(part => !part.IsObject() || !part.EnumerateObject().Any()))
                return $"* GenerateContentRequest.contents[{i}].parts: required oneof field 'data' must have one initialized field";
            var results = parts.Count(part => part.At("functionResponse", "function_response").IsGiven());
            if (results != calls && (results > 0 || role != "model"))
            {
                return "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
            }

            calls = parts.Count(part => part.At("functionCall", "function_call").IsGiven());
            if (calls > 0 && i == 0)
                return "Please ensure that function call turn comes immediately after a user turn or after a function response turn.";
        }

        return null;
    }

    private static string? Tools(JsonElement body)
    {
        foreach (var (tool, t) in body.At("tools").List().Select((tool, t) => (tool, t)))
        {
            foreach (var (function, f) in tool.At("functionDeclarations", "function_declarations").List().Select((function, f) => (function, f)))
            {
                var at = $"tools[{t}].function_declarations[{f}]";
                if (function.At("name").Word() is not { } name || !Rules.IsToolName(name))
                {
                    return $"* GenerateContentRequest.{at}.name: Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, "
                        + "A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.";
                }

                var schema = function.At("parameters");
                if (!schema.IsGiven()) continue;
                if (IsType(schema, "object") && !(schema.At("properties").IsObject() && schema.At("properties").EnumerateObject().Any()))
                    return $"* GenerateContentRequest.{at}.parameters.properties: should be non-empty for OBJECT type";
                if (Schema(schema, $"{at}.parameters") is { } fault) return fault;
            }
        }

        return null;
    }

    private static bool IsType(JsonElement schema, string type) => string.Equals(schema.At("type").Word(), type, StringComparison.OrdinalIgnoreCase);

    private static string? Schema(JsonElement schema, string at)
    {
        if (schema.Stranger(SchemaMembers) is { } stranger) return $"Invalid JSON payload received. Unknown name \"{stranger}\" at '{at}': Cannot find field.";
        if (schema.At("type").IsList()) return $"Invalid value at '{at}.type' (type), it must be one type.";
        if (IsType(schema, "array") && !schema.At("items").IsGiven()) return $"* GenerateContentRequest.{at}.items: missing field.";
        if (schema.At("items").IsGiven() && schema.At("type").IsGiven() && !IsType(schema, "array"))
            return $"* GenerateContentRequest.{at}.items: field predicate failed: $type == Type.ARRAY";
        if (schema.At("enum").IsGiven() && schema.At("type").IsGiven() && !IsType(schema, "string"))
            return $"* GenerateContentRequest.{at}.enum: only allowed for STRING type";
        var properties = schema.At("properties");
        if (properties.IsObject())
        {
            foreach (var property in properties.EnumerateObject())
            {
                if (Schema(property.Value, $"{at}.properties[{property.Name}]") is { } fault) return fault;
            }
        }

        foreach (var required in schema.At("required").List())
        {
            if (!properties.At(required.Word() ?? "").IsGiven()) return $"* GenerateContentRequest.{at}.required[0]: property is not defined";
        }

        return (schema.At("items").IsGiven() ? Schema(schema.At("items"), $"{at}.items") : null)
            ?? schema.At("anyOf", "any_of").List().Select((inner, i) => Schema(inner, $"{at}.any_of[{i}]")).FirstOrDefault(fault => fault is not null);
    }

    private string? Fault(JsonElement body)
    {
        if (body.Stranger(Known) is { } stranger) return $"Invalid JSON payload received. Unknown name \"{stranger}\": Cannot find field.";
        return Turns(body.At("contents").List()) ?? Tools(body) ?? Signatures(body) ?? Config(body.At("generationConfig", "generation_config"));
    }

    /// <summary>From the third generation on, the calls of the turn under way must come back with the first one's signature
    /// (ai.google.dev/gemini-api/docs/thought-signatures).</summary>
    private string? Signatures(JsonElement body)
    {
        if (!SignsCalls(model)) return null;
        var contents = body.At("contents").List();
        var start = contents.FindLastIndex(content => content.At("role").Word() != "model"
            && content.At("parts").List().Any(part => !part.At("functionResponse", "function_response").IsGiven()));
        foreach (var content in contents.Skip(start + 1).Where(content => content.At("role").Word() == "model"))
        {
            var first = content.At("parts").List().Find(part => part.At("functionCall", "function_call").IsGiven());
            if (first.IsObject() && !first.At("thoughtSignature", "thought_signature").IsGiven())
                return "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly.";
            var signature = first.At("thoughtSignature", "thought_signature").Word();
            if (first.IsObject() && !StandIns.Contains(signature ?? "")
                && signature != SandboxThoughts.Sign(first.At("functionCall", "function_call").At("name").Word() ?? ""))
                return "Thought signature is not valid.";
        }

        return null;
    }

    private string? Config(JsonElement config)
    {
        if (config.At("temperature").Number() is < 0 or > 2) return "* GenerateContentRequest.generation_config.temperature: must be in the range [0.0, 2.0].";
        if (config.At("topP", "top_p").Number() is < 0 or > 1) return "* GenerateContentRequest.generation_config.top_p: must be in the range [0.0, 1.0].";
        if (config.At("stopSequences", "stop_sequences").List().Count > MostStops)
            return $"* GenerateContentRequest.generation_config.stop_sequences: at most {MostStops} stop sequences are allowed.";
        var most = config.At("maxOutputTokens", "max_output_tokens").Number();
        if (most < 1 || (profile.MaxOutputTokens is { } bound && most > bound))
        {
            return $"Unable to submit request because it has a maxOutputTokens value of {most} but the supported range is from 1 (inclusive) to "
                + $"{(profile.MaxOutputTokens ?? long.MaxValue - 1) + 1} (exclusive). Update the value and try again.";
        }

        if (config.At("responseSchema", "response_schema") is { ValueKind: JsonValueKind.Object } schema
            && Schema(schema, "generation_config.response_schema") is { } fault)
            return fault;
        return Thinking(config.At("thinkingConfig", "thinking_config"));
    }

    private string? Thinking(JsonElement thinking)
    {
        if (!thinking.IsGiven()) return null;
        var level = thinking.At("thinkingLevel", "thinking_level").Word();
        var budget = thinking.At("thinkingBudget", "thinking_budget").Number();
        if (level is not null && budget is not null)
            return "You can only set only one of thinking budget and thinking level.";
        if (profile.Reasoning == false && (level is not null || budget is not null)) return "Thinking is not enabled for this model.";
        if (level is not null && profile.Efforts.Count > 0 && !profile.Efforts.Contains(level.ToLowerInvariant()))
            return $"Thinking level {level.ToUpperInvariant()} is not supported for this model.";
        if (level is not null && profile is { Efforts.Count: 0, TakesBudget: true }) return "Thinking level is not supported for this model.";
        if (budget is null or -1 || !profile.TakesBudget) return null;
        if (budget == 0) return profile.Off == ReasoningOff.No ? "Budget 0 is invalid. This model only works in thinking mode." : null;
        return budget < (profile.LeastBudget ?? 0) || budget > (profile.MostBudget ?? long.MaxValue)
            ? $"The thinking budget {budget} is invalid. Please choose a value between {profile.LeastBudget ?? 0} and {profile.MostBudget}."
            : null;
    }
}
