using Lava.Core.Ledger;
using Lava.Service.Ledger.Books;

namespace Lava.Service.Ledger.Leases;

/// <summary>What instances lease parts of and calls reserve: the money in an account, or what a limit leaves. Two budgets of one <see cref="Id"/> that are not
/// equal are one budget before and after its limit was changed.</summary>
/// <param name="Book">The book that knows how much is left and who leases it.</param>
/// <param name="Name">Tells it from other budgets of the book; empty where there is only one.</param>
internal abstract record Budget(BookKey Book, string Name)
{
    /// <summary>Unique among all budgets.</summary>
    public string Id { get; } = Name.Length == 0 ? Book.Partition : Book.Partition + "|" + Name;

    /// <summary>Whether a missing book means that nothing is used yet. Otherwise a missing book has nothing to lease.</summary>
    public virtual bool OpensBook => false;

    /// <summary>Whether what a call takes is used at once; otherwise its usage record takes it off the lease.</summary>
    public virtual bool IsUsedAtOnce => false;

    /// <summary>The id of an instance's lease.</summary>
    public string LeaseId(string instance) => Name.Length == 0 ? instance : LeaseId(instance, Name);

    /// <summary>The id of an instance's lease of a named budget.</summary>
    public static string LeaseId(string instance, string name) => instance + "|" + name;

    /// <summary>What may still be leased; negative where more is leased than there is.</summary>
    public abstract decimal Available(BookHead head, DateTimeOffset now);

    /// <summary>How much to lease of what is available, so that other instances find something. Never finer than money is: quarters of quarters would soon be,
    /// and what they leave when they are added up would stay leased.</summary>
    /// <param name="available">What there is.</param>
    /// <param name="wanted">The least that is of use; no more than there is.</param>
    /// <param name="ahead">What would last for a good many calls.</param>
    public virtual decimal Share(decimal available, decimal wanted, decimal ahead) =>
        Math.Min(available, Math.Max(wanted, Math.Round(Math.Min(available / 4, ahead), Bookkeeping.Decimals, MidpointRounding.ToZero)));

    /// <summary>An instance's lease; null where it has none.</summary>
    public virtual Lease? LeaseOf(BookHead head, string instance, DateTimeOffset now) => head.Leases.GetValueOrDefault(LeaseId(instance));

    /// <summary>The head after an instance's lease has changed and runs until a time (or as before, if null).</summary>
    public virtual BookHead Change(BookHead head, string instance, in LeaseMove move, DateTimeOffset? until, DateTimeOffset now) =>
        Bookkeeping.ChangeLease(head, LeaseId(instance), move.Granted - move.Returned, until);
}
