using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Transcriptions in OpenAI's shape (platform.openai.com/docs/api-reference/audio) and ElevenLabs'. Models named <c>…-transcribe</c> count tokens and
/// may stream; others count seconds.</summary>
internal static class TranscriptionAnswers
{
    public static SandboxReply Reply(SandboxCall call)
    {
        var text = call.AnswerText;
        var countsTokens = call.Model.Contains("-transcribe", StringComparison.Ordinal);
        if (call.IsStream && countsTokens)
            return SandboxReply.Events(Events(call), SandboxReply.Event(SandboxErrors.Body(SandboxDialect.OpenAi, 500, SandboxErrors.MidStream)));
        switch (call.Form?["response_format"])
        {
            case "text": return SandboxReply.Whole("text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text + "\n"));
            case "srt": return SandboxReply.Whole("text/plain; charset=utf-8", Encoding.UTF8.GetBytes($"1\n00:00:00,000 --> {Clock(call, ',')}\n{text}\n\n"));
            case "vtt": return SandboxReply.Whole(
                "text/vtt; charset=utf-8",
                Encoding.UTF8.GetBytes($"WEBVTT\n\n00:00:00.000 --> {Clock(call, '.')}\n{text}\n\n"));
            case "verbose_json": return SandboxReply.Json(Verbose(call, text));
        }

        var body = new JsonObject { ["text"] = text };
        if (call.HasUsage) body["usage"] = countsTokens ? Tokens(call) : Duration(call);
        return SandboxReply.Json(body);
    }

    public static SandboxReply ElevenLabs(SandboxCall call)
    {
        var words = new JsonArray();
        var step = call.WordCount == 0 ? 0 : decimal.Round(call.Seconds / call.WordCount, 3);
        for (var i = 0L; i < call.WordCount; i++)
        {
            words.Add((JsonNode)new JsonObject
            {
                ["text"] = call.Words[i].TrimStart(),
                ["start"] = i * step,
                ["end"] = (i + 1) * step,
                ["type"] = "word",
                ["speaker_id"] = "speaker_0",
                ["logprob"] = 0,
            });
        }

        return SandboxReply.Json(new JsonObject
        {
            ["language_code"] = "eng", ["language_probability"] = 1, ["text"] = call.AnswerText, ["words"] = words, ["transcription_id"] = call.Id("", 20),
        });
    }

    private static IEnumerable<byte[]> Events(SandboxCall call)
    {
        var delta = new ChunkTemplate(SandboxReply.EventText($$"""{"type":"transcript.text.delta","delta":"{{ChunkTemplate.Hole}}"}"""));
        for (var word = 0L; word < call.WordCount; word++) yield return delta.Fill(call.Words.Json(word));
        var done = new JsonObject { ["type"] = "transcript.text.done", ["text"] = call.AnswerText };
        if (call.HasUsage) done["usage"] = Tokens(call);
        yield return SandboxReply.Event(done);
        yield return SandboxReply.Event("[DONE]");
    }

    private static JsonObject Verbose(SandboxCall call, string text)
    {
        var segment = new JsonObject
        {
            ["id"] = 0,
            ["seek"] = 0,
            ["start"] = 0,
            ["end"] = call.Seconds,
            ["text"] = text,
            ["tokens"] = new JsonArray(),
            ["temperature"] = 0,
            ["avg_logprob"] = 0,
            ["compression_ratio"] = 1, ["no_speech_prob"] = 0,
        };
        var body = new JsonObject
        {
            ["task"] = call.Url.AbsolutePath.EndsWith("/translations", StringComparison.Ordinal) ? "translate" : "transcribe",
            ["language"] = "english", ["duration"] = call.Seconds, ["text"] = text, ["segments"] = new JsonArray(segment),
        };
        if (call.HasUsage) body["usage"] = Duration(call);
        return body;
    }

    /// <summary>OpenAI bills begun seconds here.</summary>
    private static JsonObject Duration(SandboxCall call) => new() { ["type"] = "duration", ["seconds"] = decimal.Ceiling(call.Seconds) };

    private static JsonObject Tokens(SandboxCall call)
    {
        var text = Math.Min(call.Prompt.Tokens, call.InputTokens);
        return new JsonObject
        {
            ["type"] = "tokens",
            ["total_tokens"] = call.InputTokens + call.OutputTokens,
            ["input_tokens"] = call.InputTokens,
            ["input_token_details"] = new JsonObject { ["text_tokens"] = text, ["audio_tokens"] = call.InputTokens - text },
            ["output_tokens"] = call.OutputTokens,
        };
    }

    private static string Clock(SandboxCall call, char point) =>
        TimeSpan.FromMilliseconds((double)(call.Seconds * 1_000)).ToString(@"hh\:mm\:ss\" + point + "fff", CultureInfo.InvariantCulture);
}
