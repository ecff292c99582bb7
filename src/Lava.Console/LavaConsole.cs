using Lava.Console.Assets;
using Lava.Console.Pages;
using Lava.Console.Pages.Clocks;
using Lava.Console.Pages.Customers;
using Lava.Console.Pages.Invoices;
using Lava.Console.Pages.Keys;
using Lava.Console.Pages.Operator;
using Lava.Console.Pages.Playground;
using Lava.Console.Pages.Pricing;
using Lava.Console.Pages.Settings;
using Lava.Console.Pages.Wallet;
using Lava.Console.Pages.Webhooks;
using Lava.Console.Portal;
using Lava.Console.Serving;
using Lava.Console.Sessions;
using Lava.Service.Api.Endpoints;
using Lava.Service.Storage.Expiry;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Lava.Console;

/// <summary>Adds the console to a head.</summary>
public static class LavaConsole
{
    /// <summary>Registers the console's pages. They are mapped with the service's endpoints.</summary>
    public static IServiceCollection AddLavaConsole(this IServiceCollection services)
    {
        services.AddSingleton<AssetStore>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<SessionStore>());
        services.AddSingleton<Visits>();
        services.AddSingleton<PageWriter>();
        services.AddSingleton<ConsoleRoutes>();
        services.AddSingleton<ConsoleApi>();
        services.AddScoped<CurrentVisit>();
        services.AddEndpoints<AssetEndpoints>();
        services.AddEndpoints<SignInEndpoints>();
        services.AddEndpoints<PageEndpoints>();
        services.AddEndpoints<ClockForms>();
        services.AddEndpoints<CustomerForms>();
        services.AddEndpoints<InvoiceFiles>();
        services.AddEndpoints<KeyForms>();
        services.AddEndpoints<OperatorForms>();
        services.AddEndpoints<PlaygroundForms>();
        services.AddEndpoints<PricingForms>();
        services.AddEndpoints<SettingsForms>();
        services.AddEndpoints<WalletForms>();
        services.AddEndpoints<WebhookForms>();
        AddPortal(services);
        AddCookies(services);
        return services;
    }

    private static void AddPortal(IServiceCollection services)
    {
        services.AddSingleton<PortalWriter>();
        services.AddSingleton<PortalRoutes>();
        services.AddSingleton<PortalApi>();
        services.AddSingleton<PortalCards>();
        services.AddSingleton<PortalClock>();
        services.AddScoped<PortalVisit>();
        services.AddEndpoints<BrandStyleEndpoints>();
        services.AddEndpoints<PortalPages>();
        services.AddEndpoints<PortalForms>();
    }

    private static void AddCookies(IServiceCollection services)
    {
        // The pages ask for their visit themselves. With a default scheme the framework would look for a cookie in every call to a model.
        AppContext.SetSwitch("Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme", true);
        services.AddAuthentication().AddCookie(Visits.Scheme, options =>
        {
            options.Cookie = new ConsoleCookie("lava_console", SameSiteMode.Lax);
            options.ExpireTimeSpan = SessionStore.Lifetime;
            options.SlidingExpiration = false;
        });
        services.AddAntiforgery(options =>
        {
            options.Cookie = new ConsoleCookie("lava_console_form", SameSiteMode.Strict);
            options.FormFieldName = "form_token";
            options.HeaderName = null;
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddDataProtection().SetApplicationName("lava-console");
        services.AddSingleton<VaultKeyRepository>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
        {
            options.XmlRepository = provider.GetRequiredService<VaultKeyRepository>();

            // The vault encrypts them.
            options.XmlEncryptor = new PlainKeyWriter();
        }));

        // It would read and make keys when the server starts. They are read when the first page is asked for.
        foreach (var early in services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Name == "DataProtectionHostedService").ToList())
            services.Remove(early);
    }
}
