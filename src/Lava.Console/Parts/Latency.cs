using System.Globalization;

namespace Lava.Console.Parts;

/// <summary>Times of calls as people read them.</summary>
internal static class Latency
{
    /// <summary>A time; a dash where there is none.</summary>
    /// <param name="milliseconds">The time.</param>
    public static string Of(double? milliseconds) => milliseconds switch
    {
        null => "–",
        < 1_000 => milliseconds.Value.ToString("0", CultureInfo.InvariantCulture) + " ms",
        _ => (milliseconds.Value / 1_000).ToString("0.0#", CultureInfo.InvariantCulture) + " s",
    };
}
