using System.Text.Json;
using System.Text.Json.Nodes;
using Lava.Core.Catalogue;
using Lava.Service.Sandbox.Strictness;

namespace Lava.Service.Sandbox;

/// <summary>A tool that a request offers.</summary>
internal sealed record SandboxTool(string Name, JsonElement Schema)
{
    /// <summary>Whether it is a custom one, which takes plain text.</summary>
    public bool IsCustom { get; init; }

    /// <summary>The namespace in which Responses offers it; null for none.</summary>
    public string? Space { get; init; }

    /// <summary>A call of the tool.</summary>
    /// <param name="index">Its place among the calls of the answer.</param>
    /// <param name="arguments">Its arguments; null for what the schema requires and no more.</param>
    /// <param name="input">A custom tool's text; null for one of the sandbox's own.</param>
    public SandboxToolCall Call(int index, JsonObject? arguments = null, string? input = null)
    {
        if (IsCustom) return new SandboxToolCall(this, index, [], input ?? $"A sandbox's text for \"{Name}\",\nin two lines.");
        arguments ??= SchemaSample.Object(Schema);
        return new SandboxToolCall(this, index, arguments, SandboxJson.Text(arguments));
    }

    /// <summary>The tools of a request, in order.</summary>
    public static List<SandboxTool> Offered(JsonElement json)
    {
        var tools = new List<SandboxTool>();
        if (json.ValueKind != JsonValueKind.Object) return tools;
        if (json.TryGetProperty("tools", out var list)) Add(list, tools);
        if (Member(json, "toolConfig") is { } config && config.TryGetProperty("tools", out list)) Add(list, tools);
        foreach (var item in json.At("input").List().Where(item => item.At("type").Word() == "additional_tools")) Add(item.At("tools"), tools);
        return tools;
    }

    /// <summary>The tool that the request's own choice forces: its name, empty for any; null where the model is free.</summary>
    public static string? Forced(WireFormat format, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) return null;
        switch (format)
        {
            case WireFormat.Gemini:
                if (Member(json, "toolConfig") is not { } config
                    || Member(config, "functionCallingConfig") is not { } calling
                    || Text(calling, "mode") != "ANY")
                    return null;
                return calling.TryGetProperty("allowedFunctionNames", out var names) && names.ValueKind == JsonValueKind.Array && names.GetArrayLength() > 0
                    && names[0].ValueKind == JsonValueKind.String ? names[0].GetString() : "";
            case WireFormat.BedrockConverse:
                if (Member(json, "toolConfig") is not { } tools || Member(tools, "toolChoice") is not { } choice) return null;
                return Member(choice, "tool") is { } named ? Text(named, "name") : choice.TryGetProperty("any", out _) ? "" : null;
            default:
                if (!json.TryGetProperty("tool_choice", out var asked)) return null;
                if (asked.ValueKind == JsonValueKind.String) return asked.GetString() == "required" ? "" : null;
                if (asked.ValueKind != JsonValueKind.Object) return null;
                return Text(asked, "type") switch
                {
                    "any" => "",
                    "tool" => Text(asked, "name"),
                    "function" or "custom" => (Member(asked, "function") ?? Member(asked, "custom")) is { } inner ? Text(inner, "name") : Text(asked, "name"),
                    _ => null,
                };
        }
    }

    /// <summary>Whether a request leaves the model any tool: <c>tool_choice</c> of <c>none</c>, and Gemini's mode, forbid them all.</summary>
    public static bool MayBeCalled(JsonElement json)
    {
        var choice = json.At("tool_choice");
        return (choice.Word() ?? choice.At("type").Word()) != "none"
            && json.At("toolConfig", "tool_config").At("functionCallingConfig", "function_calling_config").At("mode").Word() != "NONE";
    }

    /// <summary>Whether a request allows one call in an answer.</summary>
    public static bool IsOneAtATime(JsonElement json) =>
        json.At("parallel_tool_calls").ValueKind == JsonValueKind.False
        || json.At("tool_choice").At("disable_parallel_tool_use").ValueKind == JsonValueKind.True;

    private static void Add(JsonElement list, List<SandboxTool> tools, string? space = null)
    {
        if (list.ValueKind != JsonValueKind.Array) return;
        foreach (var entry in list.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object) continue;
            if (entry.TryGetProperty("functionDeclarations", out var declarations) || entry.TryGetProperty("function_declarations", out declarations))
            {
                Add(declarations, tools);
                continue;
            }

            if (Text(entry, "type") == "namespace")
            {
                Add(entry.At("tools"), tools, Text(entry, "name"));
                continue;
            }

            var tool = Member(entry, "function") ?? Member(entry, "custom") ?? Member(entry, "toolSpec") ?? entry;
            if (Text(tool, "name") is { Length: > 0 } name)
            {
                var isCustom = Text(entry, "type") == "custom" && !entry.TryGetProperty("input_schema", out _);
                tools.Add(new SandboxTool(name, SchemaOf(tool)) { IsCustom = isCustom, Space = space });
            }
        }
    }

    private static JsonElement SchemaOf(JsonElement tool)
    {
        foreach (var name in new[] { "parameters", "input_schema", "parametersJsonSchema", "inputSchema" })
        {
            if (Member(tool, name) is { } schema) return Member(schema, "json") ?? schema;
        }

        return default;
    }

    private static JsonElement? Member(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
