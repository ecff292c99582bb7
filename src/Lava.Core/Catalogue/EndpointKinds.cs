namespace Lava.Core.Catalogue;

/// <summary>What kinds of endpoints have in common.</summary>
public static class EndpointKinds
{
    /// <summary>Whether an endpoint reaches what an account holds at the provider, whoever put it there. A call to it needs a key of the caller's own, and
    /// costs nothing itself.</summary>
    public static bool IsOfAccount(this EndpointKind kind) => kind is EndpointKind.Files or EndpointKind.Batches or EndpointKind.BatchResults;

    /// <summary>Whether a call names a model that prices it.</summary>
    public static bool HasModel(this EndpointKind kind) =>
        kind is not (EndpointKind.Metadata or EndpointKind.CountTokens or EndpointKind.Api) && !kind.IsOfAccount();
}
