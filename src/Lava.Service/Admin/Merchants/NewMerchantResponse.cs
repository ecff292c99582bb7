namespace Lava.Service.Admin.Merchants;

/// <summary>A merchant just made, with its first keys, which are shown now and never again.</summary>
/// <param name="MerchantId"><c>mer_…</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="WalletId">Its wallet in live mode.</param>
/// <param name="SecretKey">Its secret key in live mode.</param>
/// <param name="TestWalletId">Its wallet in test mode.</param>
/// <param name="TestSecretKey">Its secret key in test mode.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record NewMerchantResponse(
    string MerchantId,
    string Name,
    string WalletId,
    string SecretKey,
    string TestWalletId,
    string TestSecretKey,
    DateTimeOffset CreatedAt);
