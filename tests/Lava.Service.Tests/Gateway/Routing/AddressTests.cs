using System.Net.Http.Json;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Gateway.Routing;

/// <summary>Addresses that clients and people write in other ways than the documented one, and those that Lava knows and refuses.</summary>
public sealed class AddressTests(LavaFixture lava) : IClassFixture<LavaFixture>
{
    [Theory]
    [InlineData("/v1/models/openai/gpt-4o-mini", "gpt-4o-mini")]
    [InlineData("/v1/models/openai%2Fgpt-4o-mini", "gpt-4o-mini")]
    [InlineData("/v1/models/together/openai/gpt-oss-120b", "openai/gpt-oss-120b")]
    [InlineData("/v1/models/BAAI/bge-m3", "BAAI/bge-m3")]
    [InlineData("/v1/v1/models/BAAI/bge-m3", "BAAI/bge-m3")]
    public async Task A_model_is_shown_whether_the_slashes_of_its_name_are_escaped_or_not(string path, string id)
    {
        var (status, body, _) = await lava.SendAsync("", "GET", path);

        status.ShouldBe(200, body.GetRawText());
        body.GetProperty("id").GetString().ShouldBe(id);
    }

    [Theory]
    [InlineData("/v1/models/nobody/nothing")]
    [InlineData("/v1/models/a/b/c/d")]
    public async Task An_unknown_model_with_slashes_is_not_found(string path)
    {
        var (status, body, _) = await lava.SendAsync("", "GET", path);

        status.ShouldBe(404);
        body.GetProperty("error").GetProperty("code").GetString().ShouldBe("model_not_found");
    }

    [Theory]
    [InlineData("/v1/v1/chat/completions", """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("/v1/v1/responses", """{"model":"gpt-4o-mini","input":"Hi"}""")]
    [InlineData("/v1/v1/messages", """{"model":"claude-sonnet-4-6","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("/v1/v1/messages/count_tokens", """{"model":"claude-sonnet-4-6","messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("/v1/v1/embeddings", """{"model":"text-embedding-3-small","input":"Hi"}""")]
    [InlineData("/V1/v1/forward?u=https://api.openai.com/v1/embeddings", """{"model":"text-embedding-3-small","input":"Hi"}""")]
    [InlineData(
        "/v1/v1/rewrite/anthropic/api.openai.com/v1/chat/completions/v1/messages",
        """{"model":"gpt-4o-mini","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""")]
    public async Task A_call_with_a_doubled_version_is_answered_and_charged_once(string path, string body)
    {
        var (status, answer, response) = await lava.SendAsync(lava.First.TestKey, "POST", path, new StringContent(body, null, "application/json"));

        status.ShouldBe(200, answer.GetRawText());
        response.Headers.GetValues("x-lava-request-id").Count().ShouldBe(1);
    }

    [Fact]
    public async Task An_error_at_a_doubled_version_has_the_shape_of_the_gateway()
    {
        var (status, body, _) = await lava.SendAsync("", "POST", "/v1/v1/messages", new StringContent("{}"));

        status.ShouldBe(401);
        body.GetProperty("type").GetString().ShouldBe("error");
    }

    [Theory]
    [InlineData("/v1/v1/customers")]
    [InlineData("/v1/v1")]
    [InlineData("/v1/v1/v1/models")]
    [InlineData("/v1/nothing/v1/models")]
    public async Task Nothing_else_is_forgiven(string path) => (await lava.SendAsync(lava.First.TestKey, "GET", path)).Status.ShouldBe(404);

    [Theory]
    [InlineData("GET", "/v1/responses/resp_1")]
    [InlineData("DELETE", "/v1/responses/resp_1")]
    [InlineData("POST", "/v1/responses/resp_1/cancel")]
    [InlineData("GET", "/v1/responses/resp_1/input_items")]
    public async Task A_response_is_not_stored_and_the_error_says_what_to_do(string method, string path)
    {
        var (status, body, _) = await lava.SendAsync(lava.First.TestKey, method, path);

        status.ShouldBe(404);
        var error = body.GetProperty("error");
        error.GetProperty("type").GetString().ShouldBe("not_found_error");
        error.GetProperty("code").GetString().ShouldBe("response_not_found");
        error.GetProperty("message").GetString()!.ShouldContain("resp_1");
        error.GetProperty("message").GetString()!.ShouldContain("input");
        (await lava.SendAsync("", method, path)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_key_of_another_shape_is_told_so_before_anything_else()
    {
        var made = await lava.PostAsync(lava.First.TestKey, "/v1/spend_keys", new { name = "A", request_shape = "anthropic" });
        var (status, body, _) = await lava.SendAsync(made.GetProperty("key").GetString()!, "GET", "/v1/responses/resp_1");

        status.ShouldBe(403);
        body.GetProperty("error").GetProperty("code").GetString().ShouldBe("request_shape_not_allowed");
    }

    [Theory]
    [InlineData("GET", "/v1/realtime?model=gpt-realtime")]
    [InlineData("POST", "/v1/realtime/client_secrets")]
    [InlineData("POST", "/v1/v1/realtime/calls")]
    public async Task Realtime_sessions_are_refused_by_name(string method, string path)
    {
        var (status, body, _) = await lava.SendAsync(lava.First.TestKey, method, path, method == "POST" ? JsonContent.Create(new { }) : null);

        status.ShouldBe(501);
        body.GetProperty("error").GetProperty("code").GetString().ShouldBe("realtime_not_supported");
        body.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("/v1/audio/speech");
    }
}
