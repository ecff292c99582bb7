using System.Globalization;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;

namespace Lava.Service.Sandbox.Strictness;

/// <summary>What OpenAI refuses in both of its formats (platform.openai.com/docs/api-reference).</summary>
internal static class OpenAiRules
{
    private static readonly FormatRules Rules = FormatRules.Of(WireFormat.OpenAiChat);

    public static SandboxRefusal Missing(string field) => new($"Missing required parameter: '{field}'.", field, "missing_required_parameter");

    public static SandboxRefusal Unsupported(string field) =>
        new($"Unsupported parameter: '{field}' is not supported with this model.", field, "unsupported_parameter");

    public static SandboxRefusal? TooLong(string field, string? text, int most) => text is null || text.Length <= most ? null : new SandboxRefusal(
        $"Invalid '{field}': string too long. Expected a string with maximum length {most}, but got a string with length {text.Length} instead.",
        field,
        "string_above_max_length");

    /// <summary>The name and the schema of a function.</summary>
    /// <param name="function">What describes it.</param>
    /// <param name="field">Where that stands.</param>
    public static SandboxRefusal? Function(JsonElement function, string field)
    {
        var name = function.At("name").Word();
        if (name is null) return Missing($"{field}.name");
        if (TooLong($"{field}.name", name, Rules.LongestToolName) is { } tooLong) return tooLong;
        if (!Rules.IsToolName(name))
        {
            return new SandboxRefusal(
                $"Invalid '{field}.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
                $"{field}.name",
                "invalid_value");
        }

        var schema = function.At("parameters");
        if (!schema.IsGiven()) return null;
        var fault = schema.At("type").Word() != "object"
            ? $"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{schema.At("type").Word() ?? "None"}\"'."
            : SchemaFault(schema, "", function.At("strict").ValueKind == JsonValueKind.True);
        return fault is null
            ? null
            : new SandboxRefusal($"Invalid schema for function '{name}': {fault}", $"{field}.parameters", "invalid_function_parameters");
    }

    /// <summary>What is wrong with a schema that an answer is to follow.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="name">Its name.</param>
    /// <param name="isStrict">Whether OpenAI is to hold the model to it.</param>
    /// <param name="field">Where it stands.</param>
    public static SandboxRefusal? AnswerSchema(JsonElement schema, string? name, bool isStrict, string field) =>
        isStrict && SchemaFault(schema, "", isStrict: true) is { } fault
            ? new SandboxRefusal($"Invalid schema for response_format '{name}': {fault}", field, "invalid_json_schema")
            : null;

    /// <summary>Effort and sampling.</summary>
    /// <param name="body">The request.</param>
    /// <param name="profile">What the model takes.</param>
    /// <param name="effort">The effort.</param>
    /// <param name="effortField">What the format calls it.</param>
    public static SandboxRefusal? Model(JsonElement body, ModelProfile profile, JsonElement effort, string effortField)
    {
        if (effort.IsGiven())
        {
            if (profile.Reasoning == false) return Unsupported(effortField);
            if (profile.Efforts.Count > 0 && !profile.Efforts.Contains(effort.Word()))
            {
                return new SandboxRefusal(
                    $"Unsupported value: '{effortField}' does not support '{effort.Word()}' with this model. Supported values are: "
                        + $"{string.Join(", ", profile.Efforts.Select(word => $"'{word}'"))}.",
                    effortField,
                    "unsupported_value");
            }
        }

        if (Range(body, "temperature", 2) is { } range) return range;
        if (Range(body, "top_p", 1) is { } other) return other;
        var isIdle = effort.Word() == "none" || (!effort.IsGiven() && !profile.ReasonsByDefault);
        if (profile.Sampling == SamplingRule.None || (profile.Sampling == SamplingRule.Idle && !isIdle))
        {
            if (body.At("temperature").Number() is { } temperature and not 1)
            {
                return new SandboxRefusal(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Unsupported value: 'temperature' does not support {temperature} with this model. Only the default (1) value is supported."),
                    "temperature",
                    "unsupported_value");
            }

            if (body.At("top_p").Number() is not (null or 1)) return Unsupported("top_p");
        }

        if (!profile.TakesParallel && body.At("parallel_tool_calls").IsGiven()) return Unsupported("parallel_tool_calls");
        return TooLong("user", body.At("user").Word(), Rules.LongestUser ?? int.MaxValue);
    }

    /// <summary>Choices between tools where there are none.</summary>
    /// <param name="body">The request.</param>
    /// <param name="fields">The members that are refused then.</param>
    public static SandboxRefusal? Choice(JsonElement body, params ReadOnlySpan<string> fields)
    {
        var hasTools = body.At("tools").List().Count > 0 || body.At("input").List().Any(item => item.At("type").Word() == "additional_tools");
        if (hasTools) return null;
        foreach (var field in fields)
        {
            // Auto and none say nothing new.
            if (body.At(field) is { ValueKind: not JsonValueKind.Undefined } value && value.Word() is not ("auto" or "none"))
                return new SandboxRefusal($"Invalid value for '{field}': '{field}' is only allowed when 'tools' are specified.", field, "invalid_value");
        }

        return null;
    }

    private static SandboxRefusal? Range(JsonElement body, string field, double most)
    {
        if (body.At(field).Number() is not { } number || (number >= 0 && number <= most)) return null;
        var (word, sign, bound) = number < 0 ? ("below minimum", ">=", 0) : ("above maximum", "<=", most);
        return new SandboxRefusal(
            string.Create(CultureInfo.InvariantCulture, $"Invalid '{field}': decimal {word} value. Expected a value {sign} {bound}, but got {number} instead."),
            field,
            number < 0 ? "decimal_below_min_value" : "decimal_above_max_value");
    }

    /// <summary>Objects without properties, arrays without items, and what a strict schema must have beside.</summary>
    private static string? SchemaFault(JsonElement schema, string context, bool isStrict)
    {
        if (!schema.IsObject()) return null;
        var type = schema.At("type").Word();
        var properties = schema.At("properties");
        if (type == "object" && !properties.IsObject() && !schema.At("additionalProperties").IsGiven())
            return $"In context=({context}), object schema missing properties.";
        if (type == "array" && !schema.At("items").IsGiven()) return $"In context=({context}), array schema missing items.";
        if (isStrict && type == "object")
        {
            if (schema.At("additionalProperties").ValueKind != JsonValueKind.False)
                return $"In context=({context}), 'additionalProperties' is required to be supplied and to be false.";
            var required = schema.At("required").List().Select(name => name.Word()).ToHashSet();
            if (properties.IsObject() && properties.EnumerateObject().Any(property => !required.Contains(property.Name)))
            {
                return $"In context=({context}), 'required' is required to be supplied and to be an array including every key in properties. "
                    + "Missing '" + properties.EnumerateObject().First(property => !required.Contains(property.Name)).Name + "'.";
            }
        }

        if (properties.IsObject())
        {
            foreach (var property in properties.EnumerateObject())
            {
                if (SchemaFault(property.Value, Inner(context, $"'properties', '{property.Name}'"), isStrict) is { } fault) return fault;
            }
        }

        return SchemaFault(schema.At("items"), Inner(context, "'items'"), isStrict)
            ?? schema.At("anyOf").List()
                .Select((inner, at) => SchemaFault(inner, Inner(context, $"'anyOf', '{at}'"), isStrict))
                .FirstOrDefault(fault => fault is not null);
    }

    private static string Inner(string context, string step) => context.Length == 0 ? step : $"{context}, {step}";
}
