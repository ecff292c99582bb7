using Lava.Service.Api.Endpoints;
using Lava.Service.Webhooks.Deliveries;
using Lava.Service.Webhooks.Mail;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Webhooks;

/// <summary>Registers webhooks and mail.</summary>
internal static class WebhooksServices
{
    /// <summary>Registers the room's services and endpoints.</summary>
    public static void AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<AlertMailStore>();
        services.AddSingleton<Mailer>();
        services.AddSingleton<WebhookTargets>();
        services.AddSingleton<WebhookStore>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<WebhookEvents>();
        services.AddSingleton<DeliveryHandler>();
        services.AddOptions<WebhookOptions>().Bind(configuration.GetSection("Lava:Webhooks"));
        services.AddOptions<MailOptions>().Bind(configuration.GetSection("Lava:Mail")).ValidateDataAnnotations().ValidateOnStart();
        services.AddEndpoints<AlertMailEndpoints>();
        services.AddEndpoints<WebhookEndpoints>();
    }
}
