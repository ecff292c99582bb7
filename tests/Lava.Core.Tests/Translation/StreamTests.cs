using System.Text;
using System.Text.Json;
using Lava.Core.Catalogue;
using static Lava.Core.Catalogue.WireFormat;

namespace Lava.Core.Tests.Translation;

/// <summary>The order of events that clients' SDKs rely on (behaviour.md §3.3 and the vendors' streaming guides).</summary>
public sealed class StreamTests
{
    [Fact]
    public void Anthropic_clients_get_blocks_one_after_the_other()
    {
        foreach (var provider in Run.Formats.Where(format => format != Anthropic))
        {
            var names = Seen.Names(Run.Stream(Run.Plain(Anthropic, provider, stream: true), Samples.Stream(provider)));
            string.Join(' ', names.Distinct()).ShouldBe("message_start content_block_start content_block_delta content_block_stop message_delta message_stop");
            names.Where(name => name.StartsWith("content_block_s", StringComparison.Ordinal)).ShouldBe(["content_block_start", "content_block_stop", "content_block_start", "content_block_stop"]);
        }
    }

    [Fact]
    public void Responses_clients_get_numbered_events_that_add_up()
    {
        foreach (var provider in Run.Formats.Where(format => format != OpenAiResponses))
        {
            var bytes = Run.Stream(Run.Plain(OpenAiResponses, provider, stream: true), Samples.Stream(provider));
            var events = Seen.Data(bytes).Select(data => JsonElement.Parse(data)).ToList();
            events.Select(item => item.GetProperty("type").GetString()).ShouldBe(Seen.Names(bytes));
            events.Select(item => item.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, events.Count));
            string.Join(' ', Seen.Names(bytes).Distinct()).ShouldBe(
                "response.created response.in_progress response.output_item.added response.content_part.added response.output_text.delta response.output_text.done response.content_part.done "
                + "response.output_item.done response.function_call_arguments.delta response.function_call_arguments.done response.completed");
            var items = events.Where(item => item.GetProperty("type").GetString() == "response.output_item.done").Select(item => Run.Text(item.GetProperty("item")));
            string.Join(',', items).ShouldBe(Run.Text(events[^1].GetProperty("response").GetProperty("output"))[1..^1]);
        }
    }

    [Fact]
    public void OpenAI_clients_get_the_role_first_and_the_usage_chunk_only_if_they_asked()
    {
        var request = Run.Plain(OpenAiChat, Anthropic, stream: true, includeUsage: false);
        var events = Seen.Data(Run.Stream(request, Samples.Stream(Anthropic)));
        events[^1].ShouldBe("[DONE]");
        events.ShouldAllBe(data => !data.Contains("usage", StringComparison.Ordinal));
        JsonElement.Parse(events[^2]).GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
        Encoding.UTF8.GetString(request.Body.Span).ShouldContain("\"stream\":true");
    }

    [Fact]
    public void An_OpenAI_provider_is_always_asked_for_usage() =>
        Run.Text(JsonElement.Parse(Run.Plain(Anthropic, OpenAiChat, stream: true).Body.Span).GetProperty("stream_options")).ShouldBe("""{"include_usage":true}""");

    [Fact]
    public void Chunks_of_text_are_OpenAIs_to_the_letter()
    {
        var text = Encoding.UTF8.GetString(Run.Stream(Run.Plain(OpenAiChat, Anthropic, stream: true, includeUsage: false), Samples.Stream(Anthropic)));
        text.ShouldContain("""
            data: {"id":"msg_9","object":"chat.completion.chunk","created":1700000000,"model":"claude-x","choices":[{"index":0,"delta":{"content":"Let me"},"logprobs":null,"finish_reason":null}]}


            """.ReplaceLineEndings("\n"));
        text.ShouldContain("""{"index":0,"delta":{"tool_calls":[{"index":0,"id":"toolu_7","type":"function","function":{"name":"weather","arguments":""}}]},"logprobs":null,"finish_reason":null}""");
        text.ShouldContain("""{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}"""[1..]);
    }

    [Fact]
    public void Calls_that_interleave_come_out_one_after_the_other()
    {
        var bytes = Samples.Events(
            Chunk("""{"role":"assistant","content":null}"""),
            Chunk("""{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}"""),
            Chunk("""{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{\"y\":"}}]}"""),
            Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}},{"index":1,"function":{"arguments":"2}"}}]}"""),
            Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}"""),
            """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
            """{"id":"c","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""",
            "[DONE]");
        foreach (var client in Run.Formats.Where(format => format != OpenAiChat))
            Seen.OfStream(client, Run.Stream(Run.Plain(client, OpenAiChat, stream: true), bytes)).ShouldStartWith("""|f{"x":1}g{"y":2}|""");
    }

    [Theory]
    [InlineData("\"index\":0,", "\"index\":0,")] // Google's endpoint of OpenAI's format
    [InlineData("", "")]
    [InlineData("\"index\":1,", "\"index\":2,")]
    public void Calls_with_odd_indices_are_told_apart_by_their_ids_and_counted_from_zero(string first, string second)
    {
        var bytes = Samples.Events(
            Chunk($$$"""{"tool_calls":[{{{{first}}}"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":"}}]}"""),
            Chunk($$$"""{"tool_calls":[{{{{first}}}"function":{"arguments":"1}"}}]}"""),
            Chunk($$$"""{"tool_calls":[{{{{second}}}"id":"b","type":"function","function":{"name":"f","arguments":"{\"x\":2}"}}]}"""),
            """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
            """{"id":"c","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""",
            "[DONE]");
        foreach (var client in Run.Formats.Where(format => format != OpenAiChat))
            Seen.OfStream(client, Run.Stream(Run.Plain(client, OpenAiChat, stream: true), bytes)).ShouldStartWith("""|f{"x":1}f{"x":2}|""");
    }

    [Fact]
    public void A_call_without_arguments_has_none_instead_of_nothing()
    {
        var bytes = Samples.Events(
            """{"type":"message_start","message":{"id":"m","model":"c"}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"now","input":{}}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":1}}""",
            """{"type":"message_stop"}""");
        foreach (var client in Run.Formats.Where(format => format != Anthropic))
            Seen.OfStream(client, Run.Stream(Run.Plain(client, Anthropic, stream: true), bytes)).ShouldStartWith("|now{}|");
    }

    [Fact]
    public void Thoughts_stay_out_of_the_text_and_keep_their_signature_within_a_family()
    {
        var bytes = Samples.Events(
            """{"type":"message_start","message":{"id":"m","model":"c"}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s1"}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"eA=="}}""",
            """{"type":"content_block_stop","index":1}""",
            """{"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"a"}}""",
            """{"type":"content_block_stop","index":2}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}""",
            """{"type":"message_stop"}""");
        foreach (var client in Run.Formats.Where(format => format != Anthropic))
            Seen.OfStream(client, Run.Stream(Run.Plain(client, Anthropic, stream: true), bytes)).ShouldStartWith("a||");
        Encoding.UTF8.GetString(Run.Stream(Run.Plain(OpenAiChat, Anthropic, stream: true), bytes)).ShouldContain("\"delta\":{\"reasoning_content\":\"Hm.\"}");
        Encoding.UTF8.GetString(Run.Stream(Run.Plain(Gemini, Anthropic, stream: true), bytes)).ShouldContain("{\"text\":\"Hm.\",\"thought\":true}");
        Seen.Names(Run.Stream(Run.Plain(OpenAiResponses, Anthropic, stream: true), bytes)).ShouldContain("response.reasoning_summary_text.delta");
        var deltas = Seen.Frames(Run.Stream(Run.Plain(BedrockConverse, Anthropic, stream: true), bytes)).Where(frame => frame.Type == "contentBlockDelta").Select(frame => Run.Text(frame.Payload.GetProperty("delta")));
        deltas.ShouldBe(["""{"reasoningContent":{"text":"Hm."}}""", """{"reasoningContent":{"signature":"s1"}}""", """{"reasoningContent":{"redactedContent":"eA=="}}""", """{"text":"a"}"""]);
    }

    [Theory]
    [InlineData(Anthropic)]
    [InlineData(BedrockConverse)]
    public void A_streamed_answer_that_was_asked_for_by_a_schema_is_plain_JSON_text(WireFormat provider)
    {
        var request = Run.Request(OpenAiChat, provider, """{"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hi"}],"response_format":{"type":"json_schema","json_schema":{"name":"w","schema":{"type":"object"}}}}""");
        var bytes = Samples.Stream(provider);
        var renamed = provider == Anthropic
            ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("\"weather\"", "\"lava_json_answer\"", StringComparison.Ordinal))
            : Samples.Frames(
                ("messageStart", """{"role":"assistant"}"""),
                ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"Let me look."}}"""),
                ("contentBlockStop", """{"contentBlockIndex":0}"""),
                ("contentBlockStart", """{"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"t","name":"lava_json_answer"}}}"""),
                ("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"city\":\"Zürich\"}"}}}"""),
                ("contentBlockStop", """{"contentBlockIndex":1}"""),
                ("messageStop", """{"stopReason":"tool_use"}"""),
                ("metadata", """{"usage":{"inputTokens":20,"outputTokens":12,"totalTokens":42,"cacheReadInputTokens":10}}"""));
        Seen.OfStream(OpenAiChat, Run.Stream(request, renamed)).ShouldBe("""Let me look.{"city":"Zürich"}||stop|30/10/12""");
    }

    [Fact]
    public void A_Gemini_client_without_events_gets_one_JSON_array()
    {
        var request = Run.Request(Gemini, Anthropic, """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""", Run.OptionsOf(Gemini, stream: true) with { AsEvents = false });
        request.AnswerType.ShouldBe("application/json");
        var array = JsonElement.Parse(Run.Stream(request, Samples.Stream(Anthropic)));
        array.ValueKind.ShouldBe(JsonValueKind.Array);
        array[array.GetArrayLength() - 1].GetProperty("candidates")[0].GetProperty("finishReason").GetString().ShouldBe("STOP");
        var broken = JsonElement.Parse(Run.Stream(request, Samples.Stream(Anthropic).AsSpan(0, 700)));
        broken[broken.GetArrayLength() - 1].GetProperty("error").GetProperty("code").GetInt32().ShouldBe(502);
    }

    [Fact]
    public void An_error_in_the_middle_of_a_stream_is_the_clients_with_the_providers_message()
    {
        var streams = new[]
        {
            (OpenAiChat, Samples.Events("""{"error":{"message":"Too busy.","type":"server_error","code":null}}""")),
            (OpenAiResponses, Samples.Events("""{"type":"response.created","response":{"id":"r","model":"m"}}""", """{"type":"response.failed","response":{"error":{"code":"server_error","message":"Too busy."}}}""")),
            (Anthropic, Samples.Events("""{"type":"message_start","message":{"id":"m","model":"c"}}""", """{"type":"error","error":{"type":"overloaded_error","message":"Too busy."}}""", """{"type":"message_stop"}""")),
            (Gemini, Samples.Events("""{"error":{"code":503,"message":"Too busy.","status":"UNAVAILABLE"}}""")),
            (BedrockConverse, [.. Samples.Frames(("messageStart", """{"role":"assistant"}""")), .. Formats.EventStreamFrame.Of("throttlingException", """{"message":"Too busy."}""", "exception")]),
        };
        foreach (var (provider, bytes) in streams)
        {
            foreach (var client in Run.Formats.Where(format => format != provider))
            {
                var request = Run.Plain(client, provider, stream: true);
                var text = Encoding.UTF8.GetString(Run.Stream(request, bytes));
                text.ShouldContain("Too busy.", Case.Sensitive, $"{provider} to {client}");
                text.ShouldNotContain("message_stop");
                text.ShouldNotContain("[DONE]");
                using var stream = request.OpenStream();
                stream.Push(bytes, new System.Buffers.ArrayBufferWriter<byte>());
                stream.HasFailed.ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void Content_that_no_client_can_be_given_ends_the_stream_in_an_error()
    {
        var bytes = Samples.Events("""{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"aGk="}}]},"finishReason":"STOP"}]}""");
        Encoding.UTF8.GetString(Run.Stream(Run.Plain(OpenAiChat, Gemini, stream: true), bytes)).ShouldContain("\"error\"");
    }

    [Fact]
    public void Carriage_returns_comments_and_names_make_no_difference()
    {
        var plain = Samples.Stream(Anthropic);
        var request = Run.Plain(OpenAiChat, Anthropic, stream: true);
        var dressed = ": hello\r\n\r\n" + Encoding.UTF8.GetString(plain).Replace("data: ", "event: x\ndata:", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        Run.Stream(request, Encoding.UTF8.GetBytes(dressed)).ShouldBe(Run.Stream(request, plain));
    }

    [Fact]
    public void Data_of_several_lines_are_one()
    {
        var plain = Samples.Stream(Anthropic);
        var request = Run.Plain(OpenAiChat, Anthropic, stream: true);
        foreach (var end in new[] { "\n", "\r\n", "\r" })
        {
            var dressed = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(plain).Replace("{\"type\"", "{\ndata: \"type\"", StringComparison.Ordinal).Replace("\n", end, StringComparison.Ordinal));
            Run.Stream(request, dressed).ShouldBe(Run.Stream(request, plain));
            Run.Stream(request, dressed, [.. Enumerable.Range(0, dressed.Length)]).ShouldBe(Run.Stream(request, plain));
        }
    }

    [Fact]
    public void A_call_without_an_id_gets_one_that_no_other_answer_has() =>
        System.Text.Encoding.UTF8.GetString(Run.Stream(Run.Plain(OpenAiChat, Gemini, stream: true), Samples.Stream(Gemini))).ShouldContain("\"id\":\"call_A1_1\"");

    [Fact]
    public void A_delta_costs_little_memory()
    {
        var delta = Samples.Events("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a word and another"}}""");
        using var stream = Run.Plain(OpenAiChat, Anthropic, stream: true).OpenStream();
        var output = new System.Buffers.ArrayBufferWriter<byte>(1 << 20);
        stream.Push(Samples.Events("""{"type":"message_start","message":{"id":"m","model":"c"}}""", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""), output);
        for (var i = 0; i < 100; i++) stream.Push(delta, output);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) stream.Push(delta, output);
        ((GC.GetAllocatedBytesForCurrentThread() - before) / 1000).ShouldBeLessThan(400);
    }

    [Fact]
    public void Nothing_is_written_after_the_end()
    {
        foreach (var (client, provider) in Run.Pairs)
        {
            using var stream = Run.Plain(client, provider, stream: true).OpenStream();
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            stream.Push(Samples.Stream(provider), output);
            stream.Complete(output);
            var length = output.WrittenCount;
            stream.Push(Samples.Stream(provider), output);
            stream.Complete(output);
            output.WrittenCount.ShouldBe(length, $"{provider} to {client}");
        }
    }

    private static string Chunk(string delta) => $$"""{"id":"c","model":"m","choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}""";
}
