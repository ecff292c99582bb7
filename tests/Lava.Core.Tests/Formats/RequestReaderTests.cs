using System.Text;
using Lava.Core.Catalogue;
using Lava.Core.Formats;

namespace Lava.Core.Tests.Formats;

public sealed class RequestReaderTests
{
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ";
    private const string Pdf = "JVBERi0xLjcKMSAwIG9iago8PC9UeXBlL0NhdGFsb2c+Pg==";

    [Theory]
    [InlineData(WireFormat.OpenAiChat, """{"model":"gpt-4o","messages":[],"max_tokens":5,"n":3,"stream":true,"stream_options":{"include_usage":true}}""", "gpt-4o", 5L, 3L, true, true)]
    [InlineData(WireFormat.OpenAiChat, """{"model":"gpt-4o","max_tokens":5,"max_completion_tokens":9,"n":null,"stream":false}""", "gpt-4o", 5L, 1L, false, false)]
    [InlineData(WireFormat.OpenAiChat, """{"messages":[{"n":7,"stream":true,"model":"x","max_tokens":9}],"stream_options":{"include_usage":false},"mod\u0065l":"m"}""", "m", null, 1L, false, false)]
    [InlineData(WireFormat.OpenAiResponses, """{"model":"o3","input":"Hi","max_output_tokens":100,"stream":true}""", "o3", 100L, 1L, true, false)]
    [InlineData(WireFormat.Anthropic, """{"model":"claude","max_tokens":1024,"messages":[{"role":"user","content":"Hi"}]}""", "claude", 1024L, 1L, false, false)]
    [InlineData(WireFormat.Gemini, """{"contents":[{"parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":7,"candidateCount":2,"responseSchema":{"maxOutputTokens":{}}}}""", null, 7L, 2L, false, false)]
    [InlineData(WireFormat.Gemini, """{"contents":[],"generation_config":{"max_output_tokens":8,"candidate_count":1}}""", null, 8L, 1L, false, false)]
    [InlineData(WireFormat.BedrockConverse, """{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"inferenceConfig":{"maxTokens":512}}""", null, 512L, 1L, false, false)]
    [InlineData(WireFormat.OpenAiChat, """{"model":"m","max_tokens":-1,"n":-4}""", "m", null, 1L, false, false)]
    [InlineData(WireFormat.OpenAiChat, """{"model":"m","max_tokens":1e99,"n":0.5}""", "m", null, 1L, false, false)]
    public void Members_are_read_in_every_format(WireFormat format, string body, string? model, long? most, long choices, bool stream, bool asks)
    {
        var facts = Read(format, EndpointKind.Chat, body).ShouldNotBeNull();
        facts.Model.ShouldBe(model);
        facts.ModelIsInvalid.ShouldBeFalse();
        facts.MaxOutputTokens.ShouldBe(most);
        facts.Choices.ShouldBe(choices);
        facts.Stream.ShouldBe(stream);
        facts.AsksForUsage.ShouldBe(asks);
        facts.PromptBytes.ShouldBe(Encoding.UTF8.GetByteCount(body));
        facts.MediaParts.ShouldBe(0);
        facts.HasUnseenInput.ShouldBeFalse();
    }

    /// <summary>As Cursor's agent sends it.</summary>
    [Fact]
    public void A_request_for_a_response_is_counted_where_chats_go()
    {
        const string Body = """{"model":"m","max_output_tokens":70,"stream":true,"stream_options":{"include_usage":true},"input":[{"role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"}]}],"tools":[{"type":"custom","name":"p"}]}""";
        var facts = Read(WireFormat.OpenAiChat, EndpointKind.Chat, Body).ShouldNotBeNull();
        (facts.IsForResponse, facts.HasFlatTools, facts.HasCustomTools).ShouldBe((true, true, true));
        (facts.Model, facts.MaxOutputTokens, facts.Stream, facts.AsksForUsage, facts.MediaParts).ShouldBe(("m", null, true, true, 1));
        facts.PromptBytes.ShouldBe(Body.Length - Png.Length);
    }

