namespace Lava.Core.Signing;

/// <summary>Credentials of Amazon's.</summary>
/// <param name="AccessKeyId">The key's id.</param>
/// <param name="SecretAccessKey">The secret.</param>
/// <param name="SessionToken">The token of temporary credentials; null for lasting ones.</param>
public sealed record AwsCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken = null)
{
    /// <summary>Reads <c>ID:SECRET</c> or <c>ID:SECRET:SESSION</c>; null for anything else, such as an API key of Bedrock's.</summary>
    public static AwsCredentials? Parse(string text) => text.Split(':') switch
    {
        [{ Length: >= 16 and <= 128 } id, { Length: > 0 } secret] when IsId(id) => new AwsCredentials(id, secret),
        [{ Length: >= 16 and <= 128 } id, { Length: > 0 } secret, { Length: > 0 } session] when IsId(id) => new AwsCredentials(id, secret, session),
        _ => null,
    };

    /// <summary>Keeps the secret out of logs.</summary>
    public override string ToString() => $"AwsCredentials {AccessKeyId}";

    private static bool IsId(string id) => id.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));
}
