using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Wallets;

/// <summary>Payments over HTTP.</summary>
internal static class PaymentHttp
{
    public static async Task<string> NewCardAsync(this ManagementHost host, string key, string token = "pm_card_visa") =>
        (await host.PostAsync(key, "/v1/test_helpers/payment_methods", $$"""{"token":"{{token}}"}"""))["payment_method_id"]!;

    public static Task<Answer> FundAsync(this ManagementHost host, string key, string card, string amount = "25.00", params (string Name, string Value)[] headers) =>
        host.PostAsync(key, "/v1/wallet/fund", $$"""{"payment_method_id":"{{card}}","amount":"{{amount}}"}""", headers);

    public static async Task<string> BalanceAsync(this ManagementHost host, string key) => (await host.GetAsync(key, "/v1/wallet"))["balance"]!;
}
