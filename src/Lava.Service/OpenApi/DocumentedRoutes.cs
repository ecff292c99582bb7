using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.OpenApi;

/// <summary>Gives the endpoints what the API's document says of them.</summary>
internal static class DocumentedRoutes
{
    private static readonly MethodInfo Marker = typeof(DocumentedRoutes).GetMethod(nameof(Handle), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Documents all endpoints that are mapped on a group.</summary>
    public static void Document(IEndpointConventionBuilder group) => group.Add(builder =>
    {
        var methods = builder.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods ?? [];
        if (builder is not RouteEndpointBuilder { RoutePattern.RawText: { } route } || methods.Count == 0) return;
        if (Operations.Find(methods[0], route.StartsWith('/') ? route : "/" + route) is not { } operation) return;

        // The framework describes endpoints by the method that handles them; ours are handled by one pipeline, so a method without parameters stands for each.
        builder.Metadata.Add(Marker);
        builder.Metadata.Add(operation);
        builder.Metadata.Add(new TagsAttribute(operation.Tag));
        builder.Metadata.Add(new EndpointSummaryAttribute(operation.Summary));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(
            operation.Status,
            operation.Response ?? typeof(void),
            operation.Response is null ? null : ["application/json"]));
    });

    private static void Handle()
    {
        // Stands for handlers in the document; never called.
    }
}
