using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lava.Local.Demo;

/// <summary>Calls a server as the demo's merchant does: over HTTP, with its secret key.</summary>
internal sealed class DemoClient(Uri address, string secretKey) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>A management call that has to succeed.</summary>
    /// <exception cref="DemoException">It was refused.</exception>
    public async Task<JsonElement> SendAsync(string method, string path, JsonNode? body = null)
    {
        var (status, text) = await TryAsync(method, path, body);
        return status is >= 200 and < 300 ? JsonElement.Parse(text) : throw new DemoException($"{method} {path} was answered with {status}: {text}");
    }

    /// <summary>A management call that may be refused, as a payment may.</summary>
    public async Task<(int Status, string Text)> TryAsync(string method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secretKey);
        if (body is not null) request.Content = Json(body);
        using var response = await _http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A call to a model. Whatever it is answered with is a request in the log.</summary>
    /// <param name="path">The address below <c>/v1</c>.</param>
    /// <param name="body">In the address's format.</param>
    /// <param name="key">A spend key; null for a customer's call.</param>
    /// <param name="customer">The customer and the meter, where the customer pays.</param>
    /// <param name="metadata">What the merchant notes.</param>
    /// <param name="sandbox">What the sandbox is to do.</param>
    public async Task CallAsync(string path, JsonNode body, string? key, (string Id, string Meter)? customer, JsonNode metadata, string sandbox)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/" + path) { Content = Json(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? ForwardToken(customer));
        request.Headers.Add("x-lava-metadata", metadata.ToJsonString());
        request.Headers.Add("x-sandbox", sandbox);
        try
        {
            using var response = await _http.SendAsync(request);
            await response.Content.ReadAsByteArrayAsync();
        }
        catch (HttpRequestException)
        {
            // The answer was cut, which the demo wants to show too.
        }
    }

    private string ForwardToken((string Id, string Meter)? customer)
    {
        var token = new JsonObject { ["secret_key"] = secretKey };
        if (customer is { } paying) (token["customer_id"], token["meter_slug"]) = (paying.Id, paying.Meter);
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(token.ToJsonString()));
    }

    private static StringContent Json(JsonNode body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");
}
