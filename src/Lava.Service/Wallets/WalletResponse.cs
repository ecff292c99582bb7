namespace Lava.Service.Wallets;

/// <summary>A wallet on the wire (rest-api.md §16.1).</summary>
internal sealed record WalletResponse(string WalletId, string Balance);
