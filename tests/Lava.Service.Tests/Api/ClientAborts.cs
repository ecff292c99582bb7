using Microsoft.AspNetCore.Http;

namespace Lava.Service.Tests.Api;

/// <summary>Hears when a client gives its request up.</summary>
public sealed class ClientAborts
{
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the next client gives up.</summary>
    public Task NextAsync()
    {
        _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _next.Task;
    }

    /// <summary>Runs a request under watch.</summary>
    public async Task WatchAsync(HttpContext http, RequestDelegate next)
    {
        await using var heard = http.RequestAborted.Register(() => _next.TrySetResult());
        await next(http);
    }
}