    [Theory]
    [InlineData("""{"input":"Hi","messages":[]}""", true, false, false)]
    [InlineData("""{"messages":null,"input":[{}]}""", true, false, false)]
    [InlineData("""{"input":[],"messages":[]}""", false, false, false)]
    [InlineData("""{"input":null}""", false, false, false)]
    [InlineData("""{"input":"Hi","messages":[{"role":"user","content":"Hi"}]}""", false, false, false)]
    [InlineData("""{"messages":[{"input":"x","tools":[{"name":"f","type":"custom"}]}]}""", false, false, false)]
    [InlineData("""{"tools":[{"type":"function","function":{"name":"f","parameters":{"properties":{"name":{"type":"custom"}},"name":"custom","type":"custom"}}}]}""", false, false, false)]
    [InlineData("""{"tools":[{"type":"function","function":{"name":"f"}},{"type":"custom","custom":{"name":"g","format":{"type":"text"}}}]}""", false, false, true)]
    [InlineData("""{"tools":[{"type":"custom","custom":{"name":"g"}},{"parameters":{},"name":"f","type":"function"}]}""", false, true, true)]
    [InlineData("""{"tools":["name",{"name":5}],"tool_choice":{"type":"custom","name":"f"}}""", false, false, false)]
    public void Chats_of_another_form_are_told_apart(string body, bool isForResponse, bool hasFlatTools, bool hasCustomTools)
    {
        var facts = Read(WireFormat.OpenAiChat, EndpointKind.Chat, body).ShouldNotBeNull();
        (facts.IsForResponse, facts.HasFlatTools, facts.HasCustomTools).ShouldBe((isForResponse, hasFlatTools, hasCustomTools));
    }

    [Theory]
    [InlineData(WireFormat.OpenAiChat, """{"temperature":0.7,"messages":[]}""", true)]
    [InlineData(WireFormat.OpenAiResponses, """{"input":"Hi","temperature":2}""", true)]
    [InlineData(WireFormat.Anthropic, """{"messages":[],"temperature":1e-3}""", true)]
    [InlineData(WireFormat.Gemini, """{"contents":[],"generationConfig":{"topK":1,"temperature":1}}""", true)]
    [InlineData(WireFormat.Gemini, """{"contents":[],"generation_config":{"temperature":0.1}}""", true)]
    [InlineData(WireFormat.BedrockConverse, """{"messages":[],"inferenceConfig":{"temperature":0.5,"maxTokens":5}}""", true)]
    [InlineData(WireFormat.OpenAiChat, """{"temperature":0,"messages":[]}""", false)]
    [InlineData(WireFormat.OpenAiChat, """{"temperature":0.0}""", false)]
    [InlineData(WireFormat.OpenAiChat, """{"temperature":null}""", false)]
    [InlineData(WireFormat.OpenAiChat, """{"temperature":[1],"messages":[{"temperature":1}],"tools":[{"temperature":{"minimum":1}}]}""", false)]
    [InlineData(WireFormat.OpenAiChat, """{"messages":[]}""", false)]
    public void A_temperature_above_zero_is_seen_where_formats_have_it(WireFormat format, string body, bool hasTemperature) =>
        Read(format, EndpointKind.Chat, body).ShouldNotBeNull().HasTemperature.ShouldBe(hasTemperature);

    [Theory]
    [InlineData("""{"model":5}""")]
    [InlineData("""{"model":null}""")]
    [InlineData("""{"model":""}""")]
    [InlineData("""{"model":["gpt-4o"]}""")]
    [InlineData("""{"model":{"model":"gpt-4o"}}""")]
    public void A_model_of_another_type_is_invalid(string body)
    {
        var facts = Read(WireFormat.OpenAiChat, EndpointKind.Chat, body).ShouldNotBeNull();
        facts.ModelIsInvalid.ShouldBeTrue();
        facts.Model.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{\"model\":\"m\",}")]
    [InlineData("model=m")]
    public void What_is_no_JSON_object_is_refused(string body) => Read(WireFormat.OpenAiChat, EndpointKind.Chat, body).ShouldBeNull();

