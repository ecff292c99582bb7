using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Intake;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Calls;

/// <summary>One call's way: how it is let in, where it goes first, and where it goes when that fails. Each endpoint of the gateway has its own kind of
/// plan, and makes one for each call.</summary>
internal abstract class CallPlan
{
    /// <summary>Lets the call in and prepares its first attempt, or says why not. Neither a call nor an error: the plan has answered the request
    /// itself.</summary>
    /// <param name="http">The request.</param>
    /// <param name="start">When it came in.</param>
    public abstract ValueTask<(ForwardCall? Call, ApiError? Error)> FirstAsync(HttpContext http, CallStart start);

    /// <summary>Prepares the next attempt; null where there is none left.</summary>
    public virtual ValueTask<ForwardCall?> NextAsync(CancellationToken cancellationToken) => ValueTask.FromResult<ForwardCall?>(null);

    /// <summary>Whether there may be another attempt, so that a slow one is given up early.</summary>
    public virtual bool HasNext => false;
}
