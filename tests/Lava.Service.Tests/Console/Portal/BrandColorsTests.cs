using System.Globalization;
using System.Text.RegularExpressions;
using Lava.Console.Portal;

namespace Lava.Service.Tests.Console.Portal;

public sealed partial class BrandColorsTests
{
    // The backgrounds of app.css, light and dark.
    private static readonly (string Card, string Raise)[] Grounds = [("#ffffff", "#f4f2ee"), ("#1c1b18", "#24221f")];

    [Fact]
    public void Whatever_the_colour_buttons_are_seen_and_texts_can_be_read()
    {
        foreach (var red in new[] { 0, 51, 102, 153, 204, 255 })
        foreach (var green in new[] { 0, 51, 102, 153, 204, 255 })
        foreach (var blue in new[] { 0, 51, 102, 153, 204, 255 })
        {
            var own = $"{red:x2}{green:x2}{blue:x2}";
            var rules = Rule().Matches(BrandColors.StyleOf(own)!);
            rules.Count.ShouldBe(10);
            for (var look = 0; look < 2; look++)
            {
                string Of(string name) => rules.Skip(look * 5).First(rule => rule.Groups[1].Value == name).Groups[2].Value;
                var (card, raise) = Grounds[look];
                Contrast(Of("brand"), card).ShouldBeGreaterThanOrEqualTo(3, own);
                Contrast(Of("brand"), Of("brand-ink")).ShouldBeGreaterThanOrEqualTo(4.5, own);
                foreach (var ground in new[] { card, raise, Of("brand-soft") }) Contrast(Of("link"), ground).ShouldBeGreaterThanOrEqualTo(4.5, own);
            }
        }
    }

    [Theory]
    [InlineData("0f766e", "--brand: #0f766e; --brand-ink: #ffffff;")]
    [InlineData("ffffff", "--brand-ink: #000000;")]
    public void A_colour_that_is_seen_stays_as_it_is(string color, string rule) => BrandColors.StyleOf(color)!.ShouldContain(rule);

    [Theory]
    [InlineData("")]
    [InlineData("#0f766e")]
    [InlineData("red")]
    [InlineData("0f766")]
    [InlineData(" f766e")]
    [InlineData("}*{x:y")]
    public void Nothing_else_than_six_digits_becomes_a_style(string color) => BrandColors.StyleOf(color).ShouldBeNull();

    // By the colours that WCAG's own example gives: black on white is 21.
    [Fact]
    public void The_measure_is_right() => Contrast("#000000", "#ffffff").ShouldBe(21, .001);

    private static double Contrast(string a, string b)
    {
        var (x, y) = (Luminance(a), Luminance(b));
        return (Math.Max(x, y) + .05) / (Math.Min(x, y) + .05);
    }

    private static double Luminance(string color)
    {
        var parts = Enumerable.Range(0, 3).Select(i => int.Parse(color.AsSpan(1 + (i * 2), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255d)
            .Select(part => part <= .04045 ? part / 12.92 : Math.Pow((part + .055) / 1.055, 2.4)).ToList();
        return (.2126 * parts[0]) + (.7152 * parts[1]) + (.0722 * parts[2]);
    }

    [GeneratedRegex("--([a-z0-9-]+): (#[0-9a-f]{6});")]
    private static partial Regex Rule();
}
