using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Lava.Core.Money;

namespace Lava.Core.Tests.Money;

/// <summary>Amounts on the wire (rest-api.md §1.5).</summary>
public sealed class AmountTests
{
    [Theory]
    [InlineData("0", "0.00", "0.0000000000")]
    [InlineData("25", "25.00", "25.0000000000")]
    [InlineData("25.5", "25.50", "25.5000000000")]
    [InlineData("25.000", "25.00", "25.0000000000")]
    [InlineData("0.0014", "0.0014", "0.0014000000")]
    [InlineData("0.0581", "0.0581", "0.0581000000")]
    [InlineData("0.000000000001", "0.000000000001", "0.0000000000")]
    [InlineData("0.00000000005", "0.00000000005", "0.0000000000")]
    [InlineData("0.00000000015", "0.00000000015", "0.0000000002")]
    [InlineData("-3.1", "-3.10", "-3.1000000000")]
    [InlineData("-0.0000000000001", "0.00", "0.0000000000")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335.00", "79228162514264337593543950335.0000000000")]
    public void An_amount_has_two_decimals_or_more_or_ten_exactly(string amount, string trimmed, string ten)
    {
        var value = decimal.Parse(amount, CultureInfo.InvariantCulture);
        Amount.Trimmed(value).ShouldBe(trimmed);
        Amount.Fixed(value).ShouldBe(ten);
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("007", "7")]
    [InlineData("1.5", "1.5")]
    [InlineData("0.0000000001", "0.0000000001")]
    [InlineData("9999999999999.9999999999", "9999999999999.9999999999")]
    public void Digits_with_up_to_ten_decimals_are_an_amount(string text, string amount)
    {
        Amount.TryParse(text, out var parsed).ShouldBeTrue();
        parsed.ShouldBe(decimal.Parse(amount, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData(".")]
    [InlineData("1.2.3")]
    [InlineData("0.00000000001")]
    [InlineData("٣")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("1\n")]
    [InlineData("99999999999999999999999999")]
    public void Nothing_else_is_an_amount(string? text) => Amount.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void What_is_shown_is_read_back_as_the_same_amount()
    {
        Prop.ForAll(Gen.Choose(0, int.MaxValue).SelectMany(units => Gen.Choose(0, 10).Select(scale => new decimal(units, 0, 0, false, (byte)scale))).ToArbitrary(), amount =>
        {
            Amount.TryParse(Amount.Trimmed(amount), out var trimmed).ShouldBeTrue();
            Amount.TryParse(Amount.Fixed(amount), out var ten).ShouldBeTrue();
            (trimmed, ten).ShouldBe((amount, amount));
        }).QuickCheckThrowOnFailure();
    }
}
