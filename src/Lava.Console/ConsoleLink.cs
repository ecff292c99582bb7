using Lava.Core.Keys;
using Lava.Service.Accounts.Login;
using Lava.Service.Accounts.Merchants;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Console;

/// <summary>Links that sign their bearer in to the console.</summary>
public static class ConsoleLink
{
    /// <summary>Makes a link for the server's oldest merchant. It works once, within ten minutes.</summary>
    /// <param name="services">The service.</param>
    /// <param name="address">The server's address.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The link; null where there is no merchant yet.</returns>
    public static async Task<Uri?> CreateAsync(IServiceProvider services, Uri address, CancellationToken cancellationToken)
    {
        var merchants = await services.GetRequiredService<MerchantStore>().ListAsync(1, null, cancellationToken);
        if (merchants.Count == 0) return null;

        // The operator of a server sees its merchant in both modes; the code's own mode does not matter.
        var tenant = new Tenant(merchants[0].Id, Mode.Test);
        var code = await services.GetRequiredService<LoginCodes>().CreateAsync(LoginPurpose.Console, tenant, cancellationToken);
        return new Uri(address, "/?code=" + code);
    }
}
