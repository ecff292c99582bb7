using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Api.Endpoints;

/// <summary>Registers and describes endpoints.</summary>
internal static class EndpointExtensions
{
    private static readonly MethodInfo Marker = typeof(EndpointExtensions).GetMethod(nameof(Handle), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Registers endpoints, to be mapped when the pipeline is made.</summary>
    public static IServiceCollection AddEndpoints<T>(this IServiceCollection services)
        where T : class, IEndpoints => services.AddSingleton<IEndpoints, T>();

    /// <summary>Puts an endpoint into the API's document. Endpoints without a description (pages, older names) are not in it.</summary>
    public static void Describe(this IEndpointConventionBuilder endpoint, Operation operation) => endpoint.Add(builder =>
    {
        // The framework describes endpoints by the method that handles them. Ours are handled by one pipeline, so a method without parameters stands for each.
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
