using System.Globalization;
using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Service.Sandbox.Strictness;

/// <summary>What OpenAI refuses outside of conversations (platform.openai.com/docs/api-reference: completions, embeddings, moderations, audio, images). Those
/// who imitate it are only asked for what nobody can do without.</summary>
internal sealed class MediaCheck(SandboxCall call, bool isOpenAi)
{
    private const int LongestSpeech = 4_096;
    private const int LargestUpload = 26_214_400;
    private const int MostImages = 10;
    private const int MostAnswers = 128;
    private const int MostInputs = 2_048;

    private static readonly string[] AudioTypes = ["flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm"];
    private static readonly string[] SpeechFormats = ["mp3", "opus", "aac", "flac", "wav", "pcm"];

    private static readonly string[] Voices =
    [
        "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer", "verse",
    ];

    public SandboxRefusal? Find() => call.Endpoint.Kind switch
    {
        EndpointKind.Completion => Completion(),
        EndpointKind.Embeddings => Embeddings(),
        EndpointKind.Moderation => Given("input"),
        EndpointKind.Speech => Speech(),
        EndpointKind.Transcription => Transcription(),
        EndpointKind.Images => Images(),
        _ => null,
    };

    private SandboxRefusal? Completion()
    {
        var body = call.Json;
        if (isOpenAi && (call.ModelKind ?? EndpointKind.Completion) != EndpointKind.Completion)
        {
            return new SandboxRefusal(
                "This is a chat model and not supported in the v1/completions endpoint. Did you mean to use v1/chat/completions?",
                "model",
                null,
                404);
        }

        if (Given("prompt") is { } missing) return missing;
        if (!isOpenAi) return null;
        if (Between("n", 1, MostAnswers) is { } n) return n;
        if (Between("best_of", 1, 20) is { } best) return best;
        if (body.At("best_of").Number() < (body.At("n").Number() ?? 1))
        {
            return new SandboxRefusal(
                "You requested that the server return more choices than it will generate (HINT: you must set 'n' <= 'best_of').",
                "best_of");
        }

        if (Between("temperature", 0, 2) is { } temperature) return temperature;
        return body.At("stream_options").IsGiven() && !call.Flag("stream")
            ? new SandboxRefusal("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options")
            : null;
    }

    private SandboxRefusal? Embeddings()
    {
        var input = call.Json.At("input");
        if (!input.IsGiven()) return OpenAiRules.Missing("input");
        if (!isOpenAi) return null;
        return input.Word() is "" || (input.IsList() && input.List().Count is 0 or > MostInputs)
            ? new SandboxRefusal("'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.", "input")
            : null;
    }

    private SandboxRefusal? Speech()
    {
        if (call.Endpoint.Format != WireFormat.OpenAiMedia) return null;
        if (Given("input") is { } missing) return missing;
        if (!isOpenAi) return null;
        var text = call.Text("input") ?? "";
        if (text.EnumerateRunes().Count() > LongestSpeech)
        {
            return new SandboxRefusal(
                $"[{{'type': 'string_too_long', 'loc': ('body', 'input'), 'msg': 'String should have at most {LongestSpeech} characters'}}]",
                "input");
        }

        if (Given("voice") is { } silent) return silent;
        return OneOf("voice", call.Text("voice"), Voices) ?? OneOf("response_format", call.Text("response_format"), SpeechFormats) ?? Between("speed", 0.25, 4);
    }

