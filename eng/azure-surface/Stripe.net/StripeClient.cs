namespace Stripe;

public class StripeClient : IStripeClient
{
    public StripeClient(StripeClientOptions options)
    {
        if (options.ApiKey is { } key && (key.Length == 0 || key.Any(char.IsWhiteSpace))) throw new ArgumentException("API key cannot be empty or contain whitespace.");
        V1 = new V1Services(new ApiRequestor(options.HttpClient ?? new SystemNetHttpClient(), options.ApiKey, options.ApiBase ?? "https://api.stripe.com"));
    }

    public virtual V1Services V1 { get; }
}
