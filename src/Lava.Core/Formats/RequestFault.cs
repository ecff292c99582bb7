namespace Lava.Core.Formats;

/// <summary>Why a request is not sent on.</summary>
/// <param name="Member">The member of the body that is the reason.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record RequestFault(string Member, string Message);
