using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox;

/// <summary>A script for an agent's loop that a user's text holds (docs/sandbox.md): <c>[sandbox-script: [STEP, …]]</c>. A step is a list of calls, or an
/// object with <c>text</c>, <c>calls</c> and <c>directives</c>; a call is a tool's name, or an object with <c>name</c> and <c>arguments</c> or
/// <c>input</c>.</summary>
/// <remarks>Where a conversation stands in its script is counted from the calls that it holds since, so nothing is kept between requests. Calls of one step
/// that were not made yet are made next: that is how a client which allows one call at a time walks through the same script.</remarks>
internal sealed class SandboxScript
{
    /// <summary>How a script begins in a text.</summary>
    public const string Marker = "[sandbox-script:";

    private const int MostSteps = 100;
    private const int MostCalls = 16;
    private const int LongestName = 128;

    private readonly List<SandboxStep> _steps = [];

    /// <summary>What is wrong with the script; null if nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads the last script of a text.</summary>
    /// <param name="text">A text that holds <see cref="Marker"/>.</param>
    public static SandboxScript Read(string text)
    {
        var script = new SandboxScript();
        var bytes = Encoding.UTF8.GetBytes(text[(text.LastIndexOf(Marker, StringComparison.Ordinal) + Marker.Length)..]);
        var reader = new Utf8JsonReader(bytes, isFinalBlock: true, state: default);
        try
        {
            if (!reader.Read() || JsonNode.Parse(ref reader) is not JsonArray { Count: > 0 and <= MostSteps } steps)
                script.Fault = $"The sandbox's script is a list of 1 to {MostSteps} steps.";
            else if (!Encoding.UTF8.GetString(bytes.AsSpan((int)reader.BytesConsumed)).TrimStart().StartsWith(']'))
                script.Fault = $"The marker '{Marker}' has no closing bracket after the script.";
            else script.Add(steps);
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            // No JSON, or a member that is named twice.
            script.Fault = $"The marker '{Marker}' is not followed by valid JSON.";
        }

        return script;
    }

    /// <summary>What comes next; null where the script is over.</summary>
    /// <param name="made">Tool calls in the conversation since the script.</param>
    public SandboxStep? Next(int made)
    {
        foreach (var step in _steps)
        {
            if (made == 0) return step;
            if (made < step.Calls.Count) return step with { Text = null, Calls = [.. step.Calls.Skip(made)] };
            made -= step.Calls.Count;
        }

        return null;
    }

    private static bool IsText(JsonNode? node, out string? text)
    {
        text = null;
        return node is null || (node is JsonValue value && value.TryGetValue(out text));
    }

    private void Add(JsonArray steps)
    {
        for (var i = 0; i < steps.Count && Fault is null; i++)
        {
            var step = steps[i] is JsonArray list ? new JsonObject { ["calls"] = list.DeepClone() } : steps[i] as JsonObject;
            if (step is null || Stranger(step, "text", "calls", "directives") is not null
                || !IsText(step["text"], out var text) || !IsText(step["directives"], out var directives) || step["calls"] is not (null or JsonArray))
            {
                Fault = $"Step {i + 1} of the sandbox's script is a list of calls, or an object with 'text', 'calls' and 'directives'.";
                return;
            }

            var calls = (step["calls"] as JsonArray ?? []).Select(Call).ToList();
            if (calls.Count > MostCalls || calls.Any(call => call is null))
            {
                Fault = $"Step {i + 1} of the sandbox's script has up to {MostCalls} calls, each a tool's name or an object with 'name' and 'arguments' or "
                    + "'input'.";
                return;
            }

            // Without calls there is nothing to tell by that it is over.
            if (calls.Count == 0 && i < steps.Count - 1) Fault = $"Step {i + 1} of the sandbox's script has no calls, which only the last step may.";
            _steps.Add(new SandboxStep(text, [.. calls.Select(call => call!.Value)], directives));
        }
    }

    private static (string Name, JsonObject? Arguments, string? Input)? Call(JsonNode? node)
    {
        if (IsText(node, out var plain) && IsName(plain)) return (plain!, null, null);
        if (node is not JsonObject call || Stranger(call, "name", "arguments", "input") is not null) return null;
        if (!IsText(call["name"], out var name) || !IsName(name) || !IsText(call["input"], out var input)) return null;
        return call["arguments"] is null or JsonObject ? (name!, call["arguments"] as JsonObject, input) : null;
    }

    private static bool IsName(string? text) => text?.Length is > 0 and <= LongestName;

    private static string? Stranger(JsonObject json, params ReadOnlySpan<string> known)
    {
        foreach (var (name, _) in json)
        {
            if (!known.Contains(name)) return name;
        }

        return null;
    }
}
