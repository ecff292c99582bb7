using System.Text.Json.Serialization;

namespace Lava.Service.Customers.Checkout;

/// <summary>What the scripts of the checkout's page read.</summary>
/// <param name="Origin">The page around it, which alone is told how the checkout ends.</param>
/// <param name="SessionId">The session.</param>
/// <param name="CustomerId">Who has paid; null before.</param>
/// <param name="PublishableKey">Stripe's key for pages; null without Stripe's form.</param>
/// <param name="ClientSecret">What the form may change; null without it.</param>
/// <param name="ReturnUrl">Where a bank sends the customer back to; null without the form.</param>
internal sealed record CheckoutPageValues(
    string Origin,
    string SessionId,
    string? CustomerId,
    string? PublishableKey,
    string? ClientSecret,
    string? ReturnUrl);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CheckoutPageValues))]
internal sealed partial class CheckoutPageJson : JsonSerializerContext;
