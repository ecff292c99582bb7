using System.Text;
using Lava.Core.Catalogue;
using Lava.Core.Formats.Batches;

namespace Lava.Core.Tests.Formats;

/// <summary>Lines of results, in the forms of OpenAI's and Anthropic's references.</summary>
public sealed class BatchAnswerReaderTests
{
    private static readonly CatalogueProvider Provider = new()
    {
        Id = "p",
        Label = "P",
        Hosts = ["api.p.test"],
        BaseUrl = "https://api.p.test",
        Managed = true,
        Endpoints =
        [
            new ProviderEndpoint { Method = "POST", Path = "/chat", Kind = EndpointKind.Chat, Format = WireFormat.OpenAiChat },
            new ProviderEndpoint { Method = "POST", Path = "/responses", Kind = EndpointKind.Chat, Format = WireFormat.OpenAiResponses },
            new ProviderEndpoint { Method = "POST", Path = "/messages", Kind = EndpointKind.Chat, Format = WireFormat.Anthropic },
            new ProviderEndpoint { Method = "POST", Path = "/embeddings", Kind = EndpointKind.Embeddings, Format = WireFormat.OpenAiMedia },
            new ProviderEndpoint { Method = "POST", Path = "/images", Kind = EndpointKind.Images, Format = WireFormat.OpenAiMedia },
        ],
    };

    [Theory]
    [InlineData("""{"object":"chat.completion","id":"c1","model":"m","usage":{"prompt_tokens":7,"completion_tokens":3}}""", "/chat", 7, 3)]
    [InlineData("""{"id":"r1","object":"response","usage":{"input_tokens":8,"output_tokens":4}}""", "/responses", 8, 4)]
    [InlineData("""{"object":"list","data":[{"object":"embedding","embedding":[0.1]}],"usage":{"prompt_tokens":9,"total_tokens":9}}""", "/embeddings", 9, 0)]
    [InlineData("""{"created":1,"data":[{"b64_json":"x"}],"usage":{"input_tokens":5,"output_tokens":6,"total_tokens":11}}""", "/images", 5, 6)]
    public void The_kind_of_an_answer_of_OpenAI_is_known_by_itself(string body, string endpoint, long input, long output)
    {
        var read = Read($$"""{"id":"batch_req_1","custom_id":"one","response":{"status_code":200,"body":{{body}}},"error":null}""", WireFormat.OpenAiMedia).ShouldNotBeNull();
        (read.Endpoint?.Path, read.Summary.Usage.InputTokens, read.Summary.Usage.OutputTokens).ShouldBe((endpoint, input, output));
    }

    [Theory]
    [InlineData("""{"custom_id":"x","response":{"status_code":500,"body":{"object":"chat.completion","usage":{"prompt_tokens":7}}}}""")]
    [InlineData("""{"custom_id":"x","response":{"body":{"object":"chat.completion","usage":{"prompt_tokens":7}}}}""")]
    [InlineData("""{"custom_id":"x","response":null,"error":{"code":"batch_expired"}}""")]
    [InlineData("""{"custom_id":"x","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[]}}""")]
    [InlineData("""{"custom_id":"x","response":{"status_code":200,"body":{"object":"chat.completion" """)]
    [InlineData("%PDF-1.7")]
    [InlineData("")]
    [InlineData("[1,2]")]
    [InlineData("{")]
    public void What_is_no_answer_of_OpenAI_is_passed_over(string line) => Read(line, WireFormat.OpenAiMedia).ShouldBeNull();

    [Theory]
    [InlineData("succeeded", true)]
    [InlineData("errored", false)]
    [InlineData("canceled", false)]
    [InlineData("expired", false)]
    public void Anthropic_bills_what_succeeded(string type, bool isAnswer)
    {
        var read = Read($$$"""{"result":{"message":{"id":"msg_1","usage":{"input_tokens":7,"output_tokens":3}},"type":"{{{type}}}"},"custom_id":"one"}""", WireFormat.Anthropic);
        (read is not null).ShouldBe(isAnswer);
        if (read is { } answer) (answer.Endpoint?.Path, answer.Summary.Usage.InputTokens, answer.Key).ShouldBe(("/messages", 7, "one|msg_1"));
    }

    [Fact]
    public void An_answer_has_the_same_key_wherever_it_stands()
    {
        const string one = """{"custom_id":"one","response":{"status_code":200,"body":{"object":"chat.completion","id":"c1"}}}""";
        const string two = """{"custom_id":"two","response":{"status_code":200,"body":{"object":"chat.completion","id":"c2"}}}""";
        string[] Keys(params string[] lines)
        {
            var reader = new BatchAnswerReader(Provider, WireFormat.OpenAiMedia);
            return [.. lines.Select(line => reader.Read(Encoding.UTF8.GetBytes(line))!.Value.Key)];
        }

        Keys(one, two).ShouldBe([.. Keys(two, one).Reverse()]);
        Keys(one, one.Replace("c1", "c3", StringComparison.Ordinal)).Distinct().Count().ShouldBe(2);
    }

    private static BatchAnswer? Read(string line, WireFormat format) => new BatchAnswerReader(Provider, format).Read(Encoding.UTF8.GetBytes(line));
}
