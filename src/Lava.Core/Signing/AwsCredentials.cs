namespace Lava.Core.Signing;

/// <summary>Credentials of Amazon's.</summary>
/// <param name="AccessKeyId">The key's id.</param>
/// <param name="SecretAccessKey">The secret.</param>
/// <param name="SessionToken">The token of temporary credentials; null for lasting ones.</param>
public sealed record AwsCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken = null)
{
    /// <summary>Keeps the secret out of logs.</summary>
    public override string ToString() => $"AwsCredentials {AccessKeyId}";
}
