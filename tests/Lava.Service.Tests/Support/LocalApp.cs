using Lava.Local;
using Lava.Local.Storage;
using Lava.Service.Ports.Tables;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lava.Service.Tests.Support;

/// <summary>The local head over real HTTP, with a clock that the test moves and a store that waits for no disk. Two of one folder are two servers over one store.</summary>
internal static class LocalApp
{
    /// <summary>Starts one.</summary>
    /// <param name="folder">Where its data are.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="watch">Puts what the test watches the tables with around them; null for nothing.</param>
    /// <param name="configure">What else is different; null for nothing.</param>
    public static async Task<WebApplication> StartAsync(DirectoryInfo folder, TestClock clock, Func<SqliteTableStore, ITableStore>? watch = null, Action<WebApplicationBuilder>? configure = null)
    {
        var app = await LocalServer.BuildAsync(folder.FullName, 0, builder =>
        {
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
            builder.Services.Replace(ServiceDescriptor.Singleton(_ =>
            {
                var tables = new SqliteTableStore(new SqliteOptions { Path = Path.Combine(folder.FullName, "lava.db"), IsDurable = false });
                return watch?.Invoke(tables) ?? tables;
            }));
            configure?.Invoke(builder);
        });
        await app.StartAsync();
        return app;
    }

    /// <summary>Where an application that has been started listens.</summary>
    public static Uri AddressOf(WebApplication app) => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
