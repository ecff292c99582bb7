namespace Lava.Service.Accounts.SpendKeys;

/// <summary>What is stored under the hash of a raw spend key.</summary>
/// <param name="MerchantId">Whose key.</param>
/// <param name="IsLive">In which mode.</param>
/// <param name="KeyId">The key.</param>
internal sealed record SpendKeyCredential(string MerchantId, bool IsLive, string KeyId);
