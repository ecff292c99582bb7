using Lava.Core.Catalogue;
using Lava.Service.Catalogue;
using Lava.Service.Gateway.Upstream;

namespace Lava.Service.Tests.Gateway.Upstream;

/// <summary>Which headers of a request go to which provider. The lists are those of the providers' documentation and of the platforms'.</summary>
public sealed class HeaderRulesTests
{
    private static readonly ProviderCatalogue Catalogue = CatalogueLoader.Load(null);

    /// <summary>What the client's network, platforms in front and other systems put on a request (Azure Functions and App Service, Front Door, Cloudflare, AWS,
    /// Google Cloud, proxies), and what else is not the provider's business.</summary>
    public static TheoryData<string> Foreign => [.. new[]
    {
        "x-functions-key", "x-functions-clientid", "x-ms-client-principal", "x-ms-client-principal-id", "x-ms-client-principal-name", "x-ms-client-principal-idp",
        "x-ms-token-aad-id-token", "x-ms-token-aad-access-token", "x-ms-request-id", "x-ms-correlation-request-id", "x-ms-coldstart", "x-ms-invocation-id",
        "x-azure-clientip", "x-azure-socketip", "x-azure-fdid", "x-azure-ref", "x-azure-requestchain", "x-arr-log-id", "x-arr-ssl", "x-site-deployment-id",
        "x-waws-unencoded-url", "x-original-url", "x-original-host", "x-appservice-proto", "was-default-hostname", "disguised-host", "client-ip", "max-forwards",
        "cf-connecting-ip", "cf-connecting-ipv6", "cf-ipcountry", "cf-ray", "cf-visitor", "cf-worker", "cf-access-jwt-assertion", "cdn-loop", "true-client-ip",
        "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-client-cert", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "forwarded", "via",
        "x-amzn-trace-id", "x-amz-cf-id", "x-amz-security-token", "x-amz-date", "x-amzn-oidc-data", "x-cloud-trace-context", "x-goog-iap-jwt-assertion",
        "fly-client-ip", "fastly-client-ip", "x-vercel-ip-country", "x-nf-client-connection-ip",
        "cookie", "cookie2", "authorization", "proxy-authorization", "x-api-key", "x-goog-api-key", "xi-api-key", "api-key", "x-auth-token", "x-csrf-token",
        "origin", "referer", "sec-fetch-site", "sec-ch-ua", "dnt", "baggage", "host", "connection", "content-length", "content-encoding", "transfer-encoding",
        "accept-encoding", "x-http-method-override", "x-goog-fieldmask", "range", "prefer", "if-none-match", "x-lava-fallbacks", "x-lava-metadata", "x-unheard-of",
    }];

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Nothing_of_the_client_and_its_platform_goes_to_any_provider(string name)
    {
        foreach (var provider in Catalogue.Providers)
        {
            foreach (var endpoint in provider.Endpoints)
            {
                HeaderRules.IsForwarded(provider, endpoint, isManaged: true, name).ShouldBeFalse($"{provider.Id} {endpoint.Path}");
                HeaderRules.IsForwarded(provider, endpoint, isManaged: false, name).ShouldBeFalse($"{provider.Id} {endpoint.Path}");
            }
        }

        HeaderRules.IsForwardedTranslated(name).ShouldBeFalse();
    }

    [Theory]
    [InlineData("accept")]
    [InlineData("Content-Type")]
    [InlineData("user-agent")]
    [InlineData("traceparent")]
    [InlineData("tracestate")]
    [InlineData("X-Client-Request-Id")]
    [InlineData("x-stainless-runtime")]
    public void What_every_client_sends_goes_to_every_provider(string name) =>
        Catalogue.Providers.ShouldAllBe(provider => HeaderRules.IsForwarded(provider, provider.Endpoints[0], true, name));

    // platform.openai.com/docs/api-reference, docs.anthropic.com/en/api, openrouter.ai/docs/api-reference/overview, docs.x.ai (prompt caching),
    // docs.fireworks.ai (prompt caching).
    [Theory]
    [InlineData("openai", "openai-beta")]
    [InlineData("anthropic", "anthropic-version")]
    [InlineData("anthropic", "Anthropic-Beta")]
    [InlineData("anthropic", "x-app")]
    [InlineData("google", "x-goog-api-client")]
    [InlineData("google_openai_compatible", "x-goog-api-client")]
    [InlineData("openrouter", "HTTP-Referer")]
    [InlineData("openrouter", "X-Title")]
    [InlineData("openrouter", "x-openrouter-title")]
    [InlineData("xai", "x-grok-conv-id")]
    [InlineData("fireworks", "x-session-affinity")]
    public void What_a_provider_documents_goes_to_it(string id, string name)
    {
        var provider = Catalogue.FindProvider(id)!;
        HeaderRules.IsForwarded(provider, provider.Endpoints[0], isManaged: true, name).ShouldBeTrue();
    }

    [Theory]
    [InlineData("openai", "anthropic-beta")]
    [InlineData("openai", "http-referer")]
    [InlineData("openai", "x-title")]
    [InlineData("openai", "x-app")]
    [InlineData("openai", "x-goog-api-client")]
    [InlineData("anthropic", "http-referer")]
    [InlineData("groq", "x-grok-conv-id")]
    [InlineData("google", "openai-beta")]
    [InlineData("bedrock", "anthropic-beta")]
    [InlineData("elevenlabs", "openai-beta")]
    public void What_one_provider_documents_does_not_go_to_another(string id, string name)
    {
        var provider = Catalogue.FindProvider(id)!;
        HeaderRules.IsForwarded(provider, provider.Endpoints[0], isManaged: false, name).ShouldBeFalse();
    }

    [Theory]
    [InlineData("openai", "openai-organization", true)]
    [InlineData("openai", "openai-project", true)]
    [InlineData("google", "x-goog-user-project", true)]
    [InlineData("openai", "idempotency-key", true)]
    [InlineData("groq", "openai-organization", false)]
    [InlineData("openrouter", "openai-project", false)]
    public void What_names_an_account_goes_with_the_callers_own_key_alone(string id, string name, bool goes)
    {
        var provider = Catalogue.FindProvider(id)!;
        HeaderRules.IsForwarded(provider, provider.Endpoints[0], isManaged: false, name).ShouldBe(goes);
        HeaderRules.IsForwarded(provider, provider.Endpoints[0], isManaged: true, name).ShouldBeFalse();
    }

    [Theory]
    [InlineData("x-house-trace", true)]
    [InlineData("x-forwarded-for", true)]
    [InlineData("Authorization", false)]
    [InlineData("x-api-key", false)]
    [InlineData("content-encoding", false)]
    [InlineData("Content-Length", false)]
    [InlineData("host", false)]
    public void An_operator_may_pass_more_but_no_credential_and_no_framing(string name, bool isPassable) => HeaderRules.IsPassable(name).ShouldBe(isPassable);
}
