using Lava.Core.Catalogue;
using Lava.Core.Translation;

namespace Lava.Core.Tests.Translation;

public sealed class UpstreamPathTests
{
    [Theory]
    [InlineData(WireFormat.Gemini, "/v1beta/models/gemini-2.5-pro:generateContent", "gemini-2.5-flash", false, "/v1beta/models/gemini-2.5-flash:generateContent")]
    [InlineData(WireFormat.Gemini, "/v1/models/x:streamGenerateContent", "models/gemini-2.5-flash", true, "/v1/models/gemini-2.5-flash:streamGenerateContent?alt=sse")]
    [InlineData(WireFormat.Gemini, "/", "gemini-2.5-flash", true, "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse")]
    [InlineData(WireFormat.BedrockConverse, "/model/x/invoke", "anthropic.claude-sonnet-4-20250514-v1:0", false, "/model/anthropic.claude-sonnet-4-20250514-v1%3A0/converse")]
    [InlineData(WireFormat.BedrockConverse, "/", "arn:aws:bedrock:us-east-1:1:inference-profile/a", true, "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fa/converse-stream")]
    [InlineData(WireFormat.Anthropic, "/v1/messages", "claude", true, "/v1/messages")]
    [InlineData(WireFormat.OpenAiChat, "/openai/v1/chat/completions", "m", false, "/openai/v1/chat/completions")]
    public void The_model_and_the_stream_stand_where_the_provider_has_them(WireFormat provider, string path, string model, bool stream, string expected) =>
        UpstreamPath.For(provider, path, model, stream).ShouldBe(expected);
}
