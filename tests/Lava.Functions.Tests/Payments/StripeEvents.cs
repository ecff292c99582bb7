using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Lava.Functions.Tests.Payments;

/// <summary>Events as Stripe sends them, and their signatures (Stripe, "Verify webhook signatures manually").</summary>
internal static class StripeEvents
{
    private static int _count;

    /// <summary>An event of an object as it was then.</summary>
    public static string Of(string type, JsonObject subject, JsonObject? former = null, string? id = null, string apiVersion = "2026-07-29.dahlia")
    {
        var data = new JsonObject { ["object"] = subject.DeepClone() };
        if (former is not null) data["previous_attributes"] = former;
        return new JsonObject
        {
            ["id"] = id ?? "evt_" + Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture), ["object"] = "event", ["api_version"] = apiVersion, ["created"] = 1_767_225_600,
            ["livemode"] = true, ["type"] = type, ["data"] = data,
        }.ToJsonString();
    }

    /// <summary>The header's value.</summary>
    public static string Sign(string body, DateTimeOffset at, string secret)
    {
        var time = at.ToUnixTimeSeconds();
        return $"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{body}")))},v0=abc";
    }
}
