using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Gateway;

/// <summary><c>/v1/forward</c> in every form, for every method.</summary>
public static class ForwardEndpoints
{
    /// <summary>Maps it.</summary>
    public static void MapForward(this IEndpointRouteBuilder routes)
    {
        var handler = routes.ServiceProvider.GetRequiredService<ForwardHandler>();
        routes.Map("/v1/forward/{**target}", handler.HandleAsync);
    }
}
