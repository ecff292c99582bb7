using System.Text;
using System.Text.Json;

namespace Lava.Service.Tests.Gateway.Routing;

/// <summary>OpenAI's speech at ElevenLabs, whose place a provider takes that keeps what it was sent (elevenlabs.io/docs/api-reference/text-to-speech/convert). Prices: 100 dollars a million characters.</summary>
public sealed class ElevenLabsSpeechTests(OddProviderWorld world) : IClassFixture<OddProviderWorld>
{
    private const string Path = "/v1/audio/speech";

    private const string Hello = """{"model":"eleven_v3","voice":"JBFqnCBsd6RMkjVDRZzb","input":"Hello"}""";

    [Theory]
    [InlineData("", "", "mp3_44100_128")]
    [InlineData(",\"response_format\":\"mp3\",\"speed\":1.2", ",\"voice_settings\":{\"speed\":1.2}", "mp3_44100_128")]
    [InlineData(",\"response_format\":\"opus\",\"speed\":null", "", "opus_48000_128")]
    [InlineData(",\"response_format\":\"pcm\",\"speed\":1", ",\"voice_settings\":{\"speed\":1}", "pcm_24000")]
    [InlineData(",\"response_format\":\"wav\"", "", "wav_24000")]
    public async Task A_request_goes_in_ElevenLabs_form_and_the_audio_comes_back_byte_for_byte(string members, string settings, string format)
    {
        var merchant = await world.NewMerchantAsync();
        byte[] audio = [0xFF, 0xFB, 0x00, 0x7B, 0x22, 0x80];
        world.Answer = async http =>
        {
            http.Response.ContentType = "audio/mpeg";
            http.Response.Headers["request-id"] = "eleven-1";
            await http.Response.Body.WriteAsync(audio.AsMemory(0, 3));
            await http.Response.Body.FlushAsync();
            await http.Response.Body.WriteAsync(audio.AsMemory(3));
        };
        var body = $$"""{"model":"elevenlabs/eleven_multilingual_v2","input":"Hé \"you\" 👋","voice":"JBFqnCBsd6RMkjVDRZzb"{{members}}}""";
        var (status, text, id, response) = await world.CallAsync(merchant.TestKey, Path, body, ("openai-organization", "org-1"), ("accept", "application/octet-stream"));

        status.ShouldBe(200, text);
        (await response.Content.ReadAsByteArrayAsync()).ShouldBe(audio);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("audio/mpeg");
        response.Headers.GetValues("x-lava-provider").ShouldBe(["elevenlabs"]);
        response.Headers.GetValues("x-lava-model").ShouldBe(["eleven_multilingual_v2"]);
        world.Seen.Target.ShouldBe("/v1/text-to-speech/JBFqnCBsd6RMkjVDRZzb?output_format=" + format);
        var expected = JsonElement.Parse($$"""{"text":"Hé \"you\" 👋","model_id":"eleven_multilingual_v2"{{settings}}}""");
        JsonElement.DeepEquals(JsonElement.Parse(world.Seen.Body), expected).ShouldBeTrue(world.Seen.Body);
        world.Seen.Headers["content-type"].ShouldBe("application/json");
        world.Seen.Headers["xi-api-key"].ShouldBe("sk-of-the-operator");
        world.Seen.Headers.Keys.ShouldNotContain("authorization");
        world.Seen.Headers.Keys.ShouldNotContain("openai-organization");

        // Ten characters; the waving hand is one.
        OddProviderWorld.CostOf(await world.MeteredAsync(merchant.TestKey, id)).ShouldBe(0.001m);
        (await world.BalanceAsync(merchant.TestKey)).ShouldBe(99.999m);
    }

