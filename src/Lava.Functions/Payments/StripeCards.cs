using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Stripe;
using PaymentMethod = Lava.Service.Ports.Payments.PaymentMethod;

namespace Lava.Functions.Payments;

/// <summary>The cards that Stripe keeps. Which is the default and what became of a card's last charge stands in the owner's partition of the tables: one write
/// decides there, where two at once might both find no default at Stripe.</summary>
internal sealed class StripeCards(ITableStore tables, StripeAccess stripe, StripeCustomers customers)
{
    private const string DefaultRow = "default";
    private const string MarkPrefix = "mark|";
    private const int MaxListed = 100;
    private const string IdPrefix = "pm_";

    public async ValueTask<IReadOnlyList<PaymentMethod>> ListAsync(string owner, CancellationToken cancellationToken)
    {
        if (await customers.FindAsync(owner, cancellationToken) is not { } customer) return [];
        var answer = await stripe.CallAsync(
            client => client.V1.Customers.PaymentMethods.ListAsync(
                customer,
                new CustomerPaymentMethodListOptions { Type = "card", Limit = MaxListed },
                cancellationToken: cancellationToken),
            cancellationToken);
        if (answer.IsMissing) return [];
        var standard = (await DefaultAsync(owner, cancellationToken))?.Id;
        var rows = await tables.QueryAsync(TableNames.Payments, owner, KeyRange.Prefix(MarkPrefix), 2 * MaxListed, cancellationToken);
        var marks = rows.ToDictionary(row => row.Key[MarkPrefix.Length..], row => Json.Read(row.Data, StripeRows.Default.StoredMark), StringComparer.Ordinal);
        return [.. answer.Required().Data.Select(card => Show(card, card.Id == standard, marks.GetValueOrDefault(card.Id)))];
    }

    public async ValueTask<AddedMethod> AddAsync(string owner, string token, CancellationToken cancellationToken)
    {
        if (!StripeIds.IsId(token, IdPrefix)) throw new ArgumentException("There is no such card.", nameof(token));
        var customer = await customers.GetAsync(owner, cancellationToken);
        var answer = await AttachAsync(customer, token, cancellationToken);
        if (answer is { IsMissing: true, Error.Param: "customer" })
        {
            // Removed at Stripe by hand.
            await customers.ForgetAsync(owner, customer, cancellationToken);
            customer = await customers.GetAsync(owner, cancellationToken);
            answer = await AttachAsync(customer, token, cancellationToken);
        }

        if (answer.Error is { Type: "card_error" } refused)
        {
            var decline = StripeDeclines.Of(refused);
            return new AddedMethod { DeclineCode = decline.Code, Message = decline.Message };
        }

        if (answer.Value is not { } card) throw new ArgumentException("There is no such card.", nameof(token));
        return new AddedMethod { Method = Show(card, await TakeAsDefaultAsync(owner, customer, card.Id, null, cancellationToken), null) };
    }

    public async ValueTask<bool> RemoveAsync(string owner, string id, CancellationToken cancellationToken)
    {
        if (await customers.FindAsync(owner, cancellationToken) is not { } customer || await FindAsync(customer, id, cancellationToken) is null) return false;
        await ForgetAsync(owner, id, cancellationToken);
        await stripe.CallAsync(client => client.V1.PaymentMethods.DetachAsync(id, cancellationToken: cancellationToken), cancellationToken);
        return true;
    }

    /// <summary>Forgets what is known of a card that goes or has gone.</summary>
    public async ValueTask ForgetAsync(string owner, string id, CancellationToken cancellationToken)
    {
        await tables.CommitAsync(TableNames.Payments, owner, [TableWrite.Delete(MarkPrefix + id)], cancellationToken);
        if (await DefaultAsync(owner, cancellationToken) is { } standard && standard.Id == id)
            await tables.CommitAsync(TableNames.Payments, owner, [TableWrite.Delete(DefaultRow, standard.ETag)], cancellationToken);
    }

    public async ValueTask<bool> SetDefaultAsync(string owner, string id, CancellationToken cancellationToken)
    {
        if (await customers.FindAsync(owner, cancellationToken) is not { } customer || await FindAsync(customer, id, cancellationToken) is null) return false;
        await tables.CommitAsync(TableNames.Payments, owner, [TableWrite.Put(DefaultRow, Json.Write(id, StripeRows.Default.String))], cancellationToken);
        return true;
    }

