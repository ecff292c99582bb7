using Lava.Service.Accounts.Merchants;
using Lava.Service.Credentials;

namespace Lava.Service.Admin.Merchants;

/// <summary>A merchant as it is now.</summary>
/// <param name="Merchant">The merchant.</param>
/// <param name="Suspension">Why its calls are refused; null where they are not.</param>
/// <param name="LiveBalance">Balance of its live wallet, US dollars.</param>
/// <param name="TestBalance">Balance of its test wallet, US dollars.</param>
public sealed record MerchantState(Merchant Merchant, Suspension? Suspension, decimal LiveBalance, decimal TestBalance);
