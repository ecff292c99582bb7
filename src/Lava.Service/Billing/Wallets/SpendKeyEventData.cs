namespace Lava.Service.Billing.Wallets;

/// <summary>What the events of a spend key say.</summary>
/// <param name="SpendKeyId">The key.</param>
/// <param name="Name">Its name.</param>
/// <param name="Limit"><c>spend</c> or <c>requests</c>.</param>
/// <param name="Percent">How much of the limit is used, at least.</param>
/// <param name="Used">US dollars or calls in the limit's cycle.</param>
/// <param name="Of">The limit.</param>
internal sealed record SpendKeyEventData(string SpendKeyId, string Name, string Limit, int Percent, string Used, string Of);
