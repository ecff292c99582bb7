using System.Globalization;
using Lava.Core.Billing;

namespace Lava.Core.Tests.Billing;

public sealed class InclusiveTaxTests
{
    [Theory]
    [InlineData("119", "19", "19")]
    [InlineData("20", "19", "3.19")] // 3.19327…
    [InlineData("12.50", "7.7", "0.89")] // 0.89368…
    [InlineData("1.05", "5", "0.05")]
    [InlineData("0.21", "5", "0.01")] // exactly 0.01
    [InlineData("1.005", "0.5", "0.01")] // 0.005 exactly, up
    [InlineData("0.01", "19", "0")]
    [InlineData("10000", "0", "0")]
    [InlineData("200", "100", "100")]
    public void The_tax_in_a_price_is_rounded_half_up_to_the_cent(string amount, string rate, string tax) =>
        InclusiveTax.In(decimal.Parse(amount, CultureInfo.InvariantCulture), decimal.Parse(rate, CultureInfo.InvariantCulture))
            .ShouldBe(decimal.Parse(tax, CultureInfo.InvariantCulture));
}
