using System.Text.RegularExpressions;
using Lava.Service.Api.Input;
using Lava.Service.Customers.Parties;

namespace Lava.Service.Invoices;

/// <summary>Reads an issuer's details of a body: what is absent or null is cleared.</summary>
internal static partial class InvoiceDetailsFields
{
    private const int MaxName = 200;
    private const int MaxFooter = 500;
    private const int MaxRateDecimals = 4;

    /// <summary>The details; what is wrong with them is in <paramref name="fields"/>.</summary>
    public static InvoiceDetails Read(RequestFields fields)
    {
        var prefix = fields.Text("number_prefix", 12);
        if (prefix is not null && !Prefix().IsMatch(prefix))
            fields.Fail("number_prefix must have 1 to 12 letters, digits, dots, slashes and hyphens, and begin with a letter or digit.", "number_prefix");
        var rate = fields.Money("tax_rate", 100);
        if (rate is { } exact && exact != decimal.Round(exact, MaxRateDecimals))
            fields.Fail($"tax_rate must be a percentage with at most {MaxRateDecimals} decimals, such as \"19\" or \"8.1\".", "tax_rate");
        return new InvoiceDetails(
            fields.Text("legal_name", MaxName),
            PartyFields.Address(fields, fields.Raw("address"), "address"),
            fields.Text("tax_id", 50),
            fields.Text("tax_name", 20),
            rate,
            prefix,
            fields.Text("footer", MaxFooter));
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9./-]*$")]
    private static partial Regex Prefix();
}
