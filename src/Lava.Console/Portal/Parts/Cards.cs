using System.Globalization;
using Lava.Service.Payments;

namespace Lava.Console.Portal.Parts;

/// <summary>The customer's cards, as the pages show them.</summary>
internal static class Cards
{
    /// <summary>The cards, read once for a page.</summary>
    public static async ValueTask<IReadOnlyList<PaymentMethodResponse>> ListAsync(PortalApi api, PortalVisit visit) =>
        visit.Cards ??= (await api.GetAsync(visit, visit.CustomerPath + "/payment_methods", PaymentsWire.Default.PaymentMethodsResponse)).Required.Data;

    /// <summary>A brand as people write it.</summary>
    public static string BrandOf(PaymentMethodResponse card) => card.Brand switch
    {
        "amex" => "American Express",
        "jcb" => "JCB",
        "unionpay" => "UnionPay",
        var brand => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(brand.Replace('_', ' ')),
    };
}
