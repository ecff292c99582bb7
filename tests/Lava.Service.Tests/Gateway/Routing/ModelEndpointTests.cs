using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Lava.Service.Tests.Gateway.Routing;

/// <summary>The endpoints by model beside conversations, against the sandbox. Amounts are by hand from the providers' lists.</summary>
public sealed class ModelEndpointTests(SandboxedWorld sandboxed) : IClassFixture<SandboxedWorld>
{
    private static readonly byte[] Pixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    private readonly OddProviderWorld _world = sandboxed.World;

    /// <summary>Prices: gpt-3.5-turbo-instruct 1.50 and 2.00, babbage-002 0.40 and 0.40, gpt-image-1 5 and 40, gpt-4o-mini-tts 0.60 and 12, rerank-2.5 0.05 a million tokens; tts-1 15 a million
    /// characters, eleven_multilingual_v2 and eleven_v3 100, eleven_flash_v2_5 50; dall-e-2 0.02 and dall-e-3 0.04 an image; rerank-v3.5 2.00 a thousand searches.</summary>
    [Theory]
    [InlineData("/v1/completions", """{"model":"gpt-3.5-turbo-instruct","prompt":"Once","max_tokens":500}""", "input_tokens=1000; output_tokens=500", "openai", "0.0025")]
    [InlineData("/v1/completions", """{"model":"openai/gpt-3.5-turbo-instruct","prompt":"Once","max_tokens":500}""", "input_tokens=1000; output_tokens=500", "openai", "0.0025")]
    [InlineData("/v1/completions", """{"model":"gpt-3.5-turbo-instruct","prompt":"Once","max_tokens":500,"n":2,"best_of":3}""", "input_tokens=1000; output_tokens=500", "openai", "0.0045")]
    [InlineData("/v1/completions", """{"model":"babbage-002","prompt":["a","b"],"max_tokens":100}""", "input_tokens=500; output_tokens=100", "openai", "0.00028")]
    [InlineData("/v1/completions", """{"model":"babbage-002","prompt":"a","stream":true,"max_tokens":100}""", "input_tokens=500; output_tokens=100", "openai", "0.00024")]
    [InlineData("/v1/moderations", """{"model":"omni-moderation-latest","input":"I want to hug them."}""", "", "openai", "0")]
    [InlineData("/v1/moderations", """{"input":"I want to hug them."}""", "", "openai", "0")]
    [InlineData("/v1/rerank", """{"model":"rerank-v3.5","query":"capital","documents":["Paris is the capital of France.","Lyon"]}""", "", "cohere", "0.002")]
    [InlineData("/v1/rerank", """{"model":"cohere/rerank-v4.0-pro","query":"capital","documents":["Paris"],"top_n":1}""", "search_units=1", "cohere", "0.0025")]
    [InlineData("/v1/rerank", """{"model":"rerank-2.5","query":"capital","documents":["Paris","Lyon"],"top_k":1}""", "input_tokens=200000", "voyage", "0.01")]
    [InlineData("/v1/rerank", """{"model":"jina-reranker-m0","query":"capital","documents":[{"text":"Paris"}],"top_n":1}""", "input_tokens=2000", "jina", "0.0001")]
    [InlineData("/v1/images/generations", """{"model":"gpt-image-1","prompt":"12345678","n":2}""", "", "openai", "0.02177")]
    [InlineData("/v1/images/generations", """{"model":"dall-e-2","prompt":"a cat","n":3}""", "", "openai", "0.06")]
    [InlineData("/v1/images/generations", """{"model":"dall-e-3","prompt":"a cat","response_format":"b64_json"}""", "", "openai", "0.04")]
    [InlineData("/v1/audio/speech", """{"model":"tts-1","voice":"alloy","input":"Hello, wörld! 👋"}""", "", "openai", "0.000225")]
    [InlineData("/v1/audio/speech", """{"model":"eleven_multilingual_v2","voice":"JBFqnCBsd6RMkjVDRZzb","input":"Hello, wörld! 👋"}""", "", "elevenlabs", "0.0015")]
    [InlineData("/v1/audio/speech", """{"model":"elevenlabs/eleven_v3","voice":"JBFqnCBsd6RMkjVDRZzb","input":"Hi","response_format":"opus","speed":0.7}""", "", "elevenlabs", "0.0002")]
    [InlineData("/v1/audio/speech", """{"model":"eleven_flash_v2_5","voice":"JBFqnCBsd6RMkjVDRZzb","input":"Hi","instructions":"","stream_format":"audio"}""", "", "elevenlabs", "0.0001")]
    [InlineData(
        "/v1/audio/speech",
        """{"model":"gpt-4o-mini-tts","voice":"coral","input":"Hi","stream_format":"sse"}""",
        "input_tokens=10; output_tokens=100",
        "openai",
        "0.001206")]
    public async Task A_call_goes_to_the_provider_of_its_model_and_costs_what_is_listed(string path, string body, string sandbox, string provider, string cost)
    {
        var merchant = await _world.NewMerchantAsync();
        var request = await _world.RequestOfAsync(merchant.TestKey, path, body, ("x-sandbox", sandbox));

        request.GetProperty("provider").GetString().ShouldBe(provider);
        OddProviderWorld.CostOf(request).ShouldBe(decimal.Parse(cost, CultureInfo.InvariantCulture));
        (100 - await _world.BalanceAsync(merchant.TestKey)).ShouldBe(decimal.Parse(cost, CultureInfo.InvariantCulture));
    }

