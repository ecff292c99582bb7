using System.Text;
using Lava.Core.Catalogue;
using Lava.Core.Keys;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Keys;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Gateway;

/// <summary>What is prepared for one provider of a call, and what is refused before anything is reserved.</summary>
public sealed class CallIntakeTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    private const string Chat = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]}""";

    [Fact]
    public async Task A_key_that_came_with_the_call_goes_to_the_provider_that_the_caller_named_and_to_no_fallback()
    {
        var incoming = await IncomingAsync(Chat, providerKey: "sk-own", mode: Mode.Live);
        var (named, _) = await Intake.PrepareAsync(incoming, Target(incoming), CancellationToken.None);
        (named!.ProviderKey, named.KeySource, named.IsSandboxed).ShouldBe(("sk-own", KeySource.Unmanaged, false));
        var (fallback, error) = await Intake.PrepareAsync(incoming, Target(incoming) with { Entry = 1 }, CancellationToken.None);
        (fallback, error!.Code).ShouldBe((null, "provider_not_configured"));
    }

    [Fact]
    public async Task Attempts_of_one_call_share_what_does_not_depend_on_where_it_goes()
    {
        var incoming = await IncomingAsync(Chat);
        var (first, _) = await Intake.PrepareAsync(incoming, Target(incoming), CancellationToken.None);
        var (second, _) = await Intake.PrepareAsync(incoming, Target(incoming) with { Entry = 1 }, CancellationToken.None);
        first!.Incoming.ShouldBeSameAs(second!.Incoming);
        first.RequestId.ShouldBe(second.RequestId);
    }

    [Theory]
    [InlineData("""{"model":"gpt-4o-mini","messages":""", "invalid_json")]
    [InlineData("""{"messages":[]}""", "forward_model_invalid")]
    [InlineData("""{"model":7,"messages":[]}""", "forward_model_invalid")]
    [InlineData("""{"model":"no-such-model","messages":[]}""", "forward_model_not_supported")]
    [InlineData("""{"model":"text-embedding-3-small","messages":[]}""", "forward_model_not_supported")]
    public async Task A_body_that_names_no_model_of_the_endpoint_is_refused_by_what_is_wrong_with_it(string body, string code)
    {
        var incoming = await IncomingAsync(body);
        (await Intake.PrepareAsync(incoming, Target(incoming), CancellationToken.None)).Error.ShouldNotBeNull().Code.ShouldBe(code);
    }

    [Fact]
    public async Task A_customer_or_meter_that_does_not_exist_is_told_after_the_model_and_before_the_key()
    {
        var incoming = await IncomingAsync(Chat, meter: "no-such-meter");
        (await Intake.PrepareAsync(incoming, Target(incoming), CancellationToken.None)).Error.ShouldNotBeNull().Message.ShouldContain("meter");
        incoming = await IncomingAsync(Chat, customer: "ada");
        (await Intake.PrepareAsync(incoming, Target(incoming), CancellationToken.None)).Error.ShouldNotBeNull().Code.ShouldBe("validation_error");
        incoming = await IncomingAsync("""{"model":"no-such-model","messages":[]}""", meter: "no-such-meter");
        (await Intake.PrepareAsync(incoming, Target(incoming), CancellationToken.None)).Error.ShouldNotBeNull().Code.ShouldBe("forward_model_not_supported");
    }

    [Fact]
    public async Task Metadata_and_cache_are_checked_before_the_body_is_read()
    {
        var merchant = await host.NewMerchantAsync();
        foreach (var (header, value) in new[] { ("x-lava-metadata", "not json"), ("x-lava-cache", "ttl=never") })
        {
            var body = new MemoryStream(Encoding.UTF8.GetBytes(Chat));
            var http = Http(body);
            http.Request.Headers[header] = value;
            var caller = new GatewayCaller(new Tenant(merchant.Merchant.Id, Mode.Test), null, null);
            (await Intake.ReadAsync(http, caller, null, CallStart.Now(host.Clock))).Error.ShouldNotBeNull(header).Status.ShouldBe(400, header);
            body.Position.ShouldBe(0, header);
        }
    }

    private CallIntake Intake => host.Services.GetRequiredService<CallIntake>();

    private async Task<IncomingCall> IncomingAsync(string body, string? providerKey = null, string? customer = null, string? meter = null, Mode mode = Mode.Test)
    {
        var merchant = await host.NewMerchantAsync();
        var token = new ForwardToken(merchant.TestKey, customer, meter, providerKey, DisableBilling: false);
        var caller = new GatewayCaller(new Tenant(merchant.Merchant.Id, mode), token, null);
        var (call, error) = await Intake.ReadAsync(Http(new MemoryStream(Encoding.UTF8.GetBytes(body))), caller, null, CallStart.Now(host.Clock));
        error.ShouldBeNull();
        return call!;
    }

    private CallTarget Target(IncomingCall call)
    {
        var url = new Uri("https://api.openai.com/v1/chat/completions");
        host.Services.GetRequiredService<ProviderCatalogue>().TryResolve("POST", url.Host, url.AbsolutePath, out var match).ShouldBeTrue();
        return new CallTarget(url, match, call.Body);
    }

    private static DefaultHttpContext Http(Stream body)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = "POST";
        http.Request.ContentType = "application/json";
        http.Request.Body = body;
        return http;
    }
}
