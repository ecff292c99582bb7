using Azure.Core;
using Azure.Identity;
using Lava.Functions.AzureOpenAi;
using Microsoft.Extensions.Time.Testing;

namespace Lava.Functions.Tests;

public sealed class EntraTokensTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task A_token_is_fetched_once_and_again_five_minutes_before_it_ends()
    {
        var identity = new Identity(_clock);
        using var tokens = new EntraTokens(identity, _clock);
        (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => tokens.GetAsync(default).AsTask()))).ShouldAllBe(token => token == "token-1");
        _clock.Advance(TimeSpan.FromMinutes(54));
        (await tokens.GetAsync(default)).ShouldBe("token-1");
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await tokens.GetAsync(default)).ShouldBe("token-2");
        identity.Scopes.ShouldBe(["https://cognitiveservices.azure.com/.default", "https://cognitiveservices.azure.com/.default"]);
    }

    [Fact]
    public async Task While_the_identity_is_out_of_reach_the_last_token_serves_to_its_end()
    {
        var identity = new Identity(_clock);
        using var tokens = new EntraTokens(identity, _clock);
        await tokens.GetAsync(default);
        identity.IsDown = true;
        _clock.Advance(TimeSpan.FromMinutes(59));
        (await tokens.GetAsync(default)).ShouldBe("token-1");
        _clock.Advance(TimeSpan.FromMinutes(1));
        var fault = await Should.ThrowAsync<HttpRequestException>(async () => await tokens.GetAsync(default));
        fault.HttpRequestError.ShouldBe(HttpRequestError.UserAuthenticationError);
        identity.IsDown = false;
        (await tokens.GetAsync(default)).ShouldBe("token-2");
    }

    private sealed class Identity(FakeTimeProvider clock) : TokenCredential
    {
        private int _count;

        public bool IsDown { get; set; }

        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            if (IsDown) throw new AuthenticationFailedException("The identity's endpoint does not answer.");
            Scopes.AddRange(requestContext.Scopes);
            return new AccessToken($"token-{++_count}", clock.GetUtcNow().AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
