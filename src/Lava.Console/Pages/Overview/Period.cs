using System.Globalization;

namespace Lava.Console.Pages.Overview;

/// <summary>A time that the overview shows, and the one before it, up to the same moment.</summary>
/// <param name="Word">Its name in addresses.</param>
/// <param name="Name">Its name on the page.</param>
/// <param name="Interval">By which spans usage is summed.</param>
/// <param name="Length">How long it is.</param>
internal sealed record Period(string Word, string Name, string Interval, TimeSpan Length)
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    /// <summary>The periods to choose from.</summary>
    public static readonly IReadOnlyList<Period> All =
    [
        new("day", "24 hours", "hour", TimeSpan.FromHours(24)),
        new("week", "7 days", "day", TimeSpan.FromDays(7)),
        new("month", "30 days", "day", TimeSpan.FromDays(30)),
    ];

    /// <summary>The period of that name; a week for any other.</summary>
    public static Period Of(string word) => All.FirstOrDefault(period => period.Word == word) ?? All[1];

    /// <summary>When it begins: with a whole hour or day, so that it is summed from roll-ups alone.</summary>
    public DateTimeOffset Start(DateTimeOffset now) => Interval == "hour"
        ? new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero) - Length + TimeSpan.FromHours(1)
        : new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) - Length + TimeSpan.FromDays(1);

    /// <summary>Asks for this period's usage.</summary>
    public string Query(DateTimeOffset now) => $"/usage?interval={Interval}&start={Precise(Start(now))}";

    /// <summary>Asks for the usage of the period before, up to the same moment of it, to the quarter of an hour.</summary>
    public string QueryBefore(DateTimeOffset now)
    {
        var end = now.UtcTicks - Length.Ticks;
        end = end - (end % Quarter.Ticks) + Quarter.Ticks - 1;
        return $"/usage?interval={Interval}&start={Precise(Start(now) - Length)}&end={Precise(new DateTimeOffset(end, TimeSpan.Zero))}";
    }

    /// <summary>Its hours or days, each by its first moment.</summary>
    public IReadOnlyList<DateTimeOffset> Spans(DateTimeOffset now)
    {
        var spans = new List<DateTimeOffset>();
        for (var span = Start(now); span <= now; span = Interval == "hour" ? span.AddHours(1) : span.AddDays(1)) spans.Add(span);
        return spans;
    }

    /// <summary>What a chart and a table call an hour or a day.</summary>
    public string NameOf(DateTimeOffset span) => span.ToString(Interval == "hour" ? "d MMM HH:mm" : "ddd d MMM", CultureInfo.InvariantCulture);

    /// <summary>A span's first moment as the API writes it.</summary>
    public static string Text(DateTimeOffset span) => span.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Precise(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
