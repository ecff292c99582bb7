using System.Text.Json;
using Lava.Core.Pricing;

namespace Lava.Core.Formats.UsageReaders;

/// <summary>Reads Converse's <c>usage</c> (Amazon Bedrock API, TokenUsage): like Anthropic's, tokens read from and written to a cache stand beside
/// <c>inputTokens</c>. <c>cacheDetails</c> divides the writes by their time to live (CacheDetail: <c>5m</c>, <c>1h</c>).</summary>
internal static class BedrockUsage
{
    public static UsageReport Read(ReadOnlySpan<byte> json)
    {
        var report = default(UsageReport);
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return report;
            long input = 0, output = 0, read = 0, write = 0, writeLong = 0, total = -1;
            var numbers = new UsageNumbers();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("inputTokens"u8)) input = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("outputTokens"u8)) output = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("cacheReadInputTokens"u8)) read = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("cacheWriteInputTokens"u8)) write = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("cacheDetails"u8)) writeLong = ReadLong(ref reader, ref numbers);
                else if (reader.ValueTextEquals("totalTokens"u8)) total = numbers.Count(ref reader);
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }

            report.HasUsage = numbers.HasAny;
            report.IsUnreadable = numbers.IsOdd;
            report.IsInconsistent = (total >= 0 && total != input + output && total != input + read + write + output) || writeLong > write;
            report.Usage = new Usage
            {
                InputTokens = input + read + write,
                OutputTokens = output,
                CacheReadTokens = read,
                CacheWriteTokens = write,
                CacheWriteLongTokens = Math.Min(writeLong, write),
            };
            return report;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static long ReadLong(ref Utf8JsonReader reader, ref UsageNumbers numbers)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return 0;
        }

        long sum = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            long tokens = 0;
            var isLong = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("inputTokens"u8)) tokens = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("ttl"u8)) isLong = ServedTerms.Read(ref reader).SequenceEqual("1h"u8);
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }

            if (isLong) sum += tokens;
        }

        return sum;
    }
}
