using System.Text;

namespace Lava.Service.Tests.Gateway.Routing;

/// <summary>The endpoints by model beside conversations, in front of a provider that answers as its documentation shows.</summary>
public sealed class ModelAnswerTests(OddProviderWorld world) : IClassFixture<OddProviderWorld>
{
    /// <summary>docs.cohere.com/reference/rerank, docs.voyageai.com/reference/reranker-api, api.jina.ai/docs, platform.openai.com/docs/api-reference (completions, moderations, images). By
    /// hand: 3 searches at 2.00 a thousand; 26 and 815 tokens at 0.05 a million; 5 at 1.50 and 7 at 2.00; free; 100 at 5 and 50 at 40.</summary>
    [Theory]
    [InlineData(
        "/v1/rerank",
        """{"model":"rerank-v3.5","query":"What is the capital of the United States?","documents":["Carson City","Washington, D.C."],"max_tokens_per_doc":100000}""",
        """{"results":[{"index":1,"relevance_score":0.999071}],"id":"07734bd2","meta":{"api_version":{"version":"2"},"billed_units":{"search_units":1}}}""",
        "/v2/rerank",
        0.002)]
    [InlineData(
        "/v1/rerank",
        """{"model":"voyage/rerank-2.5","query":"Sample query","documents":["Sample document 1","Sample document 2"]}""",
        """{"object":"list","data":[{"relevance_score":0.4375,"index":0},{"relevance_score":0.421875,"index":1}],"model":"rerank-2.5","usage":{"total_tokens":26}}""",
        "/v1/rerank",
        0.0000013)]
    [InlineData(
        "/v1/completions",
        """{"model":"gpt-3.5-turbo-instruct","prompt":"Say this is a test","max_tokens":7}""",
        """{"id":"cmpl-1","object":"text_completion","created":1,"model":"gpt-3.5-turbo-instruct","choices":[{"text":"\n\nThis is indeed a test","index":0,"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}}""",
        "/v1/completions",
        0.0000215)]
    [InlineData(
        "/v1/moderations",
        """{"input":"I want to kill them."}""",
        """{"id":"modr-1","model":"omni-moderation-latest","results":[{"flagged":true,"categories":{"violence":true},"category_scores":{"violence":0.99}}]}""",
        "/v1/moderations",
        0)]
    [InlineData(
        "/v1/images/generations",
        """{"model":"gpt-image-1","prompt":"A cute baby sea otter"}""",
        """{"created":1713833628,"data":[{"b64_json":"iVBO"}],"usage":{"total_tokens":150,"input_tokens":100,"output_tokens":50,"input_tokens_details":{"text_tokens":100,"image_tokens":0}}}""",
        "/v1/images/generations",
        0.0025)]
    public async Task An_answer_of_the_documentation_costs_what_is_listed(string path, string body, string answer, string upstream, double cost)
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith(answer);
        var (status, text, id, response) = await world.CallAsync(merchant.TestKey, path, body);

