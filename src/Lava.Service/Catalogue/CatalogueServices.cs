using Lava.Core.Catalogue;
using Lava.Service.Api.Endpoints;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Catalogue;

/// <summary>Registers the catalogue.</summary>
internal static class CatalogueServices
{
    /// <summary>Registers the room's services and endpoints.</summary>
    public static void AddCatalogue(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(_ => CatalogueLoader.Load(configuration["Lava:Catalogue:Overrides"], AzureResources.Read(configuration)));
        services.AddSingleton(provider => new UpstreamMap(configuration, provider.GetRequiredService<ProviderCatalogue>()));
        services.AddEndpoints<CatalogueEndpoints>();
    }
}
