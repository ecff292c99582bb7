using System.Net;
using System.Text.RegularExpressions;
using Lava.Service.Admin;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Console;

/// <summary>The playground calls models as everybody does, for the visit's merchant and mode.</summary>
public sealed partial class PlaygroundTests : IAsyncLifetime
{
    private const string Page = "/console/test/playground";

    private readonly ManagementHost _host = new();
    private NewMerchant _merchant = null!;
    private Browser _browser = null!;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        _merchant = await _host.NewMerchantAsync(100);
        _browser = new Browser(_host.Address);
        await _browser.SignInAsync(_merchant.TestKey);
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Without_scripts_the_whole_answer_is_shown_with_what_it_cost()
    {
        var (response, html) = await _browser.SubmitAsync(Page, Page, ("model", "gpt-4o-mini"), ("system", "Be brief"), ("prompt", "Say <b>hello</b> & more"));

        ((int)response.StatusCode).ShouldBe(200);
        var request = await _host.GetAsync(_merchant.TestKey, "/v1/requests?settled=true");
        request.Body.GetProperty("data").GetArrayLength().ShouldBe(1);
        (request["data.0.status"], request["data.0.model"], request["data.0.metadata.source"]).ShouldBe(("completed", "gpt-4o-mini", "playground"));
        var text = WebUtility.HtmlDecode(html);
        text.ShouldContain("/console/test/requests/" + request["data.0.request_id"]);
        text.ShouldContain($"{request["data.0.model_usage.input_tokens"]} tokens in, {request["data.0.model_usage.output_tokens"]} out");
        html.ShouldNotContain("<b>hello");
        Said().Match(html).Groups[1].Value.ShouldNotBeEmpty();
        html.ShouldNotContain(_merchant.TestKey);
        response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldStartWith("default-src 'none';");
    }

    [Fact]
    public async Task With_the_script_the_stream_is_the_gateways_and_ends_with_what_it_cost()
    {
        var (response, events) = await _browser.SubmitAsync(Page, Page, ("model", "claude-sonnet-4-5"), ("system", ""), ("prompt", "Hello"), ("stream", "yes"));

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var lines = events.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBeGreaterThan(3);
        lines[^1].ShouldStartWith("""data: {"lava":"$0.""");
        lines[^1].ShouldContain("tokens in");
        var id = response.Headers.GetValues("x-lava-request-id").ShouldHaveSingleItem();
        (await _host.GetAsync(_merchant.TestKey, "/v1/requests/" + id))["model"].ShouldBe("claude-sonnet-4-5");
    }

    [Fact]
    public async Task A_customer_is_charged_by_the_meter_and_refused_without_credits()
    {
        await _host.NewMeterAsync(_merchant.TestKey, "\"meter_slug\":\"chat\"");
        var customer = await _host.NewCustomerAsync(_merchant.TestKey, """{"reference_id":"user-1"}""");
        (string, string)[] form = [("model", "gpt-4o-mini"), ("prompt", "Hello"), ("customer_id", "user-1"), ("meter", "chat")];

        var (_, html) = await _browser.SubmitAsync(Page, Page, form);
        WebUtility.HtmlDecode(html).ShouldContain("charged $0.");
        (await _host.GetAsync(_merchant.TestKey, "/v1/requests"))["data.0.customer_id"].ShouldBe(customer);

        var poor = await _host.NewCustomerAsync(_merchant.TestKey, """{"reference_id":"user-2"}""");
        await _host.PostAsync(_merchant.TestKey, $"/v1/customers/{poor}/adjustments", """{"amount":"-100","description":"All of it"}""");
        form[2] = ("customer_id", "user-2");
        var (refused, why) = await _browser.SubmitAsync(Page, Page, form);
        ((int)refused.StatusCode).ShouldBe(402);
        why.ShouldContain("role=\"alert\"");
        (await _host.GetAsync(_merchant.TestKey, "/v1/requests?settled=true")).Body.GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task In_live_mode_it_is_refused_as_any_call_is_where_nobody_has_a_key()
    {
        const string Live = "/console/live/playground";
        using var live = new Browser(_host.Address);
        await live.SignInAsync(_merchant.LiveKey);
        var call = await _host.PostAsync(_merchant.LiveKey, "/v1/chat/completions", """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}""");
        var (refused, json) = await live.SubmitAsync(Live, Live, ("model", "gpt-4o-mini"), ("prompt", "Hello"), ("stream", "yes"));
        ((int)refused.StatusCode).ShouldBe(call.Status);
        call.Status.ShouldBeGreaterThanOrEqualTo(400);
        json.ShouldContain(call["error.code"]!);
        ((int)(await _browser.SubmitAsync(Page, Live, ("model", "gpt-4o-mini"), ("prompt", "Hello"))).Response.StatusCode).ShouldBe(403);
    }

    [Theory]
    [InlineData("no-such-model", 404)]
    [InlineData("<b>", 404)]
    [InlineData("text-embedding-3-small", 404)]
    public async Task What_the_gateway_refuses_is_said_on_the_page(string model, int status)
    {
        var (refused, html) = await _browser.SubmitAsync(Page, Page, ("model", model), ("prompt", "Hello"));
        ((int)refused.StatusCode).ShouldBe(status);
        html.ShouldContain("role=\"alert\"");
        html.ShouldContain($"value=\"{WebUtility.HtmlEncode(model)}\"");
        html.ShouldNotContain("<b>");
    }

    [Fact]
    public async Task A_long_prompt_is_taken_and_one_without_the_pages_token_is_not()
    {
        var (taken, _) = await _browser.SubmitAsync(Page, Page, ("model", "gpt-4o-mini"), ("prompt", new string('x', 40_000)));
        ((int)taken.StatusCode).ShouldBe(200);
        ((int)(await _browser.PostAsync(Page, ("model", "gpt-4o-mini"), ("prompt", "Hello"))).Response.StatusCode).ShouldBe(400);
        (await _host.GetAsync(_merchant.TestKey, "/v1/requests?settled=true")).Body.GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [GeneratedRegex("class=\"said\">([^<]+)<")]
    private static partial Regex Said();
}
