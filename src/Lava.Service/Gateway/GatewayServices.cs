using Lava.Service.Api.Endpoints;
using Lava.Service.Catalogue;
using Lava.Service.Gateway.Batches;
using Lava.Service.Gateway.Caching;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Fallbacks;
using Lava.Service.Gateway.History;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Keys;
using Lava.Service.Gateway.Reservations;
using Lava.Service.Gateway.Routing;
using Lava.Service.Gateway.Upstream;
using Lava.Service.Ports.Vault;
using Lava.Service.Storage.Expiry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Gateway;

/// <summary>Registers the gateway.</summary>
internal static class GatewayServices
{
    /// <summary>Registers the room's services and endpoints.</summary>
    public static void AddGateway(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<GatewayTelemetry>();
        services.AddSingleton<SpendKeyGate>();
        services.AddSingleton<FallbackStore>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<SealedStore>());
        services.AddSingleton<SealedStore>();
        services.AddSingleton<BatchClaims>();
        services.AddSingleton<BatchMetering>();
        services.AddSingleton<ResponseHistory>();
        services.AddSingleton<HistoryReferences>();
        services.AddSingleton<ManagedKeys>();
        services.AddSingleton<StoredKeyRings>();
        services.AddSingleton<CallKeys>();
        services.AddSingleton<BodyRoom>();
        services.AddSingleton<BodyReader>();
        services.AddSingleton<CallIntake>();
        services.AddSingleton<AnswerStore>();
        services.AddSingleton<AnswerCache>();
        services.AddSingleton<CallBudget>();
        services.AddSingleton<UpstreamClient>();
        services.AddSingleton<CallReservations>();
        services.AddSingleton<CallSettlement>();
        services.AddSingleton<UpstreamCircuits>();
        services.AddSingleton<UpstreamAttempts>();
        services.AddSingleton<ModelsHandler>();
        services.AddSingleton<ChatTargets>();
        services.AddSingleton<FallbackLookup>();
        services.AddSingleton<ModelRoutes>();
        services.AddSingleton<CallsInFlight>();
        services.AddSingleton<CallRunner>();
        services.AddSingleton<PageCalls>();
        services.AddSingleton(provider => new AzurePools(
            AzureResources.Read(configuration),
            provider.GetService<IAzureTokens>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddOptions<GatewayOptions>().Bind(configuration.GetSection("Lava:Gateway")).ValidateDataAnnotations().ValidateOnStart();
        services.AddEndpoints<FallbackEndpoints>();
        services.AddEndpoints<ProviderStateEndpoints>();
        services.AddEndpoints<ForwardEndpoints>();
        services.AddEndpoints<RoutingEndpoints>();
        services.AddEndpoints<GeminiEndpoints>();
        services.AddEndpoints<StoredResponseEndpoints>();
        services.AddEndpoints<RealtimeEndpoints>();
    }
}
