using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Intake;

namespace Lava.Service.Gateway.Routing;

/// <summary>A conversation's way: where it is to go first, and the fallbacks (behaviour.md §3.4).</summary>
internal sealed class ChatPlan(
    CallIntake intake,
    ChatTargets targets,
    IncomingCall call,
    ChatRequest wish,
    Uri url,
    string? model,
    IReadOnlyList<Fallback> fallbacks) : CallPlan
{
    private int _next;

    /// <inheritdoc/>
    public override bool HasNext => _next < fallbacks.Count;

    /// <inheritdoc/>
    public override async ValueTask<(ForwardCall? Call, ApiError? Error)> FirstAsync(CancellationToken cancellationToken)
    {
        var (target, error) = targets.Make(call, wish, url, model, 0);
        return target is null ? (null, error) : await intake.PrepareAsync(call, target, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<ForwardCall?> NextAsync(CancellationToken cancellationToken)
    {
        while (_next < fallbacks.Count)
        {
            var fallback = fallbacks[_next++];
            var (target, _) = targets.Make(call, wish, new Uri("https://" + fallback.Url), fallback.Model, _next);
            if (target is null) continue;

            // One that cannot be asked (no key, not allowed, a conversation that its format cannot say) is skipped.
            if ((await intake.PrepareAsync(call, target, cancellationToken)).Call is { } prepared) return prepared;
        }

        return null;
    }
}
