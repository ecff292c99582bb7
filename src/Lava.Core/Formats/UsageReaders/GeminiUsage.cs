using System.Text.Json;
using Lava.Core.Pricing;

namespace Lava.Core.Formats.UsageReaders;

/// <summary>Reads Gemini's <c>usageMetadata</c> (ai.google.dev/api/generate-content#UsageMetadata): thoughts are counted apart from candidates and are output;
/// prompts of tool use are counted apart from the prompt and are input; cached content is part of the prompt. <c>serviceTier</c> (Vertex AI:
/// <c>trafficType</c>) says at which price it was served.</summary>
internal static class GeminiUsage
{
    public static UsageReport Read(ReadOnlySpan<byte> json)
    {
        var report = default(UsageReport);
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return report;
            long prompt = 0, candidates = 0, thoughts = 0, toolUse = 0, cached = 0, total = -1, audioIn = 0, imageIn = 0, audioOut = 0, imageOut = 0;
            string? tier = null;
            var numbers = new UsageNumbers();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("promptTokenCount"u8)) prompt = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("candidatesTokenCount"u8)) candidates = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("thoughtsTokenCount"u8)) thoughts = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("toolUsePromptTokenCount"u8)) toolUse = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("cachedContentTokenCount"u8)) cached = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("totalTokenCount"u8)) total = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("serviceTier"u8) || reader.ValueTextEquals("trafficType"u8))
                {
                    var word = ServedTerms.Read(ref reader);
                    if (ServedTerms.IsNamed(word)) report.Named |= NamedTerms.Tier;
                    tier = ServedTerms.Tier(word) ?? tier;
                }
                else if (reader.ValueTextEquals("promptTokensDetails"u8)) ReadModalities(ref reader, ref numbers, ref audioIn, ref imageIn);
                else if (reader.ValueTextEquals("candidatesTokensDetails"u8)) ReadModalities(ref reader, ref numbers, ref audioOut, ref imageOut);
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }

            report.HasUsage = numbers.HasAny;
            report.IsUnreadable = numbers.IsOdd;
            report.IsInconsistent = cached > prompt || (total >= 0 && total != prompt + candidates + thoughts + toolUse);
            report.Usage = new Usage
            {
                InputTokens = prompt + toolUse,
                OutputTokens = candidates + thoughts,
                CacheReadTokens = cached,
                ReasoningTokens = thoughts,
                AudioInputTokens = audioIn,
                ImageInputTokens = imageIn,
                AudioOutputTokens = audioOut,
                ImageOutputTokens = imageOut,
                Tier = tier,
            };
            return report;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static void ReadModalities(ref Utf8JsonReader reader, ref UsageNumbers numbers, ref long audio, ref long image)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            bool isAudio = false, isImage = false;
            long count = 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("modality"u8))
                {
                    reader.Read();
                    isAudio = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("AUDIO"u8);
                    isImage = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("IMAGE"u8);
                    reader.Skip();
                }
                else if (reader.ValueTextEquals("tokenCount"u8)) count = numbers.Count(ref reader);
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }

            if (isAudio) audio += count;
            if (isImage) image += count;
        }
    }
}
