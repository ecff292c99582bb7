using Azure.Core;
using Azure.Identity;
using Lava.Service.Ports.Vault;

namespace Lava.Functions.AzureOpenAi;

/// <summary>Tokens of the app's identity, kept until five minutes before they end. One caller fetches the next; the others go on with the one that is still
/// good.</summary>
internal sealed class EntraTokens(TokenCredential credential, TimeProvider time) : IAzureTokens, IDisposable
{
    /// <summary>What a token is for (Microsoft Learn, "How to configure Azure OpenAI with Microsoft Entra ID authentication").</summary>
    internal static readonly string[] Scopes = ["https://cognitiveservices.azure.com/.default"];

    /// <summary>How long a token is good for at least that is given out.</summary>
    private static readonly TimeSpan Spare = TimeSpan.FromMinutes(5);

    // Calls without a token wait for one request to the identity's endpoint, which is slow and limited.
    private readonly SemaphoreSlim _fetching = new(1, 1);
    private volatile Held? _held;

    /// <inheritdoc/>
    public ValueTask<string> GetAsync(CancellationToken cancellationToken) =>
        _held is { } held && !IsDue(held) ? new(held.Token) : FetchAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _fetching.Dispose();

    private async ValueTask<string> FetchAsync(CancellationToken cancellationToken)
    {
        var old = _held;
        if (!IsGood(old)) await _fetching.WaitAsync(cancellationToken);
        else if (!await _fetching.WaitAsync(0, cancellationToken)) return old!.Token;
        try
        {
            if (_held is { } other && !IsDue(other)) return other.Token;
            var token = await credential.GetTokenAsync(new TokenRequestContext(Scopes), cancellationToken);
            _held = new Held(token.Token, token.ExpiresOn);
            return token.Token;
        }
        catch (AuthenticationFailedException fault)
        {
            if (IsGood(old)) return old!.Token;
            throw new HttpRequestException(
                HttpRequestError.UserAuthenticationError,
                "The app's identity could not get a token for Azure's AI services.",
                fault);
        }
        finally
        {
            _fetching.Release();
        }
    }

    private bool IsGood(Held? held) => held is not null && held.Ends > time.GetUtcNow();

    private bool IsDue(Held held) => held.Ends - Spare <= time.GetUtcNow();

    private sealed record Held(string Token, DateTimeOffset Ends);
}
