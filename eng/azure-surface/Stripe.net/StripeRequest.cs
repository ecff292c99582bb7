namespace Stripe;

/// <summary>A request as it is sent, as often as it is tried.</summary>
public class StripeRequest
{
    public HttpMethod Method { get; internal init; }

    public Uri Uri { get; internal init; }

    public Dictionary<string, string> StripeHeaders { get; internal init; }

    internal IReadOnlyList<KeyValuePair<string, string>> Form { get; init; }
}
