using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Stripe;

/// <summary>Reads events whose signature is Stripe's (Stripe, "Verify webhook signatures manually").</summary>
public static class EventUtility
{
    public const int DefaultTimeTolerance = 300;

    private const string ReleaseTrain = ".dahlia";

    public static Event ConstructEvent(string json, string stripeSignatureHeader, string secret, long tolerance, long utcNow, bool throwOnApiVersionMismatch = true)
    {
        var items = stripeSignatureHeader.Split(',').Select(item => item.Trim().Split('=', 2)).ToList();
        if (items.Any(item => item.Length != 2)) throw new StripeException("The signature header format is unexpected.");
        var time = items.FirstOrDefault(item => item[0] == "t")?[1];
        var expected = Encoding.UTF8.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{json}"))));
        if (!items.Any(item => item[0] == "v1" && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(item[1]), expected)))
            throw new StripeException("The expected signature was not found in the Stripe-Signature header.");
        if (Math.Abs(utcNow - Convert.ToInt32(time, CultureInfo.InvariantCulture)) > tolerance) throw new StripeException("The timestamp is outside of the allowed tolerance.");
        var happened = JsonSerializer.Deserialize<Event>(json, StripeJson.Options);
        if (throwOnApiVersionMismatch && !happened.ApiVersion.EndsWith(ReleaseTrain, StringComparison.Ordinal)) throw new StripeException($"Received event with API version {happened.ApiVersion}.");
        return happened;
    }
}
