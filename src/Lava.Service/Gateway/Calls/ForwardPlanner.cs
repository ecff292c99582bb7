using Lava.Core.Catalogue;
using Lava.Core.Gateway;
using Lava.Service.Api;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Intake;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Calls;

/// <summary><c>/v1/forward</c>: the caller names the provider's address and speaks its format.</summary>
internal sealed class ForwardPlanner(CallIntake intake, ProviderCatalogue catalogue)
{
    /// <summary>Lets a call in, in the order that gives the most useful error (behaviour.md §2.2).</summary>
    public async ValueTask<(CallPlan? Plan, ApiError? Error)> PlanAsync(HttpContext http, CallStart start)
    {
        var target = ForwardTarget.Parse(RawTarget.Of(http));
        var (caller, refused) = await intake.FindCallerAsync(http, target, start);
        if (caller is null) return (null, refused);
        if (target is null)
        {
            return (
                null,
                ApiError.EndpointNotSupported("Name the provider's address as ?u=https://…; only https addresses of providers in the catalogue are served."));
        }
        if (!catalogue.TryResolve(http.Request.Method, target.Url.Host, target.Url.AbsolutePath, out var match))
            return (null, ApiError.EndpointNotSupported($"{http.Request.Method} {target.Url.Host}{target.Url.AbsolutePath} is not in the catalogue."));
        var (call, error) = await intake.ReadAsync(http, caller, target.Metadata, start);
        return call is null ? (null, error) : (new Plan(intake, call, new CallTarget(target.Url, match, call.Body)), null);
    }

    private sealed class Plan(CallIntake intake, IncomingCall call, CallTarget target) : CallPlan
    {
        public override ValueTask<(ForwardCall? Call, ApiError? Error)> FirstAsync(CancellationToken cancellationToken) =>
            intake.PrepareAsync(call, target, cancellationToken);
    }
}
