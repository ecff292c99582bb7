using System.Text.Json;
using Lava.Core.Pricing;

namespace Lava.Core.Formats.UsageReaders;

/// <summary>Reads the <c>usage</c> object of OpenAI and of those that imitate it: chat completions, Responses, embeddings, images, transcriptions
/// (platform.openai.com/docs/api-reference). Cached and reasoning tokens are parts of prompt and completion there. DeepSeek's <c>prompt_cache_hit_tokens</c>
/// and Moonshot's <c>cached_tokens</c> mean the same as <c>prompt_tokens_details.cached_tokens</c>. Mistral's transcriptions report
/// <c>prompt_audio_seconds</c>.</summary>
internal static class OpenAiUsage
{
    /// <summary>xAI's unit of cost is a ten-billionth of a US dollar.</summary>
    private const decimal TicksPerDollar = 10_000_000_000m;

    /// <summary>Reads a usage object; nothing is reported if it is none.</summary>
    public static UsageReport Read(ReadOnlySpan<byte> json)
    {
        var report = default(UsageReport);
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return report;
            long input = -1, output = -1, total = -1, cached = 0, cacheWrite = 0, reasoning = 0, audioIn = 0, audioOut = 0, imageIn = 0, imageOut = 0;
            var seconds = 0m;
            var tools = default(ToolCalls);
            decimal? cost = null, upstream = null;
            var isUpstreamPaid = false;
            var numbers = new UsageNumbers();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("input_tokens"u8)) input = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("completion_tokens"u8) || reader.ValueTextEquals("output_tokens"u8)) output = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("total_tokens"u8)) total = numbers.Count(ref reader);
                else if (reader.ValueTextEquals("prompt_cache_hit_tokens"u8) || reader.ValueTextEquals("cached_tokens"u8))
                {
                    cached = Math.Max(cached, numbers.Count(ref reader));
                }
                else if (reader.ValueTextEquals("seconds"u8) || reader.ValueTextEquals("prompt_audio_seconds"u8)) seconds = numbers.Amount(ref reader);
                else if (reader.ValueTextEquals("prompt_tokens_details"u8)
                    || reader.ValueTextEquals("input_tokens_details"u8)
                    || reader.ValueTextEquals("input_token_details"u8))
                    ReadDetails(ref reader, ref numbers, ref cached, ref cacheWrite, ref audioIn, ref imageIn, ref reasoning);
                else if (reader.ValueTextEquals("completion_tokens_details"u8) || reader.ValueTextEquals("output_tokens_details"u8))
                {
                    long none = 0;
                    ReadDetails(ref reader, ref numbers, ref none, ref none, ref audioOut, ref imageOut, ref reasoning);
                }
                else if (reader.ValueTextEquals("cost"u8)) cost = Cost(ref reader, 1);
                else if (reader.ValueTextEquals("cost_in_usd_ticks"u8)) cost = Cost(ref reader, TicksPerDollar);
                else if (reader.ValueTextEquals("cost_details"u8)) upstream = ReadUpstreamCost(ref reader);
                else if (reader.ValueTextEquals("is_byok"u8))
                {
                    reader.Read();
                    isUpstreamPaid = reader.TokenType == JsonTokenType.True;
                    reader.Skip();
                }
                else if (reader.ValueTextEquals("server_side_tool_usage_details"u8)) tools = ReadTools(ref reader, ref numbers);
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }

            // Some hosts give embeddings a total alone.
            if (input < 0) input = output < 0 && total > 0 ? total : 0;
            if (output < 0) output = 0;
            report.HasUsage = numbers.HasAny;

            // With the account's own key at the provider behind it, OpenRouter's cost is its fee alone.
            report.Cost = isUpstreamPaid ? cost + upstream : cost;
            report.IsUnreadable = numbers.IsOdd;
            report.IsInconsistent = !Reconcile(total, ref input, ref output, ref reasoning, cached + cacheWrite)
                || cached + cacheWrite > input || reasoning > output || audioIn + imageIn > input || audioOut + imageOut > output;
            report.Usage = new Usage
            {
                InputTokens = input,
                OutputTokens = output,
                CacheReadTokens = cached,
                CacheWriteTokens = cacheWrite,
                ReasoningTokens = reasoning,
                AudioInputTokens = audioIn,
                AudioOutputTokens = audioOut,
                ImageInputTokens = imageIn,
                ImageOutputTokens = imageOut,
                InputSeconds = seconds,
                Tools = tools,
            };
            return report;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    /// <summary>Makes the parts add up to the total. xAI counts reasoning beside the completion, and Google's OpenAI-compatible endpoint leaves thoughts out of
    /// it but not out of the total: what the total has more is output, since the provider bills it. Some hosts count cached tokens beside the prompt.</summary>
    /// <returns>Whether what did not add up is explained.</returns>
    private static bool Reconcile(long total, ref long input, ref long output, ref long reasoning, long cache)
    {
        var rest = total - input - output;
        if (total < 0 || rest == 0) return true;
        if (rest < 0) return false;
        if (rest == reasoning) output += rest;
        else if (rest == cache) input += rest;
        else
        {
            output += rest;
            reasoning += rest;
            return false;
        }

        return true;
    }

    private static void ReadDetails(
        ref Utf8JsonReader reader,
        ref UsageNumbers numbers,
        ref long cached,
        ref long cacheWrite,
        ref long audio,
        ref long image,
        ref long reasoning)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("cached_tokens"u8)) cached = Math.Max(cached, numbers.Count(ref reader));
            else if (reader.ValueTextEquals("cache_write_tokens"u8) || reader.ValueTextEquals("cache_creation_tokens"u8))
            {
                cacheWrite = numbers.Count(ref reader);
            }
            else if (reader.ValueTextEquals("audio_tokens"u8)) audio = numbers.Count(ref reader);
            else if (reader.ValueTextEquals("image_tokens"u8)) image = numbers.Count(ref reader);
            else if (reader.ValueTextEquals("reasoning_tokens"u8)) reasoning = numbers.Count(ref reader);
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    /// <summary>A cost in US dollars (openrouter.ai/docs, Usage accounting; docs.x.ai, Cost tracking); null where it is none.</summary>
    private static decimal? Cost(ref Utf8JsonReader reader, decimal perDollar)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var cost) && cost is >= 0 and < 1_000_000_000_000_000m)
            return cost / perDollar;
        reader.Skip();
        return null;
    }

    private static decimal? ReadUpstreamCost(ref Utf8JsonReader reader)
    {
        reader.Read();
        decimal? cost = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return cost;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("upstream_inference_cost"u8)) cost = Cost(ref reader, 1);
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return cost;
    }

    /// <summary>xAI counts the tools that it ran and bills (docs.x.ai, Tool usage details).</summary>
    private static ToolCalls ReadTools(ref Utf8JsonReader reader, ref UsageNumbers numbers)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return default;
        }

        long web = 0, x = 0, files = 0, code = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("web_search_calls"u8)) web = numbers.Count(ref reader);
            else if (reader.ValueTextEquals("x_search_calls"u8)) x = numbers.Count(ref reader);
            else if (reader.ValueTextEquals("file_search_calls"u8) || reader.ValueTextEquals("document_search_calls"u8)) files += numbers.Count(ref reader);
            else if (reader.ValueTextEquals("code_interpreter_calls"u8)) code = numbers.Count(ref reader);
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new ToolCalls { WebSearches = web, XSearches = x, FileSearches = files, CodeExecutions = code };
    }
}
