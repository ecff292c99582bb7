using System.Net.Http.Json;
using System.Text.Json;
using Lava.Local;
using Lava.Service.Admin;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Support;

/// <summary>The local head in this process, on a free port over a folder of its own, with two merchants.</summary>
public sealed class LavaFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lava-service-");
    private WebApplication? _app;

    public IServiceProvider Services => _app!.Services;

    public HttpClient Http { get; private set; } = null!;

    public NewMerchant First { get; private set; } = null!;

    public NewMerchant Second { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _app = await LocalServer.BuildAsync(_folder.FullName, 0);
        await _app.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        var merchants = Services.GetRequiredService<MerchantCreation>();
        First = await merchants.CreateAsync("First", 100, 10, CancellationToken.None);
        Second = await merchants.CreateAsync("Second", 100, 10, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _app!.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public async Task<(int Status, JsonElement Body, HttpResponseMessage Response)> SendAsync(string key, string method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        if (key.Length > 0) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(), response);
    }

    public async Task<JsonElement> PostAsync(string key, string path, object body)
    {
        var (status, answer, _) = await SendAsync(key, "POST", path, JsonContent.Create(body));
        status.ShouldBeInRange(200, 201, answer.GetRawText());
        return answer;
    }
}
