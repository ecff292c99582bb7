using System.Text.Json;
using Lava.Core.Metering;

namespace Lava.Core.Formats.Usages;

/// <summary>Reads Converse's <c>usage</c> (Amazon Bedrock API, TokenUsage): like Anthropic's, tokens read from and written to a cache stand beside <c>inputTokens</c>.</summary>
internal static class BedrockUsage
{
    public static UsageReport Read(ReadOnlySpan<byte> json)
    {
        var report = default(UsageReport);
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return report;
            long input = 0, output = 0, read = 0, write = 0, total = -1;
            var numbers = new UsageNumbers();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("inputTokens"u8)) input = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("outputTokens"u8)) output = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("cacheReadInputTokens"u8)) read = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("cacheWriteInputTokens"u8)) write = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("totalTokens"u8)) total = numbers.Count(ref reader);
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }

            report.HasUsage = numbers.HasAny;
            report.IsUnreadable = numbers.IsOdd;
            report.IsInconsistent = total >= 0 && total != input + output && total != input + read + write + output;
            report.Usage = new Usage { InputTokens = input + read + write, OutputTokens = output, CacheReadTokens = read, CacheWriteTokens = write };
            return report;
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
