using Lava.Core.Catalogue;
using Lava.Core.Keys;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Routing;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Gateway;

/// <summary>Which provider serves a call that names its model alone, at which address, and by which name of the model.</summary>
public sealed class ModelRoutesTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    private static readonly Tenant Tenant = new("mer_x", Mode.Test);

    [Theory]
    [InlineData("gpt-4o-mini", WireFormat.OpenAiChat, "https://api.openai.com/v1/chat/completions", "gpt-4o-mini")]
    [InlineData("gpt-4o-mini", WireFormat.OpenAiResponses, "https://api.openai.com/v1/responses", "gpt-4o-mini")]
    [InlineData("openai/gpt-4o-mini", WireFormat.OpenAiChat, "https://api.openai.com/v1/chat/completions", "gpt-4o-mini")]
    [InlineData("gpt-4o-mini-2024-07-18", WireFormat.OpenAiChat, "https://api.openai.com/v1/chat/completions", "gpt-4o-mini-2024-07-18")]
    [InlineData("claude-sonnet-4-5", WireFormat.OpenAiChat, "https://api.anthropic.com/v1/messages", "claude-sonnet-4-5")]
    [InlineData("claude-sonnet-4-5", WireFormat.Anthropic, "https://api.anthropic.com/v1/messages", "claude-sonnet-4-5")]
    [InlineData("llama-3.3-70b-versatile", WireFormat.Anthropic, "https://api.groq.com/openai/v1/chat/completions", "llama-3.3-70b-versatile")]
    public async Task A_model_is_served_by_its_provider_in_the_clients_format_where_the_provider_has_it(string asked, WireFormat client, string url, string model)
    {
        var found = (await Routes.FindAsync(Call(), new ModelShape(client, EndpointKind.Chat), asked, CancellationToken.None)).ShouldNotBeNull();
        (found.Url.AbsoluteUri, found.Model).ShouldBe((url, model));
    }

    [Fact]
    public async Task A_model_of_another_kind_and_one_that_nobody_has_are_served_by_nobody()
    {
        (await Routes.FindAsync(Call(), new ModelShape(WireFormat.OpenAiChat, EndpointKind.Chat), "text-embedding-3-small", CancellationToken.None)).ShouldBeNull();
        (await Routes.FindAsync(Call(), new ModelShape(WireFormat.OpenAiMedia, EndpointKind.Embeddings), "gpt-4o-mini", CancellationToken.None)).ShouldBeNull();
        (await Routes.FindAsync(Call(), new ModelShape(WireFormat.OpenAiChat, EndpointKind.Chat), "no-such-model", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_spend_key_is_served_by_the_provider_that_it_allows()
    {
        var found = (await Routes.FindAsync(Call("cerebras"), new ModelShape(WireFormat.OpenAiChat, EndpointKind.Chat), "gpt-oss-120b", CancellationToken.None)).ShouldNotBeNull();
        (found.Url.Host, found.Model).ShouldBe(("api.cerebras.ai", "gpt-oss-120b"));
        found = (await Routes.FindAsync(Call("sambanova"), new ModelShape(WireFormat.OpenAiChat, EndpointKind.Chat), "gpt-oss-120b", CancellationToken.None)).ShouldNotBeNull();
        found.Url.Host.ShouldBe("api.sambanova.ai");
    }

    [Fact]
    public async Task Where_no_provider_is_allowed_the_first_one_says_why_and_no_other_format_is_tried()
    {
        var found = (await Routes.FindAsync(Call("groq"), new ModelShape(WireFormat.OpenAiChat, EndpointKind.Chat), "gpt-4o-mini", CancellationToken.None)).ShouldNotBeNull();
        found.Url.Host.ShouldBe("api.openai.com");
    }

    private ModelRoutes Routes => host.Services.GetRequiredService<ModelRoutes>();

    private static IncomingCall Call(string? allowedProvider = null) => new()
    {
        Ulid = "01JD0000000000000000000000",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Started = 0,
        Method = "POST",
        Caller = new GatewayCaller(Tenant, null, allowedProvider is null
            ? null
            : new SpendKeyIdentity(Tenant, new SpendKey { Id = "k", Name = "k", Hash = "", Preview = "", CreatedAt = DateTimeOffset.UnixEpoch, AllowedProviders = [allowedProvider] })),
        Metadata = new Dictionary<string, string>(),
        Body = default,
        ContentType = "application/json",
    };
}
