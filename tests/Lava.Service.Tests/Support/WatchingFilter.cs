using Lava.Service.Tests.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Lava.Service.Tests.Support;

/// <summary>Puts the watch in front of the pipeline.</summary>
internal sealed class WatchingFilter(ClientAborts aborts, Func<WatchedTables> tables) : IStartupFilter
{
    /// <summary>Carries the name of the work whose reads are counted.</summary>
    public const string CountedHeader = "x-test-counted";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(following => http =>
        {
            if (http.Request.Headers[CountedHeader] is [{ } counted]) tables().Counted = counted;
            return aborts.WatchAsync(http, following);
        });
        next(app);
    };
}