    /// <summary>Errors as ElevenLabs writes them: older ones with a status, newer ones with a code, FastAPI's lists, a text, and what is no JSON.</summary>
    [Theory]
    [InlineData(404, """{"detail":{"status":"voice_not_found","message":"A voice with the voice_id 'x' was not found."}}""", "A voice with the voice_id 'x' was not found.", "invalid_request_error", "voice_not_found")]
    [InlineData(400, """{"detail":{"type":"validation_error","code":"text_too_long","message":"Too long.","status":"max_character_limit_exceeded"}}""", "Too long.", "invalid_request_error", "text_too_long")]
    [InlineData(422, """{"detail":[{"loc":["body","text"],"msg":"field required","type":"value_error.missing"}]}""", "body.text: field required", "invalid_request_error", null)]
    [InlineData(400, """{"detail":"Not like this."}""", "Not like this.", "invalid_request_error", null)]
    [InlineData(400, "<html>", "The provider answered with status 400.", "invalid_request_error", null)]
    [InlineData(400, """{"detail":{"message":"\ud800"}}""", "The provider answered with status 400.", "invalid_request_error", null)]
    public async Task An_error_comes_in_OpenAIs_form_and_costs_nothing(int status, string answer, string message, string type, string? code)
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith(answer, "application/json", status);
        var (answered, text, _, response) = await world.CallAsync(merchant.TestKey, Path, Hello);

        answered.ShouldBe(status, text);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        var error = JsonElement.Parse(text).GetProperty("error");
        (error.GetProperty("message").GetString(), error.GetProperty("type").GetString(), error.GetProperty("code").GetString()).ShouldBe((message, type, code));
        (await world.BalanceAsync(merchant.TestKey)).ShouldBe(100);
    }

    [Fact]
    public async Task A_key_of_the_merchants_own_goes_with_the_call_and_pays_it()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("audio", "audio/mpeg");
        var own = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{merchant.TestKey}}","provider_key":"sk-own"}"""));
        (await world.CallAsync(own, Path, Hello)).Status.ShouldBe(200);
        world.Seen.Headers["xi-api-key"].ShouldBe("sk-own");

        (await world.CallAsync(merchant.TestKey, "/v1/provider_keys/elevenlabs", new StringContent("""{"keys":["sk-stored"]}"""), [], "PUT")).Status.ShouldBeInRange(200, 201);
        (await world.CallAsync(merchant.TestKey, Path, Hello)).Status.ShouldBe(200);
        world.Seen.Headers["xi-api-key"].ShouldBe("sk-stored");
        (await world.BalanceAsync(merchant.TestKey)).ShouldBe(100);
    }

    [Fact]
    public async Task A_spend_key_is_held_to_its_models_and_its_money()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("audio", "audio/mpeg");
        var limited = await SpendKeyAsync("""{"name":"M","allowed_models":["eleven_v3"],"request_shape":"openai"}""");
        (await world.CallAsync(limited, Path, Hello)).Status.ShouldBe(200);
        (await world.CallAsync(limited, Path, Hello.Replace("eleven_v3", "eleven_flash_v2", StringComparison.Ordinal))).Text.ShouldContain("model_not_allowed");

        // Five characters cost 0.0005, eleven 0.0011.
        var poor = await SpendKeyAsync("""{"name":"P","spend_limit":{"amount":"0.001","cycle":"daily"}}""");
        (await world.CallAsync(poor, Path, Hello.Replace("Hello", "Hello world", StringComparison.Ordinal))).Text.ShouldContain("spend_limit_exceeded");
        (await world.CallAsync(poor, Path, Hello)).Status.ShouldBe(200);

        async Task<string> SpendKeyAsync(string body)
        {
            var (status, text, _, _) = await world.CallAsync(merchant.TestKey, "/v1/spend_keys", body);
            status.ShouldBe(201, text);
            return JsonElement.Parse(text).GetProperty("key").GetString()!;
        }
    }

    [Fact]
    public async Task A_member_that_nobody_documents_is_left_out_and_told()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("audio", "audio/mpeg");
        var (status, text, _, response) = await world.CallAsync(merchant.TestKey, Path, Hello.Replace("}", ",\"language\":\"de\",\"seed\":null}", StringComparison.Ordinal));

        status.ShouldBe(200, text);
        response.Headers.GetValues("x-lava-adapted").ShouldBe(["language"]);
        world.Seen.Body.ShouldBe("""{"text":"Hello","model_id":"eleven_v3"}""");
    }

    [Fact]
    public async Task A_wallet_that_cannot_pay_the_characters_is_told_so_before_anybody_is_asked()
    {
        var merchant = await world.NewMerchantAsync(funds: 0.01m);
        var asked = world.Asked;
        (await world.CallAsync(merchant.TestKey, Path, Hello.Replace("Hello", new string('x', 101), StringComparison.Ordinal))).Text.ShouldContain("insufficient_balance");
        world.Asked.ShouldBe(asked);
    }
}
