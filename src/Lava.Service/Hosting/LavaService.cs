using Lava.Service.Accounts;
using Lava.Service.Admin;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Auditing;
using Lava.Service.Billing;
using Lava.Service.Catalogue;
using Lava.Service.Credentials;
using Lava.Service.Customers;
using Lava.Service.Gateway;
using Lava.Service.Hosting.SystemState;
using Lava.Service.Invoices;
using Lava.Service.Ledger;
using Lava.Service.Metering;
using Lava.Service.OpenApi;
using Lava.Service.Payments;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
using Lava.Service.Pricing;
using Lava.Service.Queues;
using Lava.Service.Reporting;
using Lava.Service.Sandbox;
using Lava.Service.Storage;
using Lava.Service.Telemetry;
using Lava.Service.TestHelpers;
using Lava.Service.Wallets;
using Lava.Service.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Hosting;

/// <summary>Puts the service together. A head registers the ports (<see cref="ITableStore"/>, <see cref="IMessageQueue"/>, <see cref="IVault"/>) and calls
/// these.</summary>
public static class LavaService
{
    /// <summary>Registers everything but the ports.</summary>
    public static IServiceCollection AddLava(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        // Some addresses hold a secret (a checkout's page), so what logs addresses is silent, whatever the operator has set.
        services.AddLogging(static logging => logging.AddFilter(
            "Microsoft.AspNetCore.Hosting.Diagnostics",
            LogLevel.Warning).AddFilter("Microsoft.AspNetCore.Routing", LogLevel.Warning));
        services.AddRouting();

        // One line for each room, from the ground up (docs/architecture.md).
        services.AddStorage();
        services.AddCredentials();
        services.AddApi(configuration);
        services.AddLedger();
        services.AddQueues();
        services.AddTelemetry(configuration);
        services.AddSandbox();
        services.AddCatalogue(configuration);
        services.AddAccounts();
        services.AddPricing();
        services.AddPayments();
        services.AddWebhooks(configuration);
        services.AddBilling(configuration);
        services.AddMetering();
        services.AddAdmin();
        services.AddCustomers();
        services.AddInvoices();
        services.AddGateway(configuration);
        services.AddReporting();
        services.AddWallets();
        services.AddTestHelpers();
        services.AddAuditing();
        services.AddApiDocument();

        services.AddSingleton<Retention>();
        services.AddSingleton<CleanUp>();
        services.AddHostedService<GatewayUpkeep>();
        services.AddSingleton<JobLog>();
        services.AddSingleton<StoreSizes>();
        services.AddSingleton<SystemReport>();
        services.AddEndpoints<SystemEndpoints>();
        services.AddOptions<RetentionOptions>().Bind(configuration.GetSection("Lava:Retention")).ValidateDataAnnotations().ValidateOnStart();
        services.AddEndpoints<HealthEndpoints>();
        return services;
    }

    /// <summary>Puts the pipeline together: the envelope around everything, routing, the endpoints.</summary>
    public static IApplicationBuilder UseLava(this IApplicationBuilder app)
    {
        app.UseMiddleware<SafeHeaders>();
        app.UseMiddleware<DoubledVersion>();
        app.UseMiddleware<ErrorShield>();
        app.UseRouting();
        app.UseEndpoints(MapLava);
        return app;
    }

    /// <summary>Maps every endpoint.</summary>
    public static void MapLava(this IEndpointRouteBuilder app)
    {
        foreach (var endpoints in app.ServiceProvider.GetServices<IEndpoints>()) endpoints.Map(app);
    }
}
