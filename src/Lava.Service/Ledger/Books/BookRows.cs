using System.Globalization;

namespace Lava.Service.Ledger.Books;

/// <summary>The row keys of a book.</summary>
internal static class BookRows
{
    /// <summary>The book's head; one row.</summary>
    public const string Head = "head";

    /// <summary>What the keys of the head and of the subscription start with, so that one read finds both as they were at one moment.</summary>
    public const string HeadPrefix = "head";

    /// <summary>A customer's current subscription; one row, which changes only with the head.</summary>
    public const string Subscription = "head|subscription";

    /// <summary>What is still to be done because of changes that are made, oldest first.</summary>
    public const string OutboxPrefix = "outbox|";

    /// <summary>Entries, newest first.</summary>
    public const string EntryPrefix = "entry|";

    /// <summary>Calls, newest first: in a wallet's book the request itself, in a customer's book the marker of its charge, in a spend key's the marker of its
    /// count.</summary>
    public const string CallPrefix = "call|";

    /// <summary>Usage of a day, all meters.</summary>
    public const string DayPrefix = "day|";

    /// <summary>Row key of an entry.</summary>
    public static string Entry(long sequence) => EntryPrefix + (long.MaxValue - sequence).ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>Row key of a call.</summary>
    /// <param name="mirroredUlid">The call's ULID, mirrored so that newer calls sort first.</param>
    public static string Call(string mirroredUlid) => CallPrefix + mirroredUlid;

    /// <summary>Row key of the claim on a request id that the merchant chose.</summary>
    /// <param name="idHash">Hash of the id: a merchant's ids may hold any character.</param>
    public static string Claim(string idHash) => "claim|" + idHash;

    /// <summary>Subscriptions that have ended, newest first.</summary>
    public const string EndedPrefix = "ended|";

    /// <summary>Row key of a subscription that has ended.</summary>
    /// <param name="mirroredUlid">Its ULID, mirrored.</param>
    public static string Ended(string mirroredUlid) => EndedPrefix + mirroredUlid;

    /// <summary>Row key of the marker of a payment that is booked.</summary>
    public static string Paid(string paymentId) => "paid|" + paymentId;

    /// <summary>Row key of the marker of a checkout session that is completed.</summary>
    public static string Checkout(string sessionId) => "checkout|" + sessionId;

    /// <summary>Row key of the marker that the disputed rest of a call's cost is charged.</summary>
    public static string Disputed(string call) => "disputed|" + call;

    /// <summary>Row key of the marker of a correction by the operator.</summary>
    /// <param name="nameHash">Hash of its name, which may hold any character.</param>
    public static string Corrected(string nameHash) => "corrected|" + nameHash;

    /// <summary>Row key of how much of a booked payment was given back and taken off the wallet; it changes only with the head.</summary>
    public static string GivenBack(string paymentId) => "given-back|" + paymentId;

    /// <summary>Row key of how much of a booked payment is withdrawn because of a dispute; it changes only with the head.</summary>
    public static string CardDisputed(string paymentId) => "card-disputed|" + paymentId;

    /// <summary>Row key of something to be done.</summary>
    public static string Outbox(string ulid) => OutboxPrefix + ulid;

    /// <summary>Row key of a day's usage.</summary>
    public static string Day(string day) => DayPrefix + day;

    /// <summary>What the keys of a meter's days start with.</summary>
    public static string MeterDayPrefix(string meterId) => "meter-day|" + meterId + "|";

    /// <summary>Row key of a day's usage of one meter.</summary>
    public static string MeterDay(string meterId, string day) => MeterDayPrefix(meterId) + day;

    /// <summary>What the keys of usage by group start with.</summary>
    /// <param name="groups">By what it is grouped.</param>
    public static string QuarterPrefix(string groups) => "usage|" + groups + "|";

    /// <summary>The end of such a row's key: the quarter of an hour, by UTC.</summary>
    public static string Quarter(DateTimeOffset time)
    {
        var at = time.UtcDateTime;
        return at.AddMinutes(-(at.Minute % 15)).ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
    }
}
