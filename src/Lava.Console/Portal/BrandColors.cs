using System.Globalization;

namespace Lava.Console.Portal;

/// <summary>Makes the portal's colours of a merchant's: buttons that are seen on their background and texts that can be read, in light and in dark, whatever
/// the colour (WCAG 2.2, 1.4.3 and 1.4.11).</summary>
internal static class BrandColors
{
    private const double TextContrast = 4.5;
    private const double PartContrast = 3;

    private static readonly Color Black = new(0, 0, 0);
    private static readonly Color White = new(255, 255, 255);

    /// <summary>The style sheet of a colour.</summary>
    /// <param name="color">Six hexadecimal digits; null for any other text.</param>
    public static string? StyleOf(string color)
    {
        if (color.Length != 6 || !int.TryParse(color, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)) return null;
        var own = new Color(number >> 16, (number >> 8) & 255, number & 255);

        // The page and its cards as app.css has them.
        var light = Rules(own, White, new Color(0xf4, 0xf2, 0xee), Black);
        var dark = Rules(own, new Color(0x1c, 0x1b, 0x18), new Color(0x24, 0x22, 0x1f), White);
        return $":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n";
    }

    // Towards the far end, black on a light page and white on a dark one, until it stands out.
    private static string Rules(Color own, Color card, Color raise, Color far)
    {
        var soft = card.Mixed(own, .1);
        var brand = own;
        for (var step = 1; brand.Contrast(card) < PartContrast; step++) brand = own.Mixed(far, step / 20d);
        var link = brand;
        for (var step = 1; Math.Min(link.Contrast(raise), Math.Min(link.Contrast(card), link.Contrast(soft))) < TextContrast; step++)
            link = brand.Mixed(far, step / 20d);
        var ink = brand.Contrast(White) >= brand.Contrast(Black) ? White : Black;
        return $"--brand: {brand}; --brand-ink: {ink}; --brand-soft: {soft}; --link: {link}; --series-1: {brand};";
    }

    private readonly record struct Color(double Red, double Green, double Blue)
    {
        public Color Mixed(Color other, double share) => new(
            Red + ((other.Red - Red) * share), Green + ((other.Green - Green) * share), Blue + ((other.Blue - Blue) * share));

        public double Contrast(Color other)
        {
            var (a, b) = (Luminance, other.Luminance);
            return (Math.Max(a, b) + .05) / (Math.Min(a, b) + .05);
        }

        // WCAG 2.2, "relative luminance", of the colour as it is written.
        private double Luminance => (.2126 * Linear(Red)) + (.7152 * Linear(Green)) + (.0722 * Linear(Blue));

        public override string ToString() => $"#{Rounded(Red):x2}{Rounded(Green):x2}{Rounded(Blue):x2}";

        private static int Rounded(double part) => (int)Math.Round(Math.Clamp(part, 0, 255));

        private static double Linear(double part)
        {
            var share = Rounded(part) / 255d;
            return share <= .04045 ? share / 12.92 : Math.Pow((share + .055) / 1.055, 2.4);
        }
    }
}
