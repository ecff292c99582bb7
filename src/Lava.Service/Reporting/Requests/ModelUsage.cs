namespace Lava.Service.Reporting.Requests;

/// <summary>Usage of a request on the wire: all members always.</summary>
internal sealed record ModelUsage(
    long InputTokens,
    long OutputTokens,
    long TotalTokens,
    long InputCharacters,
    long OutputCharacters,
    long TotalCharacters,
    decimal InputSeconds,
    decimal OutputSeconds,
    decimal TotalSeconds,
    string InputCost,
    string OutputCost,
    string TotalCost);