    private SandboxRefusal? Transcription()
    {
        if (call.Endpoint.Format != WireFormat.OpenAiMedia) return null;
        if (call.Form is not { } form) return OpenAiRules.Missing("file");
        if (!isOpenAi) return null;
        if (form.Files("file") is not [var file, ..]) return OpenAiRules.Missing("file");
        if (file.Length > LargestUpload)
            return new SandboxRefusal($"Maximum content size limit ({LargestUpload}) exceeded ({file.Length} bytes read)", null, null, 413);
        var type = file.Name[(file.Name.LastIndexOf('.') + 1)..].ToLowerInvariant();
        if (!AudioTypes.Contains(type))
            return new SandboxRefusal($"Invalid file format. Supported formats: [{string.Join(", ", AudioTypes.Select(name => $"'{name}'"))}]");
        var format = form["response_format"];
        if (OneOf("response_format", format, ["json", "text", "srt", "verbose_json", "vtt", "diarized_json"]) is { } unknown) return unknown;
        return format is "verbose_json" or "srt" or "vtt" && call.Model.Contains("-transcribe", StringComparison.Ordinal)
            ? new SandboxRefusal(
                $"response_format '{format}' is not compatible with model '{call.Model}'. Use 'json' or 'text' instead.",
                "response_format",
                "unsupported_value")
            : null;
    }

    private SandboxRefusal? Images()
    {
        if (call.Endpoint.Format != WireFormat.OpenAiMedia) return null;
        var isEdit = call.Endpoint.Path.EndsWith("/edits", StringComparison.Ordinal);
        if (Field("prompt") is null or "") return OpenAiRules.Missing("prompt");
        if (isEdit && call.Form?.Files("image").Count is null or 0 && !call.Json.At("images").IsGiven() && call.Form?.Files("image[]").Count is null or 0)
            return isEdit ? OpenAiRules.Missing("image") : null;
        if (!isOpenAi) return null;
        var isGpt = call.Model.Contains("gpt-image", StringComparison.Ordinal);
        var count = double.TryParse(Field("n"), CultureInfo.InvariantCulture, out var n) ? n : 1;
        if (count is < 1 or > MostImages)
            return new SandboxRefusal($"Invalid 'n': expected a value between 1 and {MostImages}.", "n", "integer_out_of_range");
        if (count > 1 && call.Model == "dall-e-3") return new SandboxRefusal("You must provide n=1 for this model.", "n", "invalid_n");
        if (isGpt && Field("response_format") is not null)
            return new SandboxRefusal("Unknown parameter: 'response_format'.", "response_format", "unknown_parameter");
        return Sizes(call.Model) is { } sizes && Field("size") is { } size && !sizes.Contains(size)
            ? isGpt
                ? OneOf("size", size, sizes)
                : new SandboxRefusal("The size is not supported by this model.", "size", "invalid_size")
            : OneOf("quality", Field("quality"), isGpt ? ["low", "medium", "high", "auto"] : ["standard", "hd", "auto"]);
    }

    private static string[]? Sizes(string model) => model switch
    {
        "dall-e-2" => ["256x256", "512x512", "1024x1024"],
        "dall-e-3" => ["1024x1024", "1792x1024", "1024x1792"],
        "gpt-image-1" or "gpt-image-1-mini" or "gpt-image-1.5" => ["1024x1024", "1024x1536", "1536x1024", "auto"],
        _ => null,
    };

    /// <summary>A member of the body or a field of the form, as text.</summary>
    private string? Field(string name) => call.Form is { } form
        ? form[name]
        : call.Json.At(name) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } value ? value.ToString() : null;

    private SandboxRefusal? Given(string name)
    {
        var value = call.Json.At(name);
        return value.IsGiven() && value.Word() != "" && !(value.IsList() && value.List().Count == 0) ? null : OpenAiRules.Missing(name);
    }

    private SandboxRefusal? Between(string name, double least, double most) =>
        call.Json.At(name).Number() is { } value && (value < least || value > most)
            ? new SandboxRefusal(
                string.Create(CultureInfo.InvariantCulture, $"Invalid '{name}': expected a value between {least} and {most}, but got {value} instead."),
                name,
                value < least ? "decimal_below_min_value" : "decimal_above_max_value")
            : null;

    private static SandboxRefusal? OneOf(string name, string? value, string[] supported) => value is null || supported.Contains(value)
        ? null
        : new SandboxRefusal(
            $"Invalid value: '{value}'. Supported values are: {string.Join(", ", supported.Select(word => $"'{word}'"))}.",
            name,
            "invalid_value");
}
