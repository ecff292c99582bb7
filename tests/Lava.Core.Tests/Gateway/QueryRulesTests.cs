using Lava.Core.Catalogue;
using Lava.Core.Gateway;
using Lava.Core.Tests.Formats;

namespace Lava.Core.Tests.Gateway;

public sealed class QueryRulesTests
{
    // cloud.google.com/apis/docs/system-parameters lists what Google takes everywhere, each with and without a dollar sign.
    [Theory]
    [InlineData("?fields=candidates", "fields")]
    [InlineData("?$fields=candidates", "$fields")]
    [InlineData("?%66ields=candidates", "fields")]
    [InlineData("?alt=proto", "alt")]
    [InlineData("?alt=media", "alt")]
    [InlineData("?$alt=sse", "$alt")]
    [InlineData("?Alt=sse", "Alt")]
    [InlineData("?callback=x", "callback")]
    [InlineData("?alt=sse&$callback=x", "$callback")]
    [InlineData("?alt=sse;fields=x", "fields")]
    [InlineData("?quotaUser=x", "quotaUser")]
    [InlineData("?access_token=x", "access_token")]
    [InlineData("?prettyPrint", "prettyPrint")]
    [InlineData("?alt=sse", null)]
    [InlineData("?alt=json&", null)]
    [InlineData("?", null)]
    [InlineData("", null)]
    public void Google_is_sent_the_form_of_its_answer_alone(string query, string? unknown) =>
        QueryRules.FindUnknown(AnswerFixture.Endpoint(WireFormat.Gemini, EndpointKind.Chat), query).ShouldBe(unknown);

    [Theory]
    [InlineData(WireFormat.Anthropic, EndpointKind.Chat, "?beta=true", null)]
    [InlineData(WireFormat.OpenAiChat, EndpointKind.Chat, "?beta=true", "beta")]
    [InlineData(WireFormat.OpenAiChat, EndpointKind.Chat, "?api-version=2024", "api-version")]
    [InlineData(WireFormat.ElevenLabs, EndpointKind.Speech, "?output_format=mp3_44100_128&optimize_streaming_latency=0", null)]
    [InlineData(WireFormat.Opaque, EndpointKind.Metadata, "?pageSize=5&pageToken=x", null)]
    [InlineData(WireFormat.Opaque, EndpointKind.Metadata, "?callback=x", "callback")]
    [InlineData(WireFormat.Opaque, EndpointKind.Api, "?anything=x", null)]
    public void Other_formats_have_their_own(WireFormat format, EndpointKind kind, string query, string? unknown) =>
        QueryRules.FindUnknown(AnswerFixture.Endpoint(format, kind), query).ShouldBe(unknown);

    [Fact]
    public void An_endpoint_of_the_catalogue_may_allow_more() =>
        QueryRules.FindUnknown(AnswerFixture.Endpoint(WireFormat.OpenAiChat, EndpointKind.Chat) with { Query = ["api-version"] }, "?api-version=2024").ShouldBeNull();

    [Theory]
    [InlineData("/v1/forward?u=https://api.openai.com/v1/models&key=SECRET")]
    [InlineData("/v1/forward?u=https://api.openai.com/v1/models&k%65y=SECRET")]
    [InlineData("/v1/forward?u=https://api.openai.com/v1/models&%6B%65%79=SECRET&KEY=SECRET")]
    [InlineData("/v1/forward?u=https%3A%2F%2Fapi.openai.com%2Fv1%2Fmodels%3Fk%2565y%3DSECRET")]
    [InlineData("/v1/forward/api.openai.com/v1/models?Key=SECRET")]
    public void A_credential_of_the_address_is_not_part_of_it_however_its_name_is_written(string target)
    {
        var parsed = ForwardTarget.Parse(target).ShouldNotBeNull();
        parsed.Credential.ShouldBe("SECRET");
        parsed.Url.AbsoluteUri.ShouldBe("https://api.openai.com/v1/models");
    }
}
