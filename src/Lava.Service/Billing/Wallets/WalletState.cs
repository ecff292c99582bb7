using Lava.Core.Ledger;

namespace Lava.Service.Billing.Wallets;

/// <summary>What is under way with a wallet; a row of its book that changes only with the head.</summary>
internal sealed record WalletState
{
    /// <summary>Its row in the wallet's book.</summary>
    internal const string Row = "wallet-state";

    /// <summary>What was paid in when <see cref="Base"/> was taken, US dollars.</summary>
    public decimal Funded { get; init; }

    /// <summary>The balance right after the last payment, US dollars. Alerts tell how much of it is used.</summary>
    public decimal Base { get; init; }

    /// <summary>The part of <see cref="Base"/> whose use was told, percent; 0 for none.</summary>
    public int Told { get; init; }

    /// <summary>The payment under way; null where none is.</summary>
    public WalletFundingIntent? Paying { get; init; }

    /// <summary>The newest day of a reload, in UTC.</summary>
    public DateOnly Day { get; init; }

    /// <summary>What reloads have taken that day, US dollars.</summary>
    public decimal OfDay { get; init; }

    /// <summary>Reloads declined one after another.</summary>
    public int Declines { get; init; }

    /// <summary>Before this none is tried again; null after a success.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>This state where the wallet was paid into since it was written: the count of its use begins anew. Where nothing was, the state
    /// itself.</summary>
    /// <param name="head">The wallet's book.</param>
    internal WalletState After(BookHead head)
    {
        var funded = -head.Balance(Account.Funding);
        return Funded == funded ? this : this with { Funded = funded, Base = Math.Max(head.Balance(Account.Wallet), 0), Told = 0 };
    }
}
