using Lava.Service.Tests.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Lava.Service.Tests.Support;

/// <summary>Puts the watch in front of the pipeline.</summary>
internal sealed class WatchingFilter(ClientAborts aborts) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(following => http => aborts.WatchAsync(http, following));
        next(app);
    };
}
