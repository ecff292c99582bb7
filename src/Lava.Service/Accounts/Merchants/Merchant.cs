using Lava.Core.Keys;

namespace Lava.Service.Accounts.Merchants;

/// <summary>A merchant.</summary>
/// <param name="Id"><c>mer_…</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="TestWalletId">Wallet in test mode.</param>
/// <param name="LiveWalletId">Wallet in live mode.</param>
/// <param name="TestPlanId">Free plan in test mode, on which new customers start.</param>
/// <param name="LivePlanId">Free plan in live mode.</param>
public sealed record Merchant(string Id, string Name, DateTimeOffset CreatedAt, string TestWalletId, string LiveWalletId, string TestPlanId, string LivePlanId)
{
    /// <summary>The wallet of a mode.</summary>
    public string WalletId(Mode mode) => mode == Mode.Test ? TestWalletId : LiveWalletId;

    /// <summary>The Free plan of a mode.</summary>
    public string FreePlanId(Mode mode) => mode == Mode.Test ? TestPlanId : LivePlanId;
}
