namespace Lava.Service.Metering.Rollups;

/// <summary>A sum over completed requests.</summary>
/// <param name="Requests">How many.</param>
/// <param name="Tokens">Input and output tokens.</param>
/// <param name="Cost">Provider cost, US dollars.</param>
/// <param name="Charge">Meter charges, credits.</param>
internal readonly record struct UsageSum(long Requests, long Tokens, decimal Cost, decimal Charge)
{
    /// <summary>Adds two sums.</summary>
    public static UsageSum operator +(UsageSum left, UsageSum right) => left.Add(right);

    /// <summary>This sum and another.</summary>
    public UsageSum Add(UsageSum other) => new(Requests + other.Requests, Tokens + other.Tokens, Cost + other.Cost, Charge + other.Charge);
}
