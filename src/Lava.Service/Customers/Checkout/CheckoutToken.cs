namespace Lava.Service.Customers.Checkout;

/// <summary>What is inside a checkout session's token: the checkout SDK reads these two members, in base64 (behaviour.md §7.2).</summary>
/// <param name="Secret">The session's secret, <c>css_…</c>.</param>
/// <param name="Base">This server's address, with a slash at its end.</param>
internal sealed record CheckoutToken(string Secret, string Base);
