using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Lava.Core.Catalogue;
using Lava.Core.Translation;

namespace Lava.Core.Tests.Translation;

/// <summary>Whatever bytes come, the answer is a translation or an issue, in bounded time and memory.</summary>
public sealed class FuzzTests
{
    private const int Cases = 600;

    private static readonly string[] Requests =
    [
        """{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}}]},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"c","content":"1"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":{"type":["string","null"]}}}}}],"tool_choice":"auto","stop":["a"],"stream":true,"max_tokens":5,"response_format":{"type":"json_object"}}""",
        """{"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"a"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"1"},{"type":"reasoning","summary":[]}],"tools":[{"type":"function","name":"f","parameters":{"type":"object"}}],"text":{"format":{"type":"json_schema","name":"x","schema":{"type":"object","properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{"a":{"$ref":"#/$defs/a"}}}}},"reasoning":{"effort":"low"}}""",
        """{"model":"m","max_tokens":9,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"tool_use","id":"c","name":"f","input":{"a":[1]}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"1"}],"is_error":true},{"type":"document","source":{"type":"text","data":"d"}}]}],"tools":[{"name":"f","input_schema":{"type":"object"}}],"thinking":{"type":"enabled","budget_tokens":2000}}""",
        """{"systemInstruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[{"text":"a"},{"inlineData":{"mimeType":"image/png","data":"aGk="}}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{}},"thoughtSignature":"s"}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":"1"}}}]}],"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING","nullable":true}}}}]}],"generationConfig":{"responseMimeType":"application/json","thinkingConfig":{"thinkingBudget":-1}}}""",
        """{"system":[{"text":"s"},{"cachePoint":{"type":"default"}}],"messages":[{"role":"user","content":[{"text":"a"},{"image":{"format":"png","source":{"bytes":"aGk="}}}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"c","name":"f","input":{}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"c","content":[{"json":{"a":1}}],"status":"error"}}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}}],"toolChoice":{"any":{}}},"inferenceConfig":{"maxTokens":5}}""",
    ];

    private static readonly string[] Mixed =
    [
        """{"model":"m","messages":[{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"c","type":"custom","custom":{"name":"p","input":"x"}},{"id":"d","type":"function","function":{"name":"p","arguments":"y"}}]},{"role":"tool","tool_call_id":"c","content":"1"},{"role":"user","content":[{"type":"tool_result","tool_use_id":"d","content":"2"}]}],"tools":[{"type":"custom","custom":{"name":"p","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"d"}}}},{"type":"custom","name":"q","format":{"type":"text"}},{"name":"r","input_schema":{"type":"object"}}],"tool_choice":{"type":"custom","custom":{"name":"p"}}}""",
        """{"model":"m","input":[{"role":"user","content":"a"},{"type":"custom_tool_call","call_id":"c","name":"p","input":"x"},{"type":"custom_tool_call_output","call_id":"c","output":"1"}],"tools":[{"type":"custom","name":"p","format":{"type":"grammar","syntax":"regex","definition":"d"}}],"stream":true,"stream_options":{"include_usage":true},"tool_choice":{"type":"custom","name":"p"}}""",
    ];

    private static readonly byte[][] Odd =
    [
        "{"u8.ToArray(), "}"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(), "\""u8.ToArray(), "null"u8.ToArray(), "1e400"u8.ToArray(), "\\ud800"u8.ToArray(), [0xFF], [0xC3], "\n\n"u8.ToArray(), "data: "u8.ToArray(),
        "-1"u8.ToArray(), "9223372036854775808"u8.ToArray(), "true"u8.ToArray(), "{}"u8.ToArray(), "[]"u8.ToArray(), ","u8.ToArray(), ":"u8.ToArray(), [0], Encoding.UTF8.GetBytes(new string('[', 200)),
    ];

    private static Gen<byte[]> Mutations(IReadOnlyList<byte[]> corpus) =>
        from text in Gen.Elements<byte[]>(corpus)
        from count in Gen.Choose(1, 4)
        from at in Gen.Choose(0, 1_000_000).ListOf(4)
        from kind in Gen.Choose(0, 4).ListOf(4)
        from odd in Gen.Choose(0, Odd.Length - 1).ListOf(4)
        select Enumerable.Range(0, count).Aggregate(text, (bytes, i) => Mutate(bytes, at[i], kind[i], Odd[odd[i]]));

