using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

public class FunctionsApplicationBuilder
{
    private readonly HostApplicationBuilder _inner;

    internal FunctionsApplicationBuilder(string[] args) => _inner = Host.CreateApplicationBuilder(args);

    public IServiceCollection Services => _inner.Services;

    public ConfigurationManager Configuration => _inner.Configuration;

    public IHostEnvironment Environment => _inner.Environment;

    public ILoggingBuilder Logging => _inner.Logging;

    /// <summary>Refuses: there is no worker here to run.</summary>
    public IHost Build() => throw new NotSupportedException(
        "This build stands in for the Azure Functions worker, which its package feed does not carry: it can be tested but not run. Build it with a feed that has "
        + "Microsoft.Azure.Functions.Worker, or run Lava.Local.");
}
