using System.Text.Json.Serialization;
using Lava.Core.Keys;
using Lava.Core.Money;

namespace Lava.Service.Admin.Merchants;

/// <summary>A merchant with its state, as the operator sees it.</summary>
/// <param name="MerchantId"><c>mer_…</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status"><c>active</c> or <c>suspended</c>.</param>
/// <param name="SuspendedAt">Since when its calls are refused; absent where they are not.</param>
/// <param name="SuspensionReason">Why; absent where they are not.</param>
/// <param name="WalletId">Its wallet in live mode.</param>
/// <param name="Balance">Balance of that wallet, US dollars.</param>
/// <param name="TestWalletId">Its wallet in test mode.</param>
/// <param name="TestBalance">Balance of that wallet, US dollars.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record MerchantDetailResponse(
    string MerchantId,
    string Name,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? SuspendedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SuspensionReason,
    string WalletId,
    string Balance,
    string TestWalletId,
    string TestBalance,
    DateTimeOffset CreatedAt)
{
    /// <summary>Shows a merchant.</summary>
    public static MerchantDetailResponse Of(MerchantState state) => new(
        state.Merchant.Id,
        state.Merchant.Name,
        state.Suspension is null ? "active" : "suspended",
        state.Suspension?.At,
        state.Suspension?.Reason,
        state.Merchant.WalletId(Mode.Live),
        Amount.Trimmed(state.LiveBalance),
        state.Merchant.WalletId(Mode.Test),
        Amount.Trimmed(state.TestBalance),
        state.Merchant.CreatedAt);
}