    [Theory]
    [InlineData("""{"model":"cheap","model":"dear"}""")]
    [InlineData("""{"stream":false,"stream":true}""")]
    [InlineData("""{"stream_options":{"include_usage":true},"stream_options":{}}""")]
    [InlineData("""{"stream_options":{"include_usage":true,"include_usage":false}}""")]
    [InlineData("""{"model":"cheap","mod\u0065l":"dear"}""")]
    [InlineData("""{"max_tokens":1,"max_tokens":100000}""")]
    [InlineData("""{"service_tier":"default","service_tier":"priority"}""")]
    public void A_member_that_decides_the_price_may_stand_once_only(string body) =>
        Read(WireFormat.OpenAiChat, EndpointKind.Chat, body).ShouldNotBeNull().Fault.ShouldNotBeNull().Message.ShouldContain("twice");

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [InlineData(100_000, false)]
    public void Nesting_has_a_bound(int arrays, bool isRead) =>
        (Read(WireFormat.OpenAiChat, EndpointKind.Chat, "{\"a\":" + new string('[', arrays) + new string(']', arrays) + "}") is not null).ShouldBe(isRead);

    // The shapes of platform.openai.com/docs/guides/images, docs.anthropic.com/en/docs/build-with-claude/vision, ai.google.dev/gemini-api/docs/image-understanding
    // and docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ImageBlock.html.
    [Theory]
    [InlineData(WireFormat.OpenAiChat, """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,@"}}]}]}""", Png, true)]
    [InlineData(WireFormat.OpenAiChat, """{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"@","format":"wav"}}]}]}""", "UklGRiQAAABXQVZFZm10IBAAAAABAAEA", false)]
    [InlineData(WireFormat.OpenAiChat, """{"messages":[{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,@"}}]}]}""", Pdf, false)]
    [InlineData(WireFormat.OpenAiResponses, """{"input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/jpeg;base64,@"}]}]}""", "/9j/4AAQSkZJRgABAQAAAQABAAD", true)]
    [InlineData(WireFormat.Anthropic, """{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"@"}}]}]}""", Png, true)]
    [InlineData(WireFormat.Anthropic, """{"messages":[{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"@"}}]}]}""", Pdf, false)]
    [InlineData(WireFormat.Gemini, """{"contents":[{"parts":[{"text":"a"},{"inlineData":{"mimeType":"image/png","data":"@"}}]}]}""", Png, true)]
    [InlineData(WireFormat.Gemini, """{"contents":[{"parts":[{"inline_data":{"mime_type":"image/png","data":"@"}}]}]}""", Png, true)]
    [InlineData(WireFormat.BedrockConverse, """{"messages":[{"role":"user","content":[{"image":{"format":"png","source":{"bytes":"@"}}}]}]}""", Png, true)]
    public void Encoded_media_count_as_parts_and_not_as_text(WireFormat format, string shape, string data, bool isImage)
    {
        var facts = Read(format, EndpointKind.Chat, shape.Replace("@", data, StringComparison.Ordinal)).ShouldNotBeNull();
        facts.MediaParts.ShouldBe(1);
        facts.PromptBytes.ShouldBe(shape.Length - 1);
        facts.MediaBytes.ShouldBe(isImage ? 0 : data.Length);
        facts.HasUnseenInput.ShouldBeFalse();
    }