    /// <summary>The customer and the card to charge: the named one, or the default. Null where the owner has it not.</summary>
    public async ValueTask<(string CustomerId, string CardId)?> ToChargeAsync(string owner, string? id, CancellationToken cancellationToken)
    {
        id ??= (await DefaultAsync(owner, cancellationToken))?.Id;
        if (id is null || await customers.FindAsync(owner, cancellationToken) is not { } customer) return null;
        return await FindAsync(customer, id, cancellationToken) is null ? null : (customer, id);
    }

    /// <summary>A card with what is known of it; null where the customer has it not.</summary>
    public async ValueTask<PaymentMethod?> ShowAsync(string owner, string customer, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(customer, id, cancellationToken) is not { } card) return null;
        var mark = await tables.GetAsync(TableNames.Payments, owner, MarkPrefix + id, cancellationToken);
        var standard = await DefaultAsync(owner, cancellationToken);
        return Show(card, standard?.Id == id, mark is null ? null : Json.Read(mark.Data, StripeRows.Default.StoredMark));
    }

    /// <summary>Makes a card the default where the owner has none, or one that is no more.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="customer">The owner at Stripe.</param>
    /// <param name="id">The card.</param>
    /// <param name="once">A row that is added with the decision and stands for it; where it is there already, nothing is decided.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it is the default.</returns>
    public async ValueTask<bool> TakeAsDefaultAsync(string owner, string customer, string id, string? once, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            var standard = await DefaultAsync(owner, cancellationToken);
            if (once is not null && await tables.GetAsync(TableNames.Payments, owner, once, cancellationToken) is not null) return standard?.Id == id;
            var isTaken = standard is null || standard.Value.Id == id || await FindAsync(customer, standard.Value.Id, cancellationToken) is null;
            var writes = new List<TableWrite>();
            if (standard is null) writes.Add(TableWrite.Insert(DefaultRow, Json.Write(id, StripeRows.Default.String)));
            else if (isTaken) writes.Add(TableWrite.Replace(DefaultRow, Json.Write(id, StripeRows.Default.String), standard.Value.ETag));
            if (once is not null) writes.Add(TableWrite.Insert(once, "{}"u8.ToArray()));
            if (writes.Count == 0 || (await tables.CommitAsync(TableNames.Payments, owner, writes, cancellationToken)).IsCommitted) return isTaken;
        }
    }

    /// <summary>The write that marks a card with what became of its charge.</summary>
    public static TableWrite Mark(string id, Payment payment, DateTimeOffset at) =>
        TableWrite.Put(MarkPrefix + id, Json.Write(new StoredMark(payment.DeclineCode, payment.Message, at), StripeRows.Default.StoredMark));

    private async ValueTask<Stripe.PaymentMethod?> FindAsync(string customer, string id, CancellationToken cancellationToken)
    {
        if (!StripeIds.IsId(id, IdPrefix)) return null;
        var answer = await stripe.CallAsync(
            client => client.V1.Customers.PaymentMethods.GetAsync(customer, id, cancellationToken: cancellationToken),
            cancellationToken);
        return answer.IsMissing ? null : answer.Required();
    }

    private ValueTask<StripeAnswer<Stripe.PaymentMethod>> AttachAsync(string customer, string token, CancellationToken cancellationToken) =>
        stripe.CallAsync(
            client => client.V1.PaymentMethods.AttachAsync(token, new PaymentMethodAttachOptions { Customer = customer }, cancellationToken: cancellationToken),
            cancellationToken);

    private static PaymentMethod Show(Stripe.PaymentMethod card, bool isDefault, StoredMark? mark) => new()
    {
        Id = card.Id,
        Last4 = card.Card?.Last4 ?? "",
        Brand = card.Card?.Brand ?? "",
        ExpiryMonth = (card.Card?.ExpMonth ?? 0).ToString("D2", null),
        ExpiryYear = (card.Card?.ExpYear ?? 0).ToString("D4", null),
        IsDefault = isDefault,
        ErrorCode = mark?.Code,
        ErrorMessage = mark?.Message,
        ErrorAt = mark?.Code is null ? null : mark.At,
    };

    private async ValueTask<(string Id, string ETag)?> DefaultAsync(string owner, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Payments, owner, DefaultRow, cancellationToken) is { } row
            ? (Json.Read(row.Data, StripeRows.Default.String), row.ETag)
            : null;
}
