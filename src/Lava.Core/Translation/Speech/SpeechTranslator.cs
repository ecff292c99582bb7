using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Translation.Adaptation;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Speech;

/// <summary>Puts OpenAI's requests for speech (platform.openai.com/docs/api-reference/audio/createSpeech) into ElevenLabs' form
/// (elevenlabs.io/docs/api-reference/text-to-speech/convert), and ElevenLabs' errors into OpenAI's. The audio itself needs no translation.</summary>
public static class SpeechTranslator
{
    private const double Slowest = 0.7;
    private const double Fastest = 1.2;

    private static readonly FieldNames Names = new("input", "input", "input", "input", "response_format");

    /// <summary>What ElevenLabs calls OpenAI's formats. PCM and WAV have OpenAI's 24 kHz, which every plan of ElevenLabs' has.</summary>
    private static readonly Dictionary<string, string> Formats = new(StringComparer.Ordinal)
    {
        ["mp3"] = "mp3_44100_128", ["opus"] = "opus_48000_128", ["pcm"] = "pcm_24000", ["wav"] = "wav_24000",
    };

    /// <summary>OpenAI's own voices (platform.openai.com/docs/guides/text-to-speech).</summary>
    private static readonly HashSet<string> OpenAiVoices = new(StringComparer.OrdinalIgnoreCase)
    {
        "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer", "verse",
    };

    /// <summary>What an id may have. Anything else could change the address that it goes into.</summary>
    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    /// <summary>Translates a request.</summary>
    /// <param name="body">The client's body.</param>
    /// <param name="model">ElevenLabs' name of the model; null for the one in the body.</param>
    /// <param name="request">ElevenLabs' request, if the result is true.</param>
    /// <param name="issue">Why there is none, if the result is false; its field is named as OpenAI does.</param>
    public static bool TryTranslate(
        ReadOnlyMemory<byte> body,
        string? model,
        [NotNullWhen(true)] out SpeechRequest? request,
        [NotNullWhen(false)] out TranslationIssue? issue)
    {
        var issues = new Issues(Names);
        using var document = JsonText.TryParse(body);
        if (document is null) issues.Malformed("", $"The body is not JSON in UTF-8, or nests deeper than {JsonText.MaxDepth} levels.");
        var translated = document is null ? null : Translate(new JsonView(document.RootElement, null, issues), model);
        issue = issues.First;
        request = issue is null ? translated : null;
        return request is not null;
    }

    /// <summary>Writes an error of ElevenLabs as OpenAI would, with ElevenLabs' message and code (<c>voice_not_found</c>).</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="body">ElevenLabs' body; where no message is in it, the status stands for it.</param>
    /// <param name="output">Receives the client's body, JSON.</param>
    public static void TranslateError(int status, ReadOnlyMemory<byte> body, IBufferWriter<byte> output)
    {
        using var document = JsonText.TryParse(body);
        var (message, code) = ("", (string?)null);
        try
        {
            (message, code) = ReadError((document?.RootElement ?? default).Member("detail"));
        }
        catch (InvalidOperationException)
        {
            // A message that is not text is none.
        }

        if (message.Length == 0) message = $"The provider answered with status {status}.";
        Translator.WriteError(WireFormat.OpenAiMedia, status, code, message, output);
    }

    private static SpeechRequest? Translate(JsonView body, string? model)
    {
        var issues = body.Issues;
        if (!body.IsGivenObject()) return null;
        var named = body["model"];
        var name = model ?? named.RequiredText();
        var text = body["input"].RequiredText();
        if (text.Length == 0) body["input"].Malformed("must not be empty");
        var voice = ReadVoice(body["voice"]);
        var format = ReadFormat(body["response_format"]);
        var speed = ReadSpeed(body["speed"]);
        if (body["instructions"] is { } told && told.Text() is { Length: > 0 })
            told.Refuse("cannot be given to ElevenLabs' models, which take no instructions beside the text");
        ReadStreamFormat(body["stream_format"]);
        if (issues.First is not null) return null;
        var log = new Adaptations();
        LeftOut.Tell(body.Value, issues, log);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = JsonOutput.Open(buffer))
        {
            json.WriteStartObject();
            json.WriteString("text", text);
            json.WriteString("model_id", name);
            if (speed is { } pace)
            {
                json.WriteStartObject("voice_settings");
                json.WriteNumber("speed", pace);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return new SpeechRequest(voice, format, buffer.WrittenMemory, log.Facts);
    }

    private static string ReadVoice(JsonView view)
    {
        var voice = view.RequiredText();
        if (OpenAiVoices.Contains(voice))
        {
            view.Refuse($"is \"{voice}\", a voice of OpenAI's that ElevenLabs does not have: "
                + "give the id of a voice of ElevenLabs' (GET /v1/voices there lists them)");
        }
        else if (voice.Length == 0 || voice.AsSpan().ContainsAnyExcept(IdCharacters))
            view.Malformed("must be the id of a voice of ElevenLabs' (GET /v1/voices there lists them)");
        return voice;
    }

    private static string ReadFormat(JsonView view)
    {
        var format = view.Text() ?? "mp3";
        if (Formats.TryGetValue(format, out var output)) return output;
        view.Refuse("must be mp3, opus, pcm or wav for ElevenLabs' models");
        return "";
    }

    private static double? ReadSpeed(JsonView view)
    {
        var speed = view.Number();
        if (speed is < Slowest or > Fastest) view.Refuse("must be between 0.7 and 1.2 for ElevenLabs' voices");
        return speed;
    }

    private static void ReadStreamFormat(JsonView view)
    {
        switch (view.Text())
        {
            case null or "audio":
                break;
            case "sse":
                view.Refuse("cannot be sse for ElevenLabs' models: their audio comes as it is, piece by piece");
                break;
            default:
                view.Malformed("must be audio");
                break;
        }
    }

    /// <summary>Reads the <c>detail</c> of an error: a text, an object with message and code (<c>status</c> in older ones), or what FastAPI finds wrong with
    /// a body, as a list.</summary>
    private static (string Message, string? Code) ReadError(JsonElement detail) => detail.ValueKind switch
    {
        JsonValueKind.String => (detail.AsText() ?? "", null),
        JsonValueKind.Object => (detail.Text("message") ?? "", detail.Text("code") ?? detail.Text("status")),
        JsonValueKind.Array => (
            string.Join("; ", detail.EnumerateArray().Select(fault => $"{string.Join('.', fault.Items("loc"))}: {fault.Text("msg")}")),
            null),
        _ => ("", null),
    };
}
