using Lava.Service.Api.Errors;

namespace Lava.Service.Gateway.Calls;

/// <summary>Where a call goes first, and where it goes when that fails.</summary>
internal abstract class CallPlan
{
    /// <summary>Prepares the first attempt.</summary>
    public abstract ValueTask<(ForwardCall? Call, ApiError? Error)> FirstAsync(CancellationToken cancellationToken);

    /// <summary>Prepares the next attempt; null where there is none left.</summary>
    public virtual ValueTask<ForwardCall?> NextAsync(CancellationToken cancellationToken) => ValueTask.FromResult<ForwardCall?>(null);

    /// <summary>Whether there may be another attempt, so that a slow one is given up early.</summary>
    public virtual bool HasNext => false;
}
