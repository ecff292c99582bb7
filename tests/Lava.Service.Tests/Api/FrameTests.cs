using System.Net.Sockets;
using System.Text;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Api;

public sealed class FrameTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Theory]
    [InlineData("GET", "/v1/nothing", 404, "not_found")]
    [InlineData("POST", "/", 405, "method_not_allowed")]
    [InlineData("POST", "/v1/customers/x/y/z", 404, "not_found")]
    [InlineData("PUT", "/v1/customers", 405, "method_not_allowed")]
    [InlineData("DELETE", "/v1/wallet", 405, "method_not_allowed")]
    [InlineData("OPTIONS", "/v1/meters/x", 405, "method_not_allowed")]
    public async Task An_address_that_nothing_answers_is_refused_in_the_envelope(string method, string path, int status, string code)
    {
        var answer = await host.SendAsync(await host.NewKeyAsync(), method, path);
        (answer.Status, answer.Code, answer["error.status"]).ShouldBe((status, code, $"{status}"));
        answer.Header("Content-Type")!.ShouldStartWith("application/json");
    }

    [Fact]
    public async Task A_wrong_method_is_told_the_right_ones()
    {
        var allowed = (await host.SendAsync("", "PUT", "/v1/customers/x")).Header("Allow")!.Split(", ");
        allowed.ShouldBe(["GET", "PATCH", "DELETE"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Basic YWtzOng=")]
    [InlineData("Bearer")]
    [InlineData("Bearer   ")]
    [InlineData("aks_test_naked")]
    public async Task Without_a_bearer_credential_nothing_is_answered(string header)
    {
        var answer = await host.SendAsync("", "GET", "/v1/wallet", null, ("Authorization", header));
        (answer.Status, answer.Code, answer.Header("WWW-Authenticate")).ShouldBe((401, "authentication_required", "Bearer"));
    }

    [Fact]
    public async Task Neither_a_spend_key_nor_a_forward_token_nor_another_carrier_opens_the_management_api()
    {
        var key = await host.NewKeyAsync();
        var token = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{key}}"}"""));
        foreach (var credential in new[] { token, "lava_sk_" + key[9..], key + "x", key[..^1], key.ToUpperInvariant(), "aks_live_" + key[9..] })
            (await host.GetAsync(credential, "/v1/wallet")).Status.ShouldBe(401, credential[..8]);
        (await host.SendAsync("", "GET", "/v1/wallet?key=" + key, null, ("x-api-key", key))).Status.ShouldBe(401);
        (await host.GetAsync(key, "/v1/wallet")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Requests_are_counted_by_key_and_by_minute()
    {
        var merchant = await host.NewMerchantAsync();
        var first = await host.GetAsync(merchant.TestKey, "/v1/wallet");
        (first.Header("X-RateLimit-Limit"), first.Header("X-RateLimit-Remaining")).ShouldBe(("1000", "999"));
        var reset = long.Parse(first.Header("X-RateLimit-Reset")!, System.Globalization.CultureInfo.InvariantCulture);
        (reset - host.Clock.GetUtcNow().ToUnixTimeSeconds()).ShouldBeInRange(1, 60);

        var last = first;
        for (var i = 0; i < 999; i++) last = await host.GetAsync(merchant.TestKey, "/v1/wallet");
        (last.Status, last.Header("X-RateLimit-Remaining")).ShouldBe((200, "0"));
        var over = await host.GetAsync(merchant.TestKey, "/v1/wallet");
        (over.Status, over.Code, over.Header("X-RateLimit-Remaining")).ShouldBe((429, "rate_limit_exceeded", "0"));
        int.Parse(over.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(1, 60);
        (await host.GetAsync(merchant.LiveKey, "/v1/wallet")).Status.ShouldBe(200);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        (await host.GetAsync(merchant.TestKey, "/v1/wallet")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_fault_of_ours_tells_the_caller_nothing_about_it()
    {
        var key = await host.NewKeyAsync();
        (await host.GetAsync(key, "/v1/wallet")).Status.ShouldBe(200);
        foreach (var (fault, status, code) in new (Exception, int, string)[]
        {
            (new InvalidOperationException("the-secret-detail"), 500, "internal_error"),
            (new TableStoreException("the-secret-detail"), 503, "temporarily_unavailable"),
        })
        {
            host.Tables.AfterGet = _ => Task.FromException(fault);
            var answer = await host.GetAsync(key, "/v1/wallet");
            host.Tables.AfterGet = null;
            (answer.Status, answer.Code).ShouldBe((status, code));
            answer.Body.GetRawText().ShouldNotContain("the-secret-detail");
            answer.Body.GetRawText().ShouldNotContain("Exception");
        }
    }

    [Theory]
    [InlineData("GET / / HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /v1/wallet\r\n\r\n", 505)]
    [InlineData("\0\0\0\0\r\n\r\n", 400)]
    [InlineData("GET /v1/wallet HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /v1/wallet HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("POST /v1/customers HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n\r\n", 401)]
    public async Task A_request_that_is_no_http_is_refused_without_details(string text, int status)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
        var answer = await new StreamReader(stream, Encoding.ASCII).ReadToEndAsync();
        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        answer.ShouldNotContain("Exception");
        answer.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Gateway_errors_are_a_superset_that_the_clients_of_both_families_parse()
    {
        var answer = await host.PostAsync("", "/v1/forward?u=https://api.openai.com/v1/chat/completions", "{}");
        (answer.Status, answer["type"], answer["error.type"], answer["error.code"], answer["error.param"]).ShouldBe((401, "error", "authentication_error", "authentication_required", null));
        var management = await host.GetAsync("", "/v1/wallet");
        management.Body.EnumerateObject().Select(member => member.Name).ShouldBe(["error"]);
        management.Body.GetProperty("error").EnumerateObject().Select(member => member.Name).ShouldBe(["message", "code", "status"]);
    }
}
