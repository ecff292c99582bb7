using Lava.Core.Catalogue;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Reservations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Gateway.Routing;

/// <summary><c>/v1/responses/{id}</c> and what is below it: responses that a client believes to be stored. Lava stores none, and says so.</summary>
internal sealed class StoredResponseEndpoints(CallIntake intake, TimeProvider time) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        Map("GET", "/v1/responses/{response_id}", "getResponse", "Show a stored response. Lava stores none, so this is a 404.");
        Map("DELETE", "/v1/responses/{response_id}", "deleteResponse", "Delete a stored response. Lava stores none, so this is a 404.");
        Map("POST", "/v1/responses/{response_id}/cancel", "cancelResponse", "Cancel a background response. Lava runs none, so this is a 404.");
        Map("GET", "/v1/responses/{response_id}/input_items", "listResponseItems", "List a stored response's input. Lava stores none, so this is a 404.");

        void Map(string method, string pattern, string id, string summary) =>
            routes.MapMethods(pattern, [method], RefuseAsync).Describe(Operation.Gateway(id, summary));
    }

    private async Task RefuseAsync(HttpContext http)
    {
        var (caller, refused) = await intake.FindCallerAsync(http, null, CallStart.Now(time));
        if (caller?.SpendKey is { } spender) refused ??= SpendKeyGate.CheckShape(spender.Key, WireFormat.OpenAiResponses);
        await ErrorWriter.WriteAsync(http, refused ?? ApiError.ResponseNotFound(http.Request.RouteValues["response_id"] as string ?? ""));
    }
}
