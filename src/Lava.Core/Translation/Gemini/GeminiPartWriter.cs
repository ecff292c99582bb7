using System.Text.Json;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Gemini;

/// <summary>Writes the parts of a conversation in order. A tool's answer names the tool, not the call.</summary>
internal sealed class GeminiPartWriter(Utf8JsonWriter json, Issues issues, bool wantsSignatures)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    public void Write(Turn turn)
    {
        // Of calls made at once, the first has the signature.
        var isFirstCall = true;
        foreach (var part in turn.Parts)
        {
            if (part is TextPart { Text.Length: 0 } or ThinkingPart { Redacted: not null }) continue;
            if (part is ToolResultPart result)
            {
                WriteResult(result);
                continue;
            }

            json.WriteStartObject();
            WritePart(part, isFirstCall);
            json.WriteEndObject();
            isFirstCall &= part is not ToolCallPart;
        }
    }

    private void WritePart(Part part, bool isFirstCall)
    {
        switch (part)
        {
            case TextPart text:
                json.WriteString("text", text.Text);
                break;
            case ThinkingPart thinking:
                GeminiThinking.Write(thinking, json);
                break;
            case ImagePart image:
                WriteMedia(image.Media);
                break;
            case DocumentPart document:
                WriteMedia(document.Media);
                break;
            case ToolCallPart call:
                _names[call.Id] = call.Name;
                json.WriteStartObject("functionCall");
                json.WriteString("name", call.Name);
                json.WritePropertyName("args");
                ToolArguments.Write(call, json, issues);
                json.WriteEndObject();
                json.WriteIfGiven("thoughtSignature", call.Signature ?? (wantsSignatures && isFirstCall ? GeminiModel.AnySignature : null));
                break;
        }
    }

    private void WriteResult(ToolResultPart result)
    {
        if (!_names.TryGetValue(result.CallId, out var name))
        {
            issues.Unsupported(result.Origin, "does not answer an earlier call, and the provider's format requires the tool's name");
            name = "";
        }

        json.WriteStartObject();
        json.WriteStartObject("functionResponse");
        json.WriteString("name", name);
        json.WriteStartObject("response");
        json.WriteString(result.IsError ? "error" : "result", result.Text);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        foreach (var part in result.Content)
        {
            if (part is TextPart) continue;
            json.WriteStartObject();
            WritePart(part, isFirstCall: false);
            json.WriteEndObject();
        }
    }

    private void WriteMedia(Media media)
    {
        json.WriteStartObject(media.Url is null ? "inlineData" : "fileData");
        json.WriteIfGiven("mimeType", media.Type);
        json.WriteIfGiven("data", media.Base64);
        json.WriteIfGiven("fileUri", media.Url);
        json.WriteEndObject();
    }
}
