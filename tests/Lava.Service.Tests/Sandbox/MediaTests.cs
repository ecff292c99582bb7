using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Service.Tests.Sandbox;

public sealed class MediaTests : IDisposable
{
    private static readonly ProviderEndpoint Embeddings = SandboxClient.Endpoint("/v1/embeddings", EndpointKind.Embeddings, WireFormat.OpenAiMedia);
    private static readonly ProviderEndpoint Speech = SandboxClient.Endpoint("/v1/audio/speech", EndpointKind.Speech, WireFormat.OpenAiMedia);
    private static readonly ProviderEndpoint Transcriptions = SandboxClient.Endpoint("/v1/audio/transcriptions", EndpointKind.Transcription, WireFormat.OpenAiMedia);
    private static readonly ProviderEndpoint Images = SandboxClient.Endpoint("/v1/images/generations", EndpointKind.Images, WireFormat.OpenAiMedia);
    private static readonly ProviderEndpoint TextToSpeech = SandboxClient.Endpoint("/v1/text-to-speech/{id}", EndpointKind.Speech, WireFormat.ElevenLabs);
    private static readonly ProviderEndpoint SpeechToText = SandboxClient.Endpoint("/v1/speech-to-text", EndpointKind.Transcription, WireFormat.ElevenLabs);

    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Embeddings_are_unit_vectors_that_depend_on_their_text()
    {
        var body = await _client.JsonAsync(Embeddings, """{"model":"e","input":["abcd","efghi","abcd"],"dimensions":64}""");

        var vectors = body.GetProperty("data").EnumerateArray().Select(entry => entry.GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle()).ToArray()).ToList();
        vectors.ShouldAllBe(vector => vector.Length == 64 && Math.Abs(vector.Sum(value => (double)value * value) - 1) < 1e-5);
        vectors[0].ShouldBe(vectors[2]);
        vectors[0].ShouldNotBe(vectors[1]);
        body.GetProperty("data").EnumerateArray().Select(entry => entry.GetProperty("index").GetInt32()).ShouldBe([0, 1, 2]);
        body.GetProperty("usage").GetRawText().ShouldBe("""{"prompt_tokens":4,"total_tokens":4}""");
    }

    [Fact]
    public async Task Embeddings_in_base64_are_the_same_floats()
    {
        var plain = await _client.JsonAsync(Embeddings, """{"model":"e","input":"abcd"}""");
        var packed = await _client.JsonAsync(Embeddings, """{"model":"e","input":"abcd","encoding_format":"base64"}""");

        var bytes = packed.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        var floats = Enumerable.Range(0, bytes.Length / 4).Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * 4)));
        floats.ShouldBe(plain.GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle()));
    }

    [Fact]
    public async Task A_list_of_tokens_is_one_input_of_as_many_tokens()
    {
        var body = await _client.JsonAsync(Embeddings, """{"model":"e","input":[1,2,3]}""");

        body.GetProperty("data").GetArrayLength().ShouldBe(1);
        body.GetProperty("usage").GetProperty("prompt_tokens").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task Speech_is_a_wave_of_the_seconds_asked_for()
    {
        using var answer = await _client.SendAsync(Speech, """{"model":"tts-1","voice":"alloy","input":"Hi [sandbox: seconds=1.5]"}""");
        var wave = await answer.Content.ReadAsByteArrayAsync();

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("audio/wav");
        Encoding.ASCII.GetString(wave, 0, 4).ShouldBe("RIFF");
        BinaryPrimitives.ReadInt32LittleEndian(wave.AsSpan(4)).ShouldBe(wave.Length - 8);
        var bytesPerSecond = BinaryPrimitives.ReadInt32LittleEndian(wave.AsSpan(28));
        BinaryPrimitives.ReadInt32LittleEndian(wave.AsSpan(40)).ShouldBe(wave.Length - 44);
        ((wave.Length - 44) / (double)bytesPerSecond).ShouldBe(1.5);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("elevenlabs")]
    public async Task Speech_as_mp3_is_whole_frames(string provider)
    {
        using var answer = provider == "openai"
            ? await _client.SendAsync(Speech, """{"model":"tts-1","voice":"alloy","input":"Hi","response_format":"mp3"}""", "seconds=1")
            : await _client.SendAsync(TextToSpeech, """{"text":"Hi","model_id":"eleven_v3"}""", "seconds=1");
        var audio = await answer.Content.ReadAsByteArrayAsync();

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("audio/mpeg");

        // 128 kbit/s at 44.1 kHz without padding: 144 × 128,000 / 44,100 bytes a frame, 1,152 samples each.
        audio.Length.ShouldBe(39 * 417);
        Enumerable.Range(0, 39).ShouldAllBe(frame => audio[frame * 417] == 0xFF && audio[(frame * 417) + 1] == 0xFB);
    }

    [Theory]
    [InlineData("pcm_24000", "audio/pcm", 0)]
    [InlineData("wav_24000", "audio/wav", (byte)'R')]
    [InlineData("opus_48000_128", "audio/mpeg", 0xFF)]
    public async Task ElevenLabs_speech_has_the_format_that_the_address_asks_for(string format, string type, byte first)
    {
        using var answer = await _client.SendAsync(
            TextToSpeech, """{"text":"Hi","model_id":"eleven_v3"}""", url: "https://api.elevenlabs.io/v1/text-to-speech/v?output_format=" + format);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        (await answer.Content.ReadAsByteArrayAsync())[0].ShouldBe(first);
    }

    [Theory]
    [InlineData("""{"model_id":"eleven_v3"}""", "", 422, "invalid_request", "text")]
    [InlineData("""{"text":"Hi"}""", "?output_format=aac", 422, "invalid_request", "output_format")]
    [InlineData("""{"text":"Hi","voice_settings":{"speed":1.5}}""", "", 400, "invalid_voice_settings", "greater or equal to 0.7 and less or equal to 1.2, received 1.5")]
    [InlineData("""{"text":"Hi","voice_settings":{"stability":-1}}""", "", 400, "invalid_voice_settings", "stability")]
    public async Task ElevenLabs_refuses_what_it_does_not_take(string body, string query, int status, string code, string word)
    {
        using var answer = await _client.SendAsync(TextToSpeech, body, url: "https://api.elevenlabs.io/v1/text-to-speech/v" + query);
        var detail = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()).GetProperty("detail");

        ((int)answer.StatusCode, detail.GetProperty("status").GetString()).ShouldBe((status, code));
        detail.GetProperty("message").GetString()!.ShouldContain(word);
    }

    [Fact]
    public async Task Speech_with_timestamps_aligns_every_character()
    {
        var endpoint = SandboxClient.Endpoint("/v1/text-to-speech/{id}/with-timestamps", EndpointKind.Speech, WireFormat.ElevenLabs);
        var body = await _client.JsonAsync(endpoint, """{"text":"Hé👋","model_id":"eleven_v3"}""");

        body.GetProperty("audio_base64").GetBytesFromBase64()[0].ShouldBe((byte)0xFF);
        body.GetProperty("alignment").GetProperty("characters").EnumerateArray().Select(entry => entry.GetString()).ShouldBe(["H", "é", "👋"]);
        body.GetProperty("alignment").GetProperty("character_end_times_seconds").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task A_transcription_by_seconds_tells_them_in_usage_and_duration()
    {
        var plain = JsonElement.Parse(await Transcribe("whisper-1", null, "seconds=12.5"));
        var verbose = JsonElement.Parse(await Transcribe("whisper-1", "verbose_json", "seconds=12.5"));
        var text = Encoding.UTF8.GetString(await Transcribe("whisper-1", "text", "output_tokens=2"));

        plain.GetProperty("usage").GetRawText().ShouldBe("""{"type":"duration","seconds":13}""");
        verbose.GetProperty("duration").GetDecimal().ShouldBe(12.5m);
        verbose.GetProperty("segments")[0].GetProperty("end").GetDecimal().ShouldBe(12.5m);
        verbose.GetProperty("text").GetString().ShouldBe(plain.GetProperty("text").GetString());
        text.ShouldBe("The sandbox\n");
    }

    [Fact]
    public async Task A_transcription_by_tokens_counts_audio_and_words_in_a_body_and_in_a_stream()
    {
        const string Usage = """{"type":"tokens","total_tokens":28,"input_tokens":20,"input_token_details":{"text_tokens":0,"audio_tokens":20},"output_tokens":8}""";
        var plain = JsonElement.Parse(await Transcribe("gpt-4o-transcribe", "json", "seconds=2; output_tokens=8"));
        var events = SandboxClient.Events(await Transcribe("gpt-4o-transcribe", "json", "seconds=2; output_tokens=8", stream: true));

        plain.GetProperty("usage").GetRawText().ShouldBe(Usage);
        events.Count.ShouldBe(8 + 2);
        JsonElement.Parse(events[^2].Data).GetProperty("usage").GetRawText().ShouldBe(Usage);
    }

    [Theory]
    [InlineData("srt", "1\n00:00:00,000 --> 00:01:02,500\n")]
    [InlineData("vtt", "WEBVTT\n\n00:00:00.000 --> 00:01:02.500\n")]
    public async Task A_transcription_may_be_subtitles(string format, string start) =>
        Encoding.UTF8.GetString(await Transcribe("whisper-1", format, "seconds=62.5")).ShouldStartWith(start);

    [Fact]
    public async Task ElevenLabs_transcribes_word_by_word()
    {
        using var form = new MultipartFormDataContent { { new StringContent("scribe_v1"), "model_id" } };
        using var answer = await _client.SendAsync(SpeechToText, null, "output_tokens=4; seconds=2", content: form);
        var body = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync());

        body.GetProperty("words").GetArrayLength().ShouldBe(4);
        body.GetProperty("words")[3].GetProperty("end").GetDecimal().ShouldBe(2);
        string.Join(' ', body.GetProperty("words").EnumerateArray().Select(word => word.GetProperty("text").GetString())).ShouldBe(body.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Images_are_addresses_or_pixels_as_many_as_asked()
    {
        var urls = await _client.JsonAsync(Images, """{"model":"dall-e-2","prompt":"a cat","n":2}""");
        var pixels = await _client.JsonAsync(Images, """{"model":"dall-e-3","prompt":"a cat [sandbox: images=3]","response_format":"b64_json"}""");

        urls.GetProperty("data").EnumerateArray().Select(image => image.GetProperty("url").GetString()).Distinct().Count().ShouldBe(2);
        pixels.GetProperty("data").GetArrayLength().ShouldBe(3);
        var png = pixels.GetProperty("data")[0].GetProperty("b64_json").GetBytesFromBase64();
        png[..8].ShouldBe([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(29)).ShouldBe(SandboxClient.Crc(png.AsSpan(12, 17)));
    }

    [Fact]
    public async Task Images_by_tokens_count_prompt_and_pictures()
    {
        var body = await _client.JsonAsync(Images, """{"model":"gpt-image-1","prompt":"12345678","n":2}""");

        body.GetProperty("data")[0].TryGetProperty("b64_json", out _).ShouldBeTrue();
        body.GetProperty("usage").GetRawText().ShouldBe(
            """{"total_tokens":546,"input_tokens":2,"output_tokens":544,"input_tokens_details":{"text_tokens":2,"image_tokens":0,"cached_tokens":0}}""");
    }

    [Theory]
    [InlineData("https://api.openai.com/v1/models", "data")]
    [InlineData("https://api.anthropic.com/v1/models", "data")]
    [InlineData("https://generativelanguage.googleapis.com/v1beta/models", "models")]
    [InlineData("https://generativelanguage.googleapis.com/v1beta/openai/models", "data")]
    [InlineData("https://api.elevenlabs.io/v1/voices", "voices")]
    public async Task Models_are_listed_in_the_providers_shape(string url, string list)
    {
        var endpoint = SandboxClient.Endpoint(new Uri(url).AbsolutePath, EndpointKind.Metadata, WireFormat.Opaque, method: "GET");

        (await _client.JsonAsync(endpoint, null, url: url)).GetProperty(list).GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_single_model_is_the_one_asked_for()
    {
        var endpoint = SandboxClient.Endpoint("/v1/models/{model}", EndpointKind.Metadata, WireFormat.Opaque, method: "GET");

        (await _client.JsonAsync(endpoint, null, url: "https://api.openai.com/v1/models/gpt-4o")).GetProperty("id").GetString().ShouldBe("gpt-4o");
        (await _client.JsonAsync(endpoint, null, url: "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro")).GetProperty("name").GetString().ShouldBe("models/gemini-2.5-pro");
    }

    [Fact]
    public async Task Anything_else_is_echoed_without_its_query()
    {
        var endpoint = SandboxClient.Endpoint("/v1/things", EndpointKind.Api, WireFormat.Opaque, method: "DELETE");

        (await _client.JsonAsync(endpoint, null, url: "https://api.example.com/v1/things?key=1")).GetRawText().ShouldBe("""{"ok":true,"method":"DELETE","path":"/v1/things"}""");
    }

    private async Task<byte[]> Transcribe(string model, string? format, string directives, bool stream = false)
    {
        using var file = new ByteArrayContent([1, 2, 3]);
        file.Headers.ContentType = new MediaTypeHeaderValue("audio/wav");
        using var form = new MultipartFormDataContent { { file, "file", "clip.wav" }, { new StringContent(model), "model" }, { new StringContent(""), "prompt" } };
        if (format is not null) form.Add(new StringContent(format), "response_format");
        if (stream) form.Add(new StringContent("true"), "stream");
        using var answer = await _client.SendAsync(Transcriptions, null, directives, content: form, model: model);
        ((int)answer.StatusCode).ShouldBe(200);
        return await answer.Content.ReadAsByteArrayAsync();
    }
}
