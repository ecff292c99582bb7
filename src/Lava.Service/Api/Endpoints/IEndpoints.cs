using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Api.Endpoints;

/// <summary>The endpoints of one subject: their routes, what they check and answer, and what the API's document says of them.</summary>
internal interface IEndpoints
{
    /// <summary>Adds the endpoints to the service's routes.</summary>
    void Map(IEndpointRouteBuilder routes);
}
