using Lava.Service.Api.Errors;

namespace Lava.Console.Serving;

/// <summary>What was sent with a form, and what became of it.</summary>
/// <param name="Values">What was sent, by field.</param>
/// <param name="Error">Why it was refused; null where it was not.</param>
internal sealed record FormState(IReadOnlyDictionary<string, string> Values, ApiError? Error)
{
    /// <summary>No form was sent.</summary>
    public static readonly FormState None = new(new Dictionary<string, string>(), null);

    /// <summary>What is shown this once: a new key.</summary>
    public string? Secret { get; init; }

    /// <summary>The name of what is shown this once.</summary>
    public string? SecretName { get; init; }

    /// <summary>What was sent for a field; empty for nothing.</summary>
    public string this[string field] => Values.GetValueOrDefault(field, "");

    /// <summary>What is wrong with a member of the API's body; null for nothing.</summary>
    public string? Wrong(string member) =>
        Error?.Issues?.FirstOrDefault(issue => string.Join('.', issue.Path) == member)?.Message;
}