    private static Gen<byte[]> Noise => Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();

    [Fact]
    public void No_request_breaks_a_reader()
    {
        var corpus = Requests.Concat(Mixed).Select(Encoding.UTF8.GetBytes).ToList();
        foreach (var body in Bytes(corpus))
        {
            foreach (var client in Run.Formats)
            {
                foreach (var provider in Run.Formats.Where(format => format != client || client == WireFormat.OpenAiChat))
                {
                    Translator.For(client, provider)!.TryTranslate(body, Run.OptionsOf(client), out var request, out var issue).ShouldBe(issue is null && request is not null);
                    if (request is not null) JsonElement.Parse(request.Body.Span).ValueKind.ShouldBe(JsonValueKind.Object);
                }
            }
        }
    }

    [Fact]
    public void No_answer_breaks_a_reader()
    {
        var corpus = Run.Formats.Select(format => Encoding.UTF8.GetBytes(Samples.Answer(format))).ToList();
        var requests = Run.Pairs.Select(pair => Run.Plain(pair.Client, pair.Provider)).ToList();
        foreach (var body in Bytes(corpus))
        {
            foreach (var request in requests)
            {
                var output = new ArrayBufferWriter<byte>();
                if (request.TryTranslateAnswer(body, output, out var issue)) JsonElement.Parse(output.WrittenSpan).ValueKind.ShouldBe(JsonValueKind.Object);
                else (issue is not null && output.WrittenCount == 0).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void No_error_breaks_a_reader()
    {
        var corpus = new[] { """{"error":{"message":"m","type":"t","code":5}}""", """{"type":"error","error":{"type":"t","message":"m"}}""", """[{"error":{"code":1,"message":"m","status":"S"}}]""", """{"message":"m"}""" };
        foreach (var body in Bytes([.. corpus.Select(Encoding.UTF8.GetBytes)]))
        {
            foreach (var (client, provider) in Run.Pairs)
            {
                var output = new ArrayBufferWriter<byte>();
                Translator.For(client, provider)!.TranslateError(500, body, output);
                output.WrittenCount.ShouldBeGreaterThan(0);
            }
        }
    }

    [Fact]
    public void No_stream_breaks_a_reader_and_every_one_ends()
    {
        var corpus = Run.Formats.Select(Samples.Stream).ToList();
        var requests = Run.Pairs.Select(pair => (pair.Client, Request: Run.Plain(pair.Client, pair.Provider, stream: true))).ToList();
        var number = 0;
        foreach (var body in Bytes(corpus))
        {
            // Each body goes to a quarter of the pairs, and to every pair some bodies.
            foreach (var (client, request) in requests.Where((_, index) => (index + number) % 4 == 0))
            {
                var whole = Run.Stream(request, body);
                if (client == WireFormat.BedrockConverse) Seen.Frames(whole).ShouldNotBeEmpty();
                else foreach (var data in Seen.Data(whole)) (data == "[DONE]" || JsonElement.Parse(data).ValueKind == JsonValueKind.Object).ShouldBeTrue();
                var cut = Run.Stream(request, body, body.Length / 3, body.Length / 2);
                cut.ShouldBe(whole);
            }

            number++;
        }
    }

    [Fact]
    public void No_stream_of_a_custom_call_breaks_a_reader()
    {
        var requests = Mixed.SelectMany(body => Run.Formats.Select(provider => Run.Request(WireFormat.OpenAiChat, provider, body))).ToList();
        var corpus = Run.Formats.Select(provider => Calls.Stream(provider, "p", """{"input":"a\n\"b\" \ud83d\ude00"}""", 3)).Append(Calls.CustomStream(WireFormat.OpenAiChat, "p", "a\n😀", 1)).ToList();
        foreach (var (body, number) in Bytes(corpus).Select((body, number) => (body, number)))
        {
            var request = requests[number % requests.Count];
            var whole = Run.Stream(request, body);
            foreach (var data in Seen.Data(whole)) (data == "[DONE]" || JsonElement.Parse(data).ValueKind == JsonValueKind.Object).ShouldBeTrue();
            Run.Stream(request, body, body.Length / 3, body.Length / 2).ShouldBe(whole);
        }
    }

    [Fact]
    public void A_stream_without_an_end_is_given_up_in_bounded_memory()
    {
        var piece = Encoding.UTF8.GetBytes(new string('x', 64 * 1024));
        foreach (var (client, provider) in Run.Pairs)
        {
            using var stream = Run.Plain(client, provider, stream: true).OpenStream();
            var output = new ArrayBufferWriter<byte>();
            stream.Push("data: \""u8, output);
            for (var i = 0; i < 300 && !stream.IsComplete; i++) stream.Push(piece, output);
            stream.IsComplete.ShouldBeTrue($"{provider} to {client}");
            stream.HasFailed.ShouldBeTrue();
            output.WrittenCount.ShouldBeLessThan(4096);
        }
    }

    /// <summary>Work grows with the body, not with its square: were it otherwise, this would not end in minutes.</summary>
    [Fact]
    public void Long_bodies_of_any_shape_are_read_in_passing()
    {
        const int Count = 60_000;
        string Many(string item) => string.Join(',', Enumerable.Repeat(item, Count));
        string Each(Func<int, string> item) => string.Join(',', Enumerable.Range(0, Count).Select(item));
        var bodies = new[]
        {
            (WireFormat.OpenAiChat, "{\"model\":\"m\",\"messages\":[" + Many("""{"role":"user","content":"a"}""") + "]}"),
            (WireFormat.OpenAiChat, "{\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[" + Each(i => $$$"""{"id":"a {{{i}}}","function":{"name":"f","arguments":"{}"}}""") + "]}," + Each(i => $$"""{"role":"tool","tool_call_id":"a {{i}}","content":"1"}""") + "]}"),
            (WireFormat.OpenAiResponses, "{\"model\":\"m\",\"input\":[" + Many("""{"role":"user","content":"a"}""") + "]}"),
            (WireFormat.Anthropic, "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[" + Many("5") + "]}]}"),
            (WireFormat.Anthropic, "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\",\"properties\":{" + Each(i => $$"""
                "p{{i}}":{}
                """) + "},\"required\":[" + Each(i => $"\"p{i}\"") + "]}}]}"),
            (WireFormat.Gemini, "{\"contents\":[{\"role\":\"model\",\"parts\":[" + Many("""{"functionCall":{"name":"f"}}""") + "]},{\"parts\":[" + Each(i => $$$$"""{"functionResponse":{"name":"f","id":"call_{{{{Count - i}}}}","response":{}}}""") + "]}]}"),
            (WireFormat.Gemini, "{\"contents\":[],\"tools\":[{" + Each(i => $"\"t{i}\":null") + "}]}"),
            (WireFormat.Gemini, "{\"contents\":[{\"parts\":[{" + Each(i => $"\"t{i}\":null") + "}]}]}"),
            (WireFormat.BedrockConverse, "{\"messages\":[" + Many("""{"role":"user","content":[{"text":"a"},{"cachePoint":{}}]}""") + "]}"),
        };
        foreach (var (client, body) in bodies)
        {
            foreach (var provider in Run.Formats.Where(format => format != client)) Run.Try(client, provider, body);
        }
    }

    private static IEnumerable<byte[]> Bytes(IReadOnlyList<byte[]> corpus) =>
        Mutations(corpus).Sample(Cases, 100).Concat(Noise.Sample(Cases / 6, 100));

    private static byte[] Mutate(byte[] bytes, int at, int kind, byte[] odd)
    {
        if (bytes.Length == 0) return odd;
        at %= bytes.Length;
        return kind switch
        {
            0 => [.. bytes[..at], .. odd, .. bytes[at..]],
            1 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + odd.Length)..]],
            2 => [.. bytes[..at], .. odd, .. bytes[Math.Min(bytes.Length, at + odd.Length)..]],
            3 => bytes[..at],
            _ => [.. bytes[..at], .. bytes[(at / 2)..]],
        };
    }
}
