using Lava.Core.Catalogue;
using Lava.Core.Gateway;

namespace Lava.Core.Tests.Gateway;

public sealed class RewriteTargetTests
{
    [Theory]
    [InlineData("openai/api.anthropic.com/v1/messages", WireFormat.OpenAiChat, "https://api.anthropic.com/v1/messages")]
    [InlineData("openai/https://api.anthropic.com/v1/messages", WireFormat.OpenAiChat, "https://api.anthropic.com/v1/messages")]
    [InlineData("openai/https:/api.anthropic.com/v1/messages/chat/completions", WireFormat.OpenAiChat, "https://api.anthropic.com/v1/messages")]
    [InlineData("openai/api.anthropic.com/v1/messages/v1/chat/completions", WireFormat.OpenAiChat, "https://api.anthropic.com/v1/messages")]
    [InlineData("openai/api.anthropic.com/v1/messages/responses", WireFormat.OpenAiResponses, "https://api.anthropic.com/v1/messages")]
    [InlineData("openai/api.openai.com/v1/chat/completions", WireFormat.OpenAiChat, "https://api.openai.com/v1/chat/completions")]
    [InlineData("anthropic/api.openai.com/v1/chat/completions/v1/messages?beta=true", WireFormat.Anthropic, "https://api.openai.com/v1/chat/completions")]
    [InlineData("anthropic/api.openai.com/v1/chat/completions/messages", WireFormat.Anthropic, "https://api.openai.com/v1/chat/completions")]
    [InlineData("anthropic/api.anthropic.com/v1/messages", WireFormat.Anthropic, "https://api.anthropic.com/v1/messages")]
    [InlineData("google/api.openai.com/v1/chat/completions/v1beta/models/gpt-4o:generateContent", WireFormat.Gemini, "https://api.openai.com/v1/chat/completions", "gpt-4o", false)]
    [InlineData("google/api.openai.com/v1/chat/completions/v1beta/models/a%2Fb:streamGenerateContent?alt=sse", WireFormat.Gemini, "https://api.openai.com/v1/chat/completions", "a/b", true)]
    [InlineData("bedrock/api.openai.com/v1/chat/completions/model/gpt-4o/converse", WireFormat.BedrockConverse, "https://api.openai.com/v1/chat/completions", "gpt-4o", false)]
    [InlineData("bedrock/api.openai.com/v1/chat/completions/model/x%3A0/converse-stream", WireFormat.BedrockConverse, "https://api.openai.com/v1/chat/completions", "x:0", true)]
    public void What_a_client_appends_is_taken_off_where_an_endpoint_remains(string address, WireFormat client, string url, string? model = null, bool? streams = null)
    {
        var known = new[] { "/v1/messages", "/v1/chat/completions" };
        var reading = RewriteTarget.Parse(RewriteTarget.Prefix + address)!.Readings().First(one => known.Contains(one.Url.AbsolutePath));
        (reading.Client, reading.Url.AbsoluteUri, reading.Model, reading.Streams, reading.Kind).ShouldBe((client, url, model, streams, EndpointKind.Chat));
    }

    [Theory]
    [InlineData("/v1/rewrite/openai")]
    [InlineData("/v1/rewrite/openai/")]
    [InlineData("/v1/rewrite/mistral/api.openai.com/v1/chat/completions")]
    [InlineData("/v1/rewrite/openai/http://api.openai.com/v1/chat/completions")]
    [InlineData("/v1/rewrite/openai/https://user@api.openai.com/v1")]
    [InlineData("/v1/rewrite/openai/127.0.0.1/v1")]
    [InlineData("/v1/rewrite/openai/api.openai.com/v1/../x")]
    [InlineData("/v1/forward/api.openai.com")]
    public void What_is_no_target_is_none(string address) => RewriteTarget.Parse(address).ShouldBeNull();

    [Fact]
    public void A_list_of_models_and_a_count_are_told_from_a_conversation()
    {
        RewriteTarget.Parse("/v1/rewrite/openai/api.anthropic.com/v1/messages/models")!.Readings().ShouldContain(one => one.Kind == EndpointKind.Metadata && one.Url.AbsolutePath == "/v1/messages");
        RewriteTarget.Parse("/v1/rewrite/anthropic/api.openai.com/v1/chat/completions/v1/messages/count_tokens")!.Readings().First().Kind.ShouldBe(EndpointKind.CountTokens);
    }
}
