using Lava.Service.Api.Errors;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Lava.Local.Connections;

/// <summary>Bounds the connections that are served at once. A connection beyond the bound is answered with 503 and closed; where many come at once, the others
/// wait in the system's queue until they can be told so.</summary>
internal sealed class ConnectionLimit : IDisposable
{
    private static readonly object Beyond = new();

    private readonly int _served;
    private readonly SemaphoreSlim _places;
    private int _count;

    public ConnectionLimit(IOptions<LocalSettings> settings)
    {
        var (served, spare) = OpenFiles.Connections(OpenFiles.Limit(), OpenFiles.Open());
        _served = settings.Value.MaxConnections > 0 ? settings.Value.MaxConnections : served;
        _places = new SemaphoreSlim(_served + spare);
    }

    /// <summary>Waits until another connection may be taken in; each that is takes a place until it ends.</summary>
    public Task EnterAsync(CancellationToken cancellationToken) => _places.WaitAsync(cancellationToken);

    /// <summary>Gives a place back.</summary>
    public void Leave() => _places.Release();

    /// <summary>Counts the connections of an address.</summary>
    public void Apply(ListenOptions listen) => listen.Use(next => async connection =>
    {
        var count = Interlocked.Increment(ref _count);
        try
        {
            if (count > _served) connection.Items[Beyond] = true;
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
            Leave();
        }
    });

    /// <summary>Answers what comes on a connection that is one too many.</summary>
    public static async Task RefuseAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(Beyond) != true)
        {
            await next(http);
            return;
        }

        http.Response.Headers.Connection = "close";
        if (http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)) await next(http);
        else await ErrorWriter.WriteAsync(http, ApiError.TooManyConnections());
    }

    public void Dispose() => _places.Dispose();
}