        (status, text).ShouldBe((200, answer));
        response.Headers.Contains("x-lava-provider").ShouldBeTrue();
        world.Seen.Target.ShouldBe(upstream);
        OddProviderWorld.CostOf(await world.MeteredAsync(merchant.TestKey, id)).ShouldBe((decimal)cost);
    }

    [Fact]
    public async Task A_rerank_that_does_not_report_its_searches_is_charged_by_its_documents()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""{"results":[],"id":"x"}""");
        var documents = string.Join(',', Enumerable.Repeat("\"d\"", 101));
        var request = await world.RequestOfAsync(merchant.TestKey, "/v1/rerank", $$"""{"model":"rerank-v3.5","query":"q","documents":[{{documents}}]}""");

        OddProviderWorld.CostOf(request).ShouldBe(0.004m);
        OddProviderWorld.FlagOf(request).ShouldBe("unreported");
    }

    [Fact]
    public async Task More_searches_than_the_documents_can_make_wait_for_the_operator()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""{"results":[],"id":"x","meta":{"billed_units":{"search_units":1000}}}""");
        var request = await world.RequestOfAsync(merchant.TestKey, "/v1/rerank", """{"model":"rerank-v3.5","query":"q","documents":["d"]}""");

        OddProviderWorld.CostOf(request).ShouldBe(0.002m);
        OddProviderWorld.FlagOf(request).ShouldBe("impossible");
    }

    /// <summary>Voyage counts the query again with each document: 100 times a query of 400 bytes.</summary>
    [Fact]
    public async Task A_long_query_with_many_documents_is_charged_as_reported()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""{"object":"list","data":[],"model":"rerank-2.5","usage":{"total_tokens":40000}}""");
        var documents = string.Join(',', Enumerable.Repeat("\"d\"", 100));
        var request = await world.RequestOfAsync(merchant.TestKey, "/v1/rerank", $$"""{"model":"rerank-2.5","query":"{{new string('q', 400)}}","documents":[{{documents}}]}""");

        OddProviderWorld.CostOf(request).ShouldBe(0.002m);
        OddProviderWorld.FlagOf(request).ShouldBeNull();
    }

    [Fact]
    public async Task A_form_goes_on_byte_for_byte_but_for_the_model()
    {
        var merchant = await world.NewMerchantAsync();
        const string Form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nmodel\r\n--b\r\n"
            + "Content-Disposition: form-data; name=\"model\"\r\n\r\n{0}\r\n--b\r\nContent-Disposition: form-data; name=\"language\"\r\n\r\nen\r\n--b--\r\n";
        world.AnswerWith("""{"text":"Hi","usage":{"type":"duration","seconds":60}}""");
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(Form.Replace("{0}", "groq/whisper-large-v3", StringComparison.Ordinal)));
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        var (status, text, id, _) = await world.CallAsync(merchant.TestKey, "/v1/audio/transcriptions", content, []);

        status.ShouldBe(200, text);
        world.Seen.Target.ShouldBe("/openai/v1/audio/transcriptions");
        world.Seen.Body.ShouldBe(Form.Replace("{0}", "whisper-large-v3", StringComparison.Ordinal));
        world.Seen.Headers["content-type"].ShouldBe("multipart/form-data; boundary=b");
        world.Seen.Headers["authorization"].ShouldBe("Bearer sk-of-the-operator");
    }

    /// <summary>Ten hours at 0.00185 a minute are 1.11: what the body does not show is reserved for at its most.</summary>
    [Theory]
    [InlineData("url")]
    [InlineData("file_url")]
    [InlineData("file_id")]
    public async Task A_recording_that_only_an_address_names_is_reserved_for_at_its_longest(string field)
    {
        var poor = await world.NewMerchantAsync(funds: 1);
        var rich = await world.NewMerchantAsync(funds: 2);
        world.AnswerWith("""{"text":"Hi","x_groq":{"id":"req_1"}}""");
        using var first = new MultipartFormDataContent { { new StringContent("https://a.example/a.mp3"), field }, { new StringContent("groq/whisper-large-v3"), "model" } };
        (await world.CallAsync(poor.TestKey, "/v1/audio/transcriptions", first, [])).Text.ShouldContain("insufficient_balance");
        using var second = new MultipartFormDataContent { { new StringContent("https://a.example/a.mp3"), field }, { new StringContent("groq/whisper-large-v3"), "model" } };
        var (status, _, id, _) = await world.CallAsync(rich.TestKey, "/v1/audio/transcriptions", second, []);

        status.ShouldBe(200);
        var request = await world.MeteredAsync(rich.TestKey, id);
        OddProviderWorld.CostOf(request).ShouldBe(1.11m);
        OddProviderWorld.FlagOf(request).ShouldBe("estimated");
    }

    [Fact]
    public async Task A_stream_of_a_continued_text_is_charged_though_its_client_does_not_ask_for_usage()
    {
        var merchant = await world.NewMerchantAsync();
        const string First = "data: {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"choices\":[{\"text\":\"Hi\",\"index\":0,\"finish_reason\":null}],\"usage\":null}\n\n";
        const string Usage = "data: {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":500,\"total_tokens\":1500}}\n\n";
        world.AnswerWith(First + Usage + "data: [DONE]\n\n", "text/event-stream");
        var (_, text, id, _) = await world.CallAsync(merchant.TestKey, "/v1/completions", """{"model":"gpt-3.5-turbo-instruct","prompt":"a","max_tokens":500,"stream":true}""");

        world.Seen.Body.ShouldContain("include_usage");
        text.ShouldNotContain("prompt_tokens");
        OddProviderWorld.CostOf(await world.MeteredAsync(merchant.TestKey, id)).ShouldBe(0.0025m);
    }
}