    [Theory]
    [InlineData(WireFormat.OpenAiChat, """{"messages":[{"content":[{"type":"image_url","image_url":{"url":"https://images.example/a.png"}}]}]}""", 1, false)]
    [InlineData(WireFormat.Anthropic, """{"messages":[{"content":[{"type":"image","source":{"type":"url","url":"https://images.example/a.png"}}]}]}""", 1, false)]
    [InlineData(WireFormat.Anthropic, """{"messages":[{"content":[{"type":"document","source":{"type":"url","url":"https://files.example/a.pdf"}}]}]}""", 1, true)]
    [InlineData(WireFormat.OpenAiResponses, """{"input":[{"content":[{"type":"input_file","file_id":"file-1"}]}]}""", 1, true)]
    [InlineData(WireFormat.Gemini, """{"contents":[{"parts":[{"fileData":{"mimeType":"video/mp4","fileUri":"https://files.example/v"}}]}]}""", 1, true)]
    [InlineData(WireFormat.OpenAiResponses, """{"input":"go on","previous_response_id":"resp_1"}""", 0, true)]
    [InlineData(WireFormat.OpenAiResponses, """{"input":"go on","previous_response_id":null}""", 0, false)]
    [InlineData(WireFormat.OpenAiResponses, """{"prompt":{"id":"pmpt_1","variables":{}}}""", 0, true)]
    [InlineData(WireFormat.Gemini, """{"cachedContent":"cachedContents/1","contents":[]}""", 0, true)]
    public void What_is_only_referred_to_counts(WireFormat format, string body, int parts, bool isUnseen)
    {
        var facts = Read(format, EndpointKind.Chat, body).ShouldNotBeNull();
        facts.MediaParts.ShouldBe(parts);
        facts.HasUnseenInput.ShouldBe(isUnseen);
        facts.PromptBytes.ShouldBe(body.Length);
    }

    [Theory]
    [InlineData("""{"messages":[{"content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"A plain text, not encoded."}}]}]}""")]
    [InlineData("""{"messages":[{"content":[{"type":"tool_use","input":{"data":"aaaaaaaaaaaaaaaaaaaaaaaa","url":"data:;base64,aaaaaaaa"}}]}]}""")]
    [InlineData("""{"messages":[{"content":"data:image/png;base64,iVBORw0KGgo"}]}""")]
    public void Text_in_the_place_of_media_stays_text(string body)
    {
        var facts = Read(WireFormat.Anthropic, EndpointKind.Chat, body).ShouldNotBeNull();
        facts.PromptBytes.ShouldBe(body.Length);
        facts.MediaParts.ShouldBe(0);
    }

    [Theory]
    [InlineData(WireFormat.OpenAiMedia, """{"model":"tts-1","voice":"alloy","input":"Grüße 👋\n\u00e9"}""", "tts-1", 9)]
    [InlineData(WireFormat.ElevenLabs, """{"model_id":"eleven_multilingual_v2","text":"Hi"}""", "eleven_multilingual_v2", 2)]
    public void Spoken_text_is_counted_in_characters(WireFormat format, string body, string model, long characters)
    {
        var facts = Read(format, EndpointKind.Speech, body).ShouldNotBeNull();
        facts.Model.ShouldBe(model);
        facts.Characters.ShouldBe(characters);
    }

    [Fact]
    public void Flat_priced_calls_may_carry_anything() =>
        RequestReader.Read("not json"u8, "text/plain", AnswerFixture.Endpoint(WireFormat.Opaque, EndpointKind.Api)).ShouldNotBeNull().PromptBytes.ShouldBe(8);

    [Fact]
    public void Noise_never_throws()
    {
        var random = new Random(5);
        var body = AnswerFixture.Bytes("""{"model":"gpt","messages":[{"content":[{"image_url":{"url":"data:image/png;base64,iVBO"}},{"source":{"data":"aGk="}}]}],"n":1,"stream_options":{"include_usage":true}}""");
        for (var i = 0; i < 5_000; i++)
        {
            var damaged = body.ToArray();
            for (var hits = random.Next(1, 4); hits > 0; hits--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (RequestReader.Read(damaged, null, AnswerFixture.Endpoint(WireFormat.OpenAiChat, EndpointKind.Chat)) is { } facts) facts.PromptBytes.ShouldBeInRange(0, damaged.Length);
        }
    }

    private static RequestFacts? Read(WireFormat format, EndpointKind kind, string body) =>
        RequestReader.Read(AnswerFixture.Bytes(body), "application/json", AnswerFixture.Endpoint(format, kind));
}
