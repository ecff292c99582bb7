using Lava.Service.Accounts.Merchants;

namespace Lava.Service.Admin;

/// <summary>A merchant just made, with its first raw keys, which are shown now and never again.</summary>
/// <param name="Merchant">The merchant.</param>
/// <param name="TestKey">Raw secret key of test mode.</param>
/// <param name="LiveKey">Raw secret key of live mode.</param>
public sealed record NewMerchant(Merchant Merchant, string TestKey, string LiveKey);
