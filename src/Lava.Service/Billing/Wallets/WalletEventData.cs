namespace Lava.Service.Billing.Wallets;

/// <summary>What the events of a wallet say.</summary>
/// <param name="WalletId">The wallet.</param>
/// <param name="Balance">What is in it, US dollars.</param>
/// <param name="Details">What the event has more to say, texts by name.</param>
internal sealed record WalletEventData(string WalletId, string Balance, IReadOnlyDictionary<string, string> Details);
