using System.Text.Json;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Conversations.Tools;

/// <summary>Arguments of a tool call for providers that take them as an object instead of text.</summary>
internal static class ToolArguments
{
    public static void Write(ToolCallPart call, Utf8JsonWriter json, Issues issues)
    {
        if (JsonText.TryWriteObject(json, call.Arguments)) return;
        json.WriteNullValue();
        issues.Unsupported(call.Origin, "is not a JSON object, and the provider's format takes arguments as one");
    }
}
