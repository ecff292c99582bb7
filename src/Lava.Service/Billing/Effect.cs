namespace Lava.Service.Billing;

/// <summary>Something outside a book that is to be done because the book has changed. It is written with the change and done until it is done; doing it twice does no harm.</summary>
/// <param name="Kind">What.</param>
/// <param name="Id">The subscription, the payment, or the event's id, the same however often it is told.</param>
/// <param name="Event">The event's name; null unless it is to be told.</param>
/// <param name="Amount">US dollars to give back; 0 otherwise.</param>
public sealed record Effect(EffectKind Kind, string Id, string? Event = null, decimal Amount = 0)
{
    /// <summary>Tells an event.</summary>
    public static Effect Tell(string name, string subject) => new(EffectKind.Tell, name + ":" + subject, name);
}
