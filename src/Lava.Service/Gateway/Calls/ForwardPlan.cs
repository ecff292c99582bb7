using Lava.Core.Catalogue;
using Lava.Core.Gateway;
using Lava.Service.Api;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Batches;
using Lava.Service.Gateway.Intake;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Calls;

/// <summary><c>/v1/forward</c>: the caller names the provider's address and speaks its format.</summary>
internal sealed class ForwardPlan(CallIntake intake, ProviderCatalogue catalogue, BatchMetering batches) : CallPlan
{
    /// <inheritdoc/>
    public override async ValueTask<(ForwardCall? Call, ApiError? Error)> FirstAsync(HttpContext http, CallStart start)
    {
        // In the order that gives the most useful error (behaviour.md §2.2).
        var target = ForwardTarget.Parse(RawTarget.Of(http));
        var (caller, refused) = await intake.FindCallerAsync(http, target?.Credential, start);
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
        if (call is null) return (null, error);
        var (prepared, unfit) = await intake.PrepareAsync(call, new CallTarget(target.Url, match, call.Body), http.RequestAborted);
        if (prepared is not { Endpoint.Kind: EndpointKind.BatchResults }) return (prepared, unfit);
        var (isCharged, unpaid) = await batches.ChargeAsync(http, prepared);
        return isCharged ? (prepared, null) : (null, unpaid);
    }
}
