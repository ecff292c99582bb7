using Lava.Core.Gateway;

namespace Lava.Core.Tests.Gateway;

public sealed class ForwardTargetTests
{
    [Theory]
    [InlineData("/v1/forward?u=https%3A%2F%2Fapi.openai.com%2Fv1%2Fchat%2Fcompletions", "https://api.openai.com/v1/chat/completions")]
    [InlineData("/v1/forward?u=https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1/chat/completions")]
    [InlineData("/v1/forward?u=https://h.example/p?x=1&y=2", "https://h.example/p?x=1&y=2")]
    [InlineData("/v1/forward?u=https%3A%2F%2Fh.example%2Fp%3Fx%3D1%26y%3D2", "https://h.example/p?x=1&y=2")]
    [InlineData("/v1/forward?u=https%253A%252F%252Fh.example%252Fp", "https://h.example/p")]
    [InlineData("/v1/forward/https://h.example/p", "https://h.example/p")]
    [InlineData("/v1/forward/https:/h.example/p?x=1", "https://h.example/p?x=1")]
    [InlineData("/v1/forward/openai?u=https://api.openai.com/v1/models", "https://api.openai.com/v1/models")]
    [InlineData("/v1/forward?u=api.openai.com/v1/models", "https://api.openai.com/v1/models")]
    [InlineData("/v1/forward?u=https://g.example/v1beta/models/g:streamGenerateContent?alt=sse&key=1", "https://g.example/v1beta/models/g:streamGenerateContent?alt=sse")]
    public void Every_documented_form_of_a_target_is_read(string raw, string url) =>
        ForwardTarget.Parse(raw)!.Url.AbsoluteUri.ShouldBe(url);

    [Theory]
    [InlineData("/v1/forward")]
    [InlineData("/v1/forward?u=")]
    [InlineData("/v1/forward?u=http://api.openai.com/v1/models")]
    [InlineData("/v1/forward?u=https://127.0.0.1/v1")]
    [InlineData("/v1/forward?u=https://[::1]/v1")]
    [InlineData("/v1/forward?u=https://user:pw@api.openai.com/v1")]
    [InlineData("/v1/forward?u=https://api.openai.com:8443/v1")]
    [InlineData("/v1/forward?u=https://api.openai.com/v1/../x")]
    [InlineData("/v1/forward?u=https://api.openai.com/v1/%2e%2e/x")]
    [InlineData("/v1/forward?u=https://api.openai.com\\@evil.example/")]
    [InlineData("/v1/forward?u=file:///etc/passwd")]
    [InlineData("/v1/forward?u=https://")]
    public void A_target_that_is_not_https_to_a_named_host_is_none(string raw) => ForwardTarget.Parse(raw).ShouldBeNull();

    [Fact]
    public void Lavas_own_parameters_are_taken_out_of_the_targets_query()
    {
        var target = ForwardTarget.Parse("/v1/forward?u=https://h.example/p?x=1&key=aks_test_abc&metadata=%7B%22a%22%3A%22b+c%22%7D&y=2")!;
        target.Url.AbsoluteUri.ShouldBe("https://h.example/p?x=1&y=2");
        target.Credential.ShouldBe("aks_test_abc");
        target.Metadata.ShouldBe("""{"a":"b c"}""");
    }
}
