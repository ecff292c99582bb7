using System.Globalization;

namespace Lava.Core.Money;

/// <summary>Amounts of US dollars and credits as they stand on the wire (rest-api.md §1.5).</summary>
public static class Amount
{
    /// <summary>Most decimals of an amount that a caller sends.</summary>
    public const int MaxDecimals = 10;

    /// <summary>At least two decimals, no more than needed: <c>25.00</c>, <c>0.0014</c>.</summary>
    public static string Trimmed(decimal amount)
    {
        var text = amount.ToString("0.00##########", CultureInfo.InvariantCulture);
        return text == "-0.00" ? "0.00" : text;
    }

    /// <summary>Ten decimals, as requests, usage and charges show them: <c>0.0581000000</c>.</summary>
    public static string Fixed(decimal amount) => Math.Round(amount, 10, MidpointRounding.ToEven).ToString("0.0000000000", CultureInfo.InvariantCulture);

    /// <summary>Reads an amount of digits with up to ten decimals; no sign, no exponent.</summary>
    public static bool TryParse(string? text, out decimal amount)
    {
        amount = 0;
        if (string.IsNullOrEmpty(text) || text.Length > 24) return false;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point == 0 || point == text.Length - 1 || (point > 0 && text.Length - point - 1 > MaxDecimals)) return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (i != point && !char.IsAsciiDigit(text[i])) return false;
        }

        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount);
    }
}
