using System.Globalization;

namespace Lava.Console.Parts;

/// <summary>Amounts as people read them. Calculations never use these texts.</summary>
internal static class Money
{
    /// <summary>Dollars: cents, or as many decimals as show something of a small amount.</summary>
    public static string Dollars(decimal amount)
    {
        var size = Math.Abs(amount);
        var format = size switch { 0 => "0.00", >= 1 => "#,##0.00", >= 0.01m => "0.00##", _ => "0.00########" };
        var text = size.ToString(format, CultureInfo.InvariantCulture);
        return amount < 0 ? "−$" + text : "$" + text;
    }

    /// <summary>Dollars, in cents, for sums in which smaller parts do not matter; what is less than a cent says so.</summary>
    public static string Cents(decimal amount)
    {
        var size = Math.Abs(amount);
        if (size is > 0 and < 0.01m) return amount < 0 ? "−<$0.01" : "<$0.01";
        var text = "$" + size.ToString("#,##0.00", CultureInfo.InvariantCulture);
        return amount < 0 ? "−" + text : text;
    }

    /// <summary>The amount of the API's text.</summary>
    public static decimal Of(string? wire) => decimal.Parse(wire ?? "0", NumberStyles.Number, CultureInfo.InvariantCulture);

    /// <summary>The API's text as people read it.</summary>
    public static string Dollars(string? wire) => Dollars(Of(wire));

    /// <summary>A whole number with its thousands apart.</summary>
    public static string Count(decimal number) => number.ToString("#,##0", CultureInfo.InvariantCulture);

    /// <summary>A large number in few characters: 1.2M.</summary>
    public static string Short(decimal number) => number switch
    {
        >= 1_000_000_000 => (number / 1_000_000_000).ToString("0.##", CultureInfo.InvariantCulture) + "B",
        >= 1_000_000 => (number / 1_000_000).ToString("0.##", CultureInfo.InvariantCulture) + "M",
        >= 100_000 => (number / 1_000).ToString("0.#", CultureInfo.InvariantCulture) + "K",
        _ => Count(number),
    };
}
