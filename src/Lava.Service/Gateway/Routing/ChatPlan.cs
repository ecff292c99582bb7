using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Fallbacks;
using Lava.Service.Gateway.Intake;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Routing;

/// <summary>The plan of a call that Lava routes or translates: where it is to go first, and its fallbacks (behaviour.md §3.4).</summary>
internal abstract class ChatPlan(CallIntake intake, ChatTargets targets, FallbackLookup fallbacks) : CallPlan
{
    private ChatRoute? _route;
    private IReadOnlyList<Fallback> _fallbacks = [];
    private int _next;

    /// <inheritdoc/>
    public override bool HasNext => _next < _fallbacks.Count;

    /// <summary>Lets calls in.</summary>
    protected CallIntake Intake => intake;

    /// <summary>Whether fallbacks may serve such calls.</summary>
    protected virtual bool TakesFallbacks => true;

    /// <inheritdoc/>
    public override async ValueTask<(ForwardCall? Call, ApiError? Error)> FirstAsync(HttpContext http, CallStart start)
    {
        (_route, var refused) = await FindRouteAsync(http, start);
        if (_route is not { } route) return (null, refused);
        if (TakesFallbacks)
        {
            (_fallbacks, var invalid) = await fallbacks.FindAsync(http.Request, route.Call.Tenant, http.RequestAborted);
            if (invalid is not null) return (null, invalid);
        }

        var (target, error) = targets.Make(route.Call, route.Request, route.Url, route.Model, 0);
        return target is null ? (null, error) : await intake.PrepareAsync(route.Call, target, http.RequestAborted);
    }

    /// <inheritdoc/>
    public override async ValueTask<ForwardCall?> NextAsync(CancellationToken cancellationToken)
    {
        while (HasNext)
        {
            var fallback = _fallbacks[_next++];
            var (target, _) = targets.Make(_route!.Call, _route.Request, new Uri("https://" + fallback.Url), fallback.Model, _next);
            if (target is null) continue;

            // A fallback that cannot be asked (no key, not allowed, a conversation that its format cannot say) is skipped.
            if ((await intake.PrepareAsync(_route.Call, target, cancellationToken)).Call is { } prepared) return prepared;
        }

        return null;
    }

    /// <summary>Lets the call in and finds where it is to go first, or says why not. Neither a route nor an error: the plan has answered the request
    /// itself.</summary>
    protected abstract ValueTask<(ChatRoute? Route, ApiError? Error)> FindRouteAsync(HttpContext http, CallStart start);
}
