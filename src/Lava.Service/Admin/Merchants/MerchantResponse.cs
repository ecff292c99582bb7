using Lava.Core.Keys;
using Lava.Service.Accounts.Merchants;

namespace Lava.Service.Admin.Merchants;

/// <summary>A merchant, as the operator sees it.</summary>
/// <param name="MerchantId"><c>mer_…</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="WalletId">Its wallet in live mode.</param>
/// <param name="TestWalletId">Its wallet in test mode.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record MerchantResponse(string MerchantId, string Name, string WalletId, string TestWalletId, DateTimeOffset CreatedAt)
{
    /// <summary>Shows a merchant.</summary>
    public static MerchantResponse Of(Merchant merchant) =>
        new(merchant.Id, merchant.Name, merchant.WalletId(Mode.Live), merchant.WalletId(Mode.Test), merchant.CreatedAt);
}
