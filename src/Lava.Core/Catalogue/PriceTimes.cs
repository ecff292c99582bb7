using System.Globalization;

namespace Lava.Core.Catalogue;

/// <summary>Reads the hours and days of a <see cref="PriceRule"/>.</summary>
internal static class PriceTimes
{
    private const string Format = "HH:mm";

    private static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>Whether a word names a day of the week.</summary>
    public static bool IsDay(string word) => Array.IndexOf(DayNames, word) >= 0;

    /// <summary>Whether a text is a span of hours whose end comes after its start.</summary>
    public static bool IsSpan(string text) => TryParse(text, out _, out _);

    /// <summary>Whether a moment falls on one of these days of the week.</summary>
    public static bool IsOn(IReadOnlyList<string> days, DateTime utc)
    {
        var name = DayNames[(int)utc.DayOfWeek];
        for (var i = 0; i < days.Count; i++)
        {
            if (days[i] == name) return true;
        }

        return false;
    }

    /// <summary>Whether a moment falls within one of these spans of hours.</summary>
    public static bool IsWithin(IReadOnlyList<string> hours, DateTime utc)
    {
        for (var i = 0; i < hours.Count; i++)
        {
            if (TryParse(hours[i], out var from, out var to) && utc.TimeOfDay >= from && utc.TimeOfDay < to) return true;
        }

        return false;
    }

    private static bool TryParse(ReadOnlySpan<char> text, out TimeSpan from, out TimeSpan to)
    {
        (from, to) = (default, default);
        var dash = text.IndexOf('-');
        if (dash < 0 || !TimeOnly.TryParseExact(text[..dash], Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var start)
            || !TimeOnly.TryParseExact(text[(dash + 1)..], Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var end)) return false;
        from = start.ToTimeSpan();
        to = end == TimeOnly.MinValue ? TimeSpan.FromDays(1) : end.ToTimeSpan();
        return from < to;
    }
}
