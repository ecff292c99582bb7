using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Api.Endpoints;

/// <summary>The endpoints of one subject: their routes, what they check and answer, and what the API's document says of them.</summary>
internal interface IEndpoints
{
    /// <summary>Maps them.</summary>
    void Map(IEndpointRouteBuilder routes);
}
