using System.Globalization;
using Lava.Console.Parts;

namespace Lava.Console.Portal.Parts;

/// <summary>What plans promise, in words.</summary>
internal static class Terms
{
    /// <summary>A price by period.</summary>
    public static string Price(string amount, string interval) => Money.Of(amount) == 0 ? "Free" : $"{Money.Dollars(amount)} a {interval}";

    /// <summary>The credit that comes with a plan.</summary>
    public static string Credit(string credit, string interval, string rollover) => Money.Of(credit) == 0
        ? "No credit included"
        : $"{Money.Dollars(credit)} of credit each {interval}" + (rollover == "full" ? ", and what is left is carried over" : "");

    /// <summary>A day.</summary>
    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
