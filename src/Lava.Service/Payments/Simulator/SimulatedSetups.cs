using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Payments.Simulator;

/// <summary>The simulated processor's collections of cards: each a page of <c>CardPage</c> on which a test card is chosen. They lie in the partition of their
/// owner.</summary>
internal sealed class SimulatedSetups(ITableStore tables, SimulatedCards cards, PageSecrets secrets, TimeProvider time)
{
    private const string IdPrefix = "setup";
    private const string OwnerRow = "owner";

    public async ValueTask<CardSetup> CreateAsync(string owner, Uri returnUrl, CancellationToken cancellationToken)
    {
        var id = Id.Create(IdPrefix, Mode.Test, time.GetUtcNow());
        var setup = new CardSetup { Id = id, Status = CardSetupStatus.Waiting };
        await tables.CommitAsync(TableNames.Payments, id, [TableWrite.Insert(OwnerRow, Json.Write(owner, PaymentsJson.Default.String))], cancellationToken);
        await tables.CommitAsync(TableNames.Payments, owner, [TableWrite.Insert(Row(id), Write(new StoredSetup(setup, owner, returnUrl)))], cancellationToken);
        return await ShowAsync(setup, cancellationToken);
    }

    public async ValueTask<CardSetup?> FindAsync(string owner, string id, CancellationToken cancellationToken) =>
        await ReadAsync(id, cancellationToken) is { } found && found.Stored.Owner == owner ? await ShowAsync(found.Stored.Setup, cancellationToken) : null;

    public async ValueTask<StoredSetup?> FindBySecretAsync(string id, string secret, CancellationToken cancellationToken) =>
        await ReadAsync(id, cancellationToken) is { } found && await secrets.IsAsync(id, secret, cancellationToken) ? found.Stored : null;

    /// <summary>Gives a card. One that was given before stays the card.</summary>
    public async ValueTask<CardSetup> CompleteAsync(string id, TestCard card, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            var (stored, etag) = await ReadAsync(id, cancellationToken) ?? throw new ArgumentException("There is no such collection of a card.", nameof(id));
            if (stored.Setup.Status != CardSetupStatus.Waiting) return stored.Setup;
            var done = await cards.AddAsync(
                stored.Owner,
                card,
                method => TableWrite.Replace(Row(id), Write(stored with { Setup = Done(stored.Setup, method) }), etag),
                cancellationToken);
            if (done is not null) return Done(stored.Setup, done);
        }
    }

    // Who knows the address adds a card to the owner's, so it holds a secret and is not stored.
    private async ValueTask<CardSetup> ShowAsync(CardSetup setup, CancellationToken cancellationToken) => setup.Status == CardSetupStatus.Waiting
        ? setup with { PageUrl = new Uri($"/pay/card/{setup.Id}/{await secrets.OfAsync(setup.Id, cancellationToken)}", UriKind.Relative) }
        : setup;

    private static CardSetup Done(CardSetup setup, PaymentMethod method) => setup with { Status = CardSetupStatus.Complete, Method = method };

    private async ValueTask<(StoredSetup Stored, string ETag)?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(id, IdPrefix, Mode.Test, out _) || await tables.GetAsync(TableNames.Payments, id, OwnerRow, cancellationToken) is not { } owner)
            return null;
        var row = await tables.GetAsync(TableNames.Payments, Json.Read(owner.Data, PaymentsJson.Default.String), Row(id), cancellationToken);
        return row is null ? null : (Json.Read(row.Data, PaymentsJson.Default.StoredSetup), row.ETag);
    }

    private static ReadOnlyMemory<byte> Write(StoredSetup setup) => Json.Write(setup, PaymentsJson.Default.StoredSetup);

    private static string Row(string id) => RowPaging.Key("setup|", id);
}
