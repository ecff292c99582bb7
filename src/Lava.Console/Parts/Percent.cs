using System.Globalization;

namespace Lava.Console.Parts;

/// <summary>Shares as people read them.</summary>
internal static class Percent
{
    /// <summary>A share of 0 to 1. One that is not zero never looks like it.</summary>
    public static string Of(double share) => share switch
    {
        0 => "0 %",
        < 0.0001 => "<0.01 %",
        _ => (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %",
    };
}