    /// <summary>Prices: whisper-1 0.006 a minute, Groq's whisper-large-v3 0.00185 a minute, gpt-4o-transcribe 6 and 10 a million tokens of sound and text, gpt-image-1-mini 2 and 8.</summary>
    [Theory]
    [InlineData("/v1/audio/transcriptions", "whisper-1", "clip.wav", "", "seconds=90", "openai", "whisper-1", "0.009")]
    [InlineData("/v1/audio/transcriptions", "openai/whisper-1", "clip.wav", "", "seconds=90", "openai", "whisper-1", "0.009")]
    [InlineData("/v1/audio/transcriptions", "groq/whisper-large-v3", "clip.wav", "", "seconds=60", "groq", "whisper-large-v3", "0.00185")]
    [InlineData("/v1/audio/transcriptions", "gpt-4o-transcribe", "clip.mp3", "", "seconds=60; output_tokens=10", "openai", "gpt-4o-transcribe", "0.0037")]
    [InlineData("/v1/audio/transcriptions", "gpt-4o-transcribe", "clip.mp3", "stream", "seconds=60; output_tokens=10", "openai", "gpt-4o-transcribe", "0.0037")]
    [InlineData("/v1/audio/translations", "whisper-1", "clip.wav", "", "seconds=30", "openai", "whisper-1", "0.003")]
    [InlineData("/v1/images/edits", "gpt-image-1-mini", "cat.png", "12345678", "", "openai", "gpt-image-1-mini", "0.00218")]
    [InlineData("/v1/images/edits", "openai/gpt-image-1-mini", "cat.png", "12345678", "", "openai", "gpt-image-1-mini", "0.00218")]
    public async Task An_upload_goes_to_the_provider_of_its_model_and_costs_what_is_listed(
        string path, string model, string file, string extra, string sandbox, string provider, string name, string cost)
    {
        var merchant = await _world.NewMerchantAsync();
        using var form = Upload(path, model, file);
        if (extra == "stream") form.Add(new StringContent("true"), "stream");
        else if (extra.Length > 0) form.Add(new StringContent(extra), "prompt");
        var (status, text, id, _) = await _world.CallAsync(merchant.TestKey, path, form, [("x-sandbox", sandbox)]);

        status.ShouldBe(200, text);
        var request = await _world.MeteredAsync(merchant.TestKey, id);
        request.GetProperty("provider").GetString().ShouldBe(provider);
        request.GetProperty("model").GetString().ShouldBe(name);
        OddProviderWorld.CostOf(request).ShouldBe(decimal.Parse(cost, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_rerank_shows_its_searches_and_their_price()
    {
        var merchant = await _world.NewMerchantAsync();
        var documents = string.Join(',', Enumerable.Range(0, 150).Select(i => $"\"document {i}\""));
        var request = await _world.RequestOfAsync(merchant.TestKey, "/v1/rerank", $$"""{"model":"rerank-v3.5","query":"document 7","documents":[{{documents}}],"top_n":3}""");

        request.GetProperty("usage_details").GetRawText().ShouldBe("""{"search_units":2}""");
        request.GetProperty("cost_lines").EnumerateArray().Select(line => line.GetRawText()).ShouldBe(["""{"item":"search","quantity":"2","unit_price":"2.00","per":1000,"amount":"0.0040000000"}"""]);
    }

    [Theory]
    [InlineData("/v1/completions", """{"prompt":"a"}""", 400, "forward_model_invalid")]
    [InlineData("/v1/completions", """{"model":7,"prompt":"a"}""", 400, "forward_model_invalid")]
    [InlineData("/v1/completions", """{"model":"nothing","prompt":"a"}""", 404, "model_not_found")]
    [InlineData("/v1/completions", """{"model":"claude-sonnet-4-6","prompt":"a"}""", 404, "model_not_found", "/v1/chat/completions")]
    [InlineData("/v1/completions", """{"model":"gpt-4o-mini","prompt":"a"}""", 404, "", "v1/chat/completions")]
    [InlineData("/v1/completions", """{"model":"babbage-002"}""", 400, "missing_required_parameter", "prompt")]
    [InlineData("/v1/completions", """{"model":"babbage-002","prompt":"a","n":3,"best_of":2}""", 400, "", "best_of")]
    [InlineData("/v1/completions", """{"model":"babbage-002","prompt":"a","n":1,"N":2}""", 400, "validation_error", "case")]
    [InlineData("/v1/completions", "[1]", 400, "invalid_json", "JSON")]
    [InlineData("/v1/chat/completions", """{"model":"gpt-6.1","messages":[]}""", 404, "model_not_found", "Did you mean gpt-6.1-sol or gpt-6.1-terra")]
    [InlineData("/v1/chat/completions", """{"model":"gpt-image-1","messages":[]}""", 404, "model_not_found", "/v1/images/generations")]
    [InlineData("/v1/embeddings", """{"model":"gpt-4o","input":"a"}""", 404, "model_not_found", "/v1/chat/completions")]
    [InlineData("/v1/moderations", """{"model":null,"input":"a"}""", 400, "forward_model_invalid")]
    [InlineData("/v1/moderations", """{}""", 400, "missing_required_parameter", "input")]
    [InlineData("/v1/rerank", """{"query":"a","documents":["b"]}""", 400, "forward_model_invalid")]
    [InlineData("/v1/rerank", """{"model":"rerank-v5.0-pro","query":"a","documents":["b"]}""", 404, "model_not_found")]
    [InlineData("/v1/rerank", """{"model":"rerank-v3.5","query":"a","documents":[]}""", 400, "", "list of documents must not be empty")]
    [InlineData("/v1/rerank", """{"model":"rerank-2.5","documents":["b"]}""", 400, "", "query")]
    [InlineData("/v1/images/generations", """{"model":"gpt-image-1"}""", 400, "missing_required_parameter", "prompt")]
    [InlineData("/v1/images/generations", """{"model":"dall-e-2","prompt":"a","n":11}""", 400, "integer_out_of_range", "n")]
    [InlineData("/v1/images/generations", """{"model":"dall-e-3","prompt":"a","n":2}""", 400, "invalid_n", "n=1")]
    [InlineData("/v1/images/generations", """{"model":"dall-e-3","prompt":"a","size":"1792x1024"}""", 400, "forward_parameter_unpriced", "1024x1024")]
    [InlineData("/v1/images/generations", """{"model":"gpt-image-1","prompt":"a","size":"512x512"}""", 400, "invalid_value", "512x512")]
    [InlineData("/v1/images/generations", """{"model":"gpt-image-1","prompt":"a","response_format":"url"}""", 400, "unknown_parameter", "response_format")]
    [InlineData("/v1/images/edits", """{"model":"gpt-image-1","prompt":"a"}""", 400, "missing_required_parameter", "image")]
    [InlineData("/v1/images/edits", """{"model":"grok-2-image-1212","prompt":"a"}""", 404, "model_not_found", "/v1/images/generations")]
    [InlineData("/v1/audio/speech", """{"model":"tts-1","voice":"alloy"}""", 400, "missing_required_parameter", "input")]
    [InlineData("/v1/audio/speech", """{"model":"tts-1","input":"a"}""", 400, "missing_required_parameter", "voice")]
    [InlineData("/v1/audio/speech", """{"model":"tts-1","input":"a","voice":"me"}""", 400, "invalid_value", "me")]
    [InlineData("/v1/audio/speech", """{"model":"tts-1","input":"a","voice":"alloy","speed":5}""", 400, "decimal_above_max_value", "speed")]
    [InlineData("/v1/audio/speech", """{"model":"eleven_v3","input":"a","voice":"alloy"}""", 400, "rewrite_unsupported", "give the id of a voice")]
    [InlineData("/v1/audio/speech", """{"model":"eleven_v3","input":"a"}""", 400, "validation_error", "voice is missing")]
    [InlineData("/v1/audio/speech", """{"model":"eleven_v3","input":"a","voice":"../../v1/voices"}""", 400, "validation_error", "voice must be the id")]
    [InlineData("/v1/audio/speech", """{"model":"eleven_v3","voice":"v"}""", 400, "validation_error", "input is missing")]
    [InlineData("/v1/audio/speech", """{"model":"eleven_v3","voice":"v","input":""}""", 400, "validation_error", "input must not be empty")]
    [InlineData("/v1/audio/speech", """{"model":"eleven_v3","voice":"v","input":["a"]}""", 400, "validation_error", "input must be a string")]
    [InlineData("/v1/audio/speech", """{"model":"eleven_v3","voice":"v","input":"a","response_format":"aac"}""", 400, "rewrite_unsupported", "response_format must be mp3, opus, pcm or wav")]
    [InlineData("/v1/audio/speech", """{"model":"eleven_v3","voice":"v","input":"a","response_format":"flac"}""", 400, "rewrite_unsupported", "response_format")]
    [InlineData("/v1/audio/speech", """{"model":"eleven_v3","voice":"v","input":"a","speed":0.69}""", 400, "rewrite_unsupported", "speed must be between 0.7 and 1.2")]
    [InlineData("/v1/audio/speech", """{"model":"eleven_v3","voice":"v","input":"a","speed":1.21}""", 400, "rewrite_unsupported", "speed")]
    [InlineData("/v1/audio/speech", """{"model":"eleven_v3","voice":"v","input":"a","speed":"fast"}""", 400, "validation_error", "speed must be a number")]
    [InlineData("/v1/audio/speech", """{"model":"eleven_v3","voice":"v","input":"a","instructions":"Whisper."}""", 400, "rewrite_unsupported", "instructions")]
    [InlineData("/v1/audio/speech", """{"model":"eleven_v3","voice":"v","input":"a","stream_format":"sse"}""", 400, "rewrite_unsupported", "stream_format")]
    [InlineData("/v1/audio/speech", """{"model":"eleven_v4","voice":"v","input":"a"}""", 404, "model_not_found", "Did you mean eleven_v3")]
    [InlineData("/v1/audio/speech", """{"model":"scribe_v1","voice":"v","input":"a"}""", 404, "model_not_found", "/v1/audio/transcriptions")]
    [InlineData("/v1/audio/transcriptions", """{"model":"whisper-1","file":"a"}""", 400, "form_data_required", "multipart/form-data")]
    [InlineData("/v1/audio/translations", "", 400, "form_data_required", "multipart/form-data")]
    public async Task What_is_wrong_is_refused_by_name_and_costs_nothing(string path, string body, int status, string code, string word = "model")
    {
        var merchant = await _world.NewMerchantAsync();
        var (answered, text, _, _) = await _world.CallAsync(merchant.TestKey, path, body);

        answered.ShouldBe(status, text);
        text.ShouldContain(word);
        if (code.Length > 0) JsonElement.Parse(text).GetProperty("error").GetProperty("code").GetString().ShouldBe(code);
        (await _world.BalanceAsync(merchant.TestKey)).ShouldBe(100);
    }

    [Theory]
    [InlineData("whisper-1", "", 1_000, 400, "file")]
    [InlineData("whisper-1", "clip.txt", 1_000, 400, "Invalid file format")]
    [InlineData("whisper-1", "clip.wav", 26_214_401, 413, "26214400")]
    [InlineData("whisper-1", "clip.wav", 33_554_432, 413, "payload_too_large")]
    [InlineData("", "clip.wav", 1_000, 400, "forward_model_invalid")]
    [InlineData("nothing", "clip.wav", 1_000, 404, "model_not_found")]
    [InlineData("gpt-4o", "clip.wav", 1_000, 404, "/v1/chat/completions")]
    [InlineData("eleven_v3", "clip.wav", 1_000, 404, "/v1/audio/speech")]
    public async Task An_upload_that_is_wrong_is_refused_by_name_and_costs_nothing(string model, string file, int length, int status, string word)
    {
        var merchant = await _world.NewMerchantAsync();
        using var form = new MultipartFormDataContent();
        if (model.Length > 0) form.Add(new StringContent(model), "model");
        if (file.Length > 0) form.Add(new ByteArrayContent(new byte[length]), "file", file);
        var (answered, text, _, _) = await _world.CallAsync(merchant.TestKey, "/v1/audio/transcriptions", form, []);

        answered.ShouldBe(status, text);
        text.ShouldContain(word);
        (await _world.BalanceAsync(merchant.TestKey)).ShouldBe(100);
    }

    [Theory]
    [InlineData("verbose_json")]
    [InlineData("srt")]
    public async Task A_form_of_transcript_that_the_model_does_not_write_is_refused_in_the_providers_words(string format)
    {
        var merchant = await _world.NewMerchantAsync();
        using var form = Upload("/v1/audio/transcriptions", "gpt-4o-transcribe", "clip.wav");
        form.Add(new StringContent(format), "response_format");
        var (status, text, _, _) = await _world.CallAsync(merchant.TestKey, "/v1/audio/transcriptions", form, []);

        status.ShouldBe(400);
        text.ShouldContain("is not compatible with model 'gpt-4o-transcribe'");
    }

    [Fact]
    public async Task A_spend_key_is_held_to_its_limit_its_models_and_its_shape()
    {
        var merchant = await _world.NewMerchantAsync();
        var key = await SpendKeyAsync(merchant.TestKey, """{"name":"S","spend_limit":{"amount":"0.05","cycle":"daily"}}""");
        const string Image = """{"model":"dall-e-2","prompt":"a cat"}""";
        for (var i = 0; i < 2; i++)
            OddProviderWorld.CostOf(await _world.MeteredAsync(merchant.TestKey, (await _world.CallAsync(key, "/v1/images/generations", Image)).RequestId)).ShouldBe(0.02m);
        var (status, text, _, _) = await _world.CallAsync(key, "/v1/images/generations", Image);
        status.ShouldBe(402, text);
        text.ShouldContain("spend_limit_exceeded");

        var limited = await SpendKeyAsync(merchant.TestKey, """{"name":"M","allowed_models":["whisper-1"]}""");
        using var form = Upload("/v1/audio/transcriptions", "whisper-1", "clip.wav");
        (await _world.CallAsync(limited, "/v1/audio/transcriptions", form, [])).Status.ShouldBe(200);
        using var other = Upload("/v1/audio/transcriptions", "gpt-4o-transcribe", "clip.wav");
        (await _world.CallAsync(limited, "/v1/audio/transcriptions", other, [])).Text.ShouldContain("model_not_allowed");
        (await _world.CallAsync(limited, "/v1/moderations", """{"input":"a"}""")).Text.ShouldContain("model_not_allowed");

        var anthropic = await SpendKeyAsync(merchant.TestKey, """{"name":"A","request_shape":"anthropic"}""");
        (await _world.CallAsync(anthropic, "/v1/completions", """{"model":"babbage-002","prompt":"a"}""")).Text.ShouldContain("request_shape_not_allowed");
        (await _world.CallAsync(anthropic, "/v1/rerank", """{"model":"rerank-v3.5","query":"a","documents":["b"]}""")).Status.ShouldBe(200, "a form of no vendor's conversations");
    }

    [Fact]
    public async Task A_wallet_that_cannot_pay_the_most_is_told_so()
    {
        var merchant = await _world.NewMerchantAsync(funds: 0.01m);

        (await _world.CallAsync(merchant.TestKey, "/v1/images/generations", """{"model":"dall-e-3","prompt":"a cat"}""")).Text.ShouldContain("insufficient_balance");
        (await _world.CallAsync(merchant.TestKey, "/v1/completions", """{"model":"davinci-002","prompt":"a","max_tokens":3000}""")).Status.ShouldBe(200);
        (await _world.CallAsync(merchant.TestKey, "/v1/completions", """{"model":"davinci-002","prompt":["a","b"],"max_tokens":3000}""")).Text.ShouldContain("insufficient_balance");
        (await _world.CallAsync(merchant.TestKey, "/v1/completions", """{"model":"davinci-002","prompt":"a","max_tokens":3000,"best_of":2}""")).Text.ShouldContain("insufficient_balance");
        await _world.AuditAsync();
    }

    private static MultipartFormDataContent Upload(string path, string model, string file)
    {
        var isImage = path.EndsWith("/edits", StringComparison.Ordinal);
        var content = new ByteArrayContent(isImage ? Pixel : new byte[1_000]);
        content.Headers.ContentType = new MediaTypeHeaderValue(isImage ? "image/png" : "audio/wav");

        // The file first, as official clients send it.
        return new MultipartFormDataContent { { content, isImage ? "image" : "file", file }, { new StringContent(model), "model" } };
    }

    private async Task<string> SpendKeyAsync(string key, string body)
    {
        var (status, text, _, _) = await _world.CallAsync(key, "/v1/spend_keys", body);
        status.ShouldBe(201, text);
        return JsonElement.Parse(text).GetProperty("key").GetString()!;
    }
}
