using System.Net;
using System.Text.RegularExpressions;

namespace Lava.Service.Tests.Console;

/// <summary>A browser without scripts: it keeps cookies, and follows nothing by itself. Its own clock is not the test's, so no cookie ends by its date.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient _http;

    public Browser(Uri server) => _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server };

    /// <summary>Cookies by name.</summary>
    public Dictionary<string, string> Cookies { get; } = [];

    public async Task<(HttpResponseMessage Response, string Html)> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        return await SendAsync(request);
    }

    /// <summary>Sends a form of a page, with the token that the page has for it.</summary>
    public async Task<(HttpResponseMessage Response, string Html)> SubmitAsync(string page, string action, params (string Name, string Value)[] fields) =>
        await PostAsync(action, [("form_token", TokenOf((await GetAsync(page)).Html)), .. fields]);

    /// <summary>Sends a form as it is.</summary>
    public async Task<(HttpResponseMessage Response, string Html)> PostAsync(string action, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(action, UriKind.Relative));
        request.Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await SendAsync(request);
    }

    public Task<(HttpResponseMessage Response, string Html)> SignInAsync(string key) => SubmitAsync("/console/sign-in", "/console/sign-in", ("secret_key", key));

    public static string TokenOf(string html) => WebUtility.HtmlDecode(Token().Match(html).Groups[1].Value);

    public void Dispose() => _http.Dispose();

    private async Task<(HttpResponseMessage Response, string Html)> SendAsync(HttpRequestMessage request)
    {
        if (Cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        var response = await _http.SendAsync(request);
        foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            var (name, value) = (cookie[..cookie.IndexOf('=', StringComparison.Ordinal)], cookie[(cookie.IndexOf('=', StringComparison.Ordinal) + 1)..].Split(';')[0]);
            if (value.Length > 0) Cookies[name] = value;
            else Cookies.Remove(name);
        }

        return (response, await response.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("name=\"form_token\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
