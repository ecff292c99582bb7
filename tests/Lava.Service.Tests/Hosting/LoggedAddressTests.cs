using Lava.Local;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Tests.Hosting;

public sealed class LoggedAddressTests
{
    [Fact]
    public async Task Every_answer_forbids_guessing_its_type()
    {
        var folder = Directory.CreateTempSubdirectory("lava-nosniff-");
        var app = await LocalServer.BuildAsync(folder.FullName, 0);
        try
        {
            await app.StartAsync();
            using var http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
            foreach (var path in new[] { "/v1/models", "/nowhere", "/v1/openapi.json", "/docs", "/health/live", "/embed/checkout/css_test_x", "/v1/forward?u=https://api.openai.com/v1/models" })
            {
                using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
                answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"], path);
                answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse(path);
            }
        }
        finally
        {
            await app.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task No_log_holds_an_address_however_much_the_operator_has_logged()
    {
        var folder = Directory.CreateTempSubdirectory("lava-logged-");
        var log = new LogBook();
        var app = await LocalServer.BuildAsync(folder.FullName, 0, builder =>
        {
            builder.Configuration.AddInMemoryCollection([new("Logging:LogLevel:Default", "Trace"), new("Logging:LogLevel:Microsoft.AspNetCore", "Trace")]);
            builder.Logging.SetMinimumLevel(LogLevel.Trace);
            builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
            builder.Logging.AddProvider(log);
        });
        try
        {
            await app.StartAsync();
            using var http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
            foreach (var path in new[] { "/embed/checkout/", "/embed/checkout/return/", "/pay/card/setup_test_1/", "/pay/authenticate/pay_test_1/", "/v1/requests/", "/nowhere/" })
                (await http.GetAsync(new Uri(path + "very-secret", UriKind.Relative))).Dispose();
            foreach (var path in new[] { "/health/live", "/", "/console", "/console/sign-in" })
                (await http.GetAsync(new Uri(path + "?code=very-secret", UriKind.Relative))).Dispose();
        }
        finally
        {
            await app.DisposeAsync();
            folder.Delete(recursive: true);
        }

        log.Lines.Count.ShouldBeGreaterThan(10, "it is logged at all");
        log.Lines.ShouldAllBe(line => !line.Contains("very-secret", StringComparison.Ordinal));
    }
}
