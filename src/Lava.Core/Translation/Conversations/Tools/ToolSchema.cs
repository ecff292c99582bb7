using System.Text.Json;

namespace Lava.Core.Translation.Conversations.Tools;

/// <summary>A tool's schema for providers that want one of an object in any case.</summary>
internal static class ToolSchema
{
    /// <summary>Writes it; without one, or without a type, it is an object's.</summary>
    public static void Write(Tool tool, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        var isTyped = tool.HasParameters && tool.Parameters.TryGetProperty("type", out _);
        if (!isTyped) json.WriteString("type", "object");
        if (tool.HasParameters)
        {
            foreach (var member in tool.Parameters.EnumerateObject()) member.WriteTo(json);
        }
        else
        {
            json.WriteStartObject("properties");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
