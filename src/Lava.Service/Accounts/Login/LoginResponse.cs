namespace Lava.Service.Accounts.Login;

/// <summary>The credentials of a command-line login (rest-api.md §3.1). A merchant is its own account here.</summary>
internal sealed record LoginResponse(string WalletId, string SecretKeyId, string SecretKey, string MerchantId, string AccountId);
