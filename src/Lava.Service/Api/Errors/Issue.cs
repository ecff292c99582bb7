namespace Lava.Service.Api.Errors;

/// <summary>What is wrong with one member of a request.</summary>
/// <param name="Path">Where: member names and array indexes.</param>
/// <param name="Message">A sentence.</param>
public sealed record Issue(IReadOnlyList<string> Path, string Message)
{
    /// <summary>An issue with a member at the top.</summary>
    public static Issue At(string member, string message) => new([member], message);
}
