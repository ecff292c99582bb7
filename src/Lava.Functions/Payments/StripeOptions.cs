using Microsoft.Extensions.Configuration;

namespace Lava.Functions.Payments;

/// <summary>How Stripe is reached. The key itself is in the vault.</summary>
public sealed record StripeOptions
{
    /// <summary>Setting: the vault's name of the API key (<c>stripe-api-key</c>). Without it live payments are refused.</summary>
    public const string ApiKeySetting = "Stripe:ApiKeySecret";

    /// <summary>The vault's name of the API key.</summary>
    public required string ApiKeySecret { get; init; }

    /// <summary>The account's publishable key, with which Stripe's form is shown in the checkout's page; no secret. Null where cards are given on Stripe's own
    /// page only.</summary>
    public string? PublishableKey { get; init; }

    /// <summary>The vault's name of the webhook endpoint's signing secret.</summary>
    public string WebhookSecret { get; init; } = "stripe-webhook-secret";

    /// <summary>This server's address as browsers reach it, for cardholders who come back from their bank and were given no other address.</summary>
    public required Uri PublicUrl { get; init; }

    /// <summary>Where Stripe is; another address for a stand-in.</summary>
    public Uri ApiBase { get; init; } = new("https://api.stripe.com");

    /// <summary>Whether a key of Stripe's test mode may serve live mode: nobody pays then, and wallets are filled all the same.</summary>
    public bool AllowsTestKey { get; init; }

    /// <summary>How long one try of a request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request is tried again after a fault on its way, with the same key.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>Reads them; null where Stripe is not set up.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong.</exception>
    public static StripeOptions? Read(IConfiguration configuration)
    {
        if (configuration[ApiKeySetting] is not { Length: > 0 } name) return null;
        var host = configuration[AzureHead.HostName];
        var options = new StripeOptions
        {
            ApiKeySecret = name,
            PublicUrl = Address(configuration["Stripe:PublicUrl"] ?? (host is null ? null : "https://" + host))
                ?? throw new InvalidOperationException("Set Stripe__PublicUrl to this server's address for browsers."),
            AllowsTestKey = bool.TryParse(configuration["Stripe:AllowTestKey"], out var allows) && allows,
        };
        if (configuration["Stripe:WebhookSecret"] is { Length: > 0 } webhook) options = options with { WebhookSecret = webhook };
        if (configuration["Stripe:ApiBase"] is { Length: > 0 } address)
            options = options with { ApiBase = Address(address) ?? throw new InvalidOperationException("Stripe__ApiBase must be an http or https address.") };
        if (configuration["Stripe:PublishableKey"]?.Trim() is { Length: > 0 } publishable)
            options = options with { PublishableKey = Publishable(publishable, options.AllowsTestKey) };
        return options;
    }

    // What is set here is shown to everybody: a secret key must not get there by mistake.
    private static string Publishable(string key, bool allowsTestKey) =>
        StripeIds.IsId(key, "pk_live_") || (allowsTestKey && StripeIds.IsId(key, "pk_test_"))
            ? key
            : throw new InvalidOperationException("Stripe__PublishableKey must be a publishable key of live mode (pk_live_…).");

    private static Uri? Address(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" ? address : null;
}
