namespace Lava.Service.Ports.Vault;

/// <summary>Tokens of the server's own identity in Microsoft Entra for Azure's AI services (scope
/// <c>https://cognitiveservices.azure.com/.default</c>).</summary>
public interface IAzureTokens
{
    /// <summary>A token that is good for some minutes at least.</summary>
    /// <exception cref="HttpRequestException">There is none to be had.</exception>
    ValueTask<string> GetAsync(CancellationToken cancellationToken);
}
