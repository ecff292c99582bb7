using System.Text.Json;

namespace Stripe;

/// <summary>Makes a request of options and an object or an error of its answer (Stripe, "API Reference": Authentication, Errors, Idempotent requests, Versioning).</summary>
internal sealed class ApiRequestor(IHttpClient http, string apiKey, string apiBase)
{
    private const string ApiVersion = "2026-07-29.dahlia";

    public async Task<T> RequestAsync<T>(HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions, CancellationToken cancellationToken)
    {
        var form = FormEncoding.Flatten(options);
        var isPost = method == HttpMethod.Post;
        var address = apiBase + path;
        if (!isPost && form.Count > 0) address += "?" + string.Join('&', form.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        var headers = new Dictionary<string, string> { ["Authorization"] = "Bearer " + apiKey, ["Stripe-Version"] = ApiVersion };
        if (requestOptions?.IdempotencyKey is { Length: > 0 } key) headers["Idempotency-Key"] = key;
        else if (isPost) headers["Idempotency-Key"] = Guid.NewGuid().ToString();
        var request = new StripeRequest { Method = method, Uri = new Uri(address), StripeHeaders = headers, Form = isPost ? form : null };
        var response = await http.MakeRequestAsync(request, cancellationToken).ConfigureAwait(false);
        if ((int)response.StatusCode is < 200 or > 299) throw Fault(response);
        try
        {
            return JsonSerializer.Deserialize<T>(response.Content, StripeJson.Options);
        }
        catch (JsonException)
        {
            throw Invalid(response);
        }
    }

    private static StripeException Fault(StripeResponse response)
    {
        try
        {
            using var document = JsonDocument.Parse(response.Content);
            if (!document.RootElement.TryGetProperty("error", out var body)) return Invalid(response);
            var error = body.Deserialize<StripeError>(StripeJson.Options);
            return new StripeException(response.StatusCode, error, error.Message) { StripeResponse = response };
        }
        catch (JsonException)
        {
            return Invalid(response);
        }
    }

    private static StripeException Invalid(StripeResponse response) => new(response.StatusCode, null, $"Invalid response object from API: \"{response.Content}\"") { StripeResponse = response };
}
