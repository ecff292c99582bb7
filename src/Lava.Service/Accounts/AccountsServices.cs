using Lava.Service.Accounts.Branding;
using Lava.Service.Accounts.Keys;
using Lava.Service.Accounts.Login;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Accounts.ProviderKeys;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Api.Endpoints;
using Lava.Service.Storage.Expiry;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Accounts;

/// <summary>Registers accounts.</summary>
internal static class AccountsServices
{
    /// <summary>Registers the room's services and endpoints.</summary>
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<SecretKeyStore>();
        services.AddSingleton<MerchantStore>();
        services.AddSingleton<SpendKeyStore>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<LoginCodes>());
        services.AddSingleton<LoginCodes>();
        services.AddSingleton<StoredKeyStore>();
        services.AddSingleton<BrandingStore>();
        services.AddEndpoints<BrandingEndpoints>();
        services.AddEndpoints<LoginEndpoints>();
        services.AddEndpoints<SecretKeyEndpoints>();
        services.AddEndpoints<SpendKeyEndpoints>();
        services.AddEndpoints<StoredKeyEndpoints>();
    }
}
