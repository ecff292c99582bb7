using Lava.Core.Billing;
using Lava.Service.Pricing.Plans;

namespace Lava.Service.Tests.Billing;

/// <summary>The rules of behaviour.md §6 in the fewest words: three numbers for the credits, and time that moves from one event to the next. It knows no books, lots, payments or crashes.</summary>
internal sealed class BillingModel
{
    private readonly Plan _free;
    private readonly List<Plan> _plans;

    public BillingModel(Plan free, IEnumerable<Plan> paid, DateTimeOffset start)
    {
        _free = free;
        _plans = [free, .. paid];
        (Plan, Anchor, Now) = (free, start, start);
        Include();
    }

    public Plan Plan { get; private set; }

    public DateTimeOffset Now { get; private set; }

    public DateTimeOffset Anchor { get; private set; }

    public int Number { get; private set; }

    public decimal Cycle { get; private set; }

    public decimal Bundle { get; private set; }

    public decimal Owed { get; private set; }

    public decimal Balance => Cycle + Bundle - Owed;

    public decimal Paid { get; private set; }

    /// <summary>What the end of the cycle brings: a plan's id, "cancel", or null.</summary>
    public string? Pending { get; private set; }

    public (DateTimeOffset Since, int Failures, DateTimeOffset RetryAt)? PastDue { get; private set; }

    public bool TopsUp { get; private set; }

    public bool CardWorks { get; set; } = true;

    public int Ended { get; private set; }

    /// <summary>Plans that are offered no more, by id.</summary>
    public HashSet<string> Withdrawn { get; } = new(StringComparer.Ordinal);

    /// <summary>The most that top-ups take, of a day and of a cycle; 10 and 100 bundles by themselves.</summary>
    public (decimal? Day, decimal? Cycle) Limits { get; set; }

    private int _declines;
    private DateTimeOffset? _topUpNotBefore;
    private bool _isUsedUp;
    private decimal _late;
    private int? _day;
    private (DateTime Day, decimal Of) _spentToday;
    private decimal _spentInCycle;

    public DateTimeOffset CycleEnd => BillingCycle.StartOf(Anchor, Plan.Interval, Number + 1, _day);

    public void Use(decimal amount)
    {
        Spend(amount);
        _isUsedUp = Balance <= 0;
        Run(Now);
    }

    public void Adjust(decimal amount)
    {
        if (amount > 0) Bundle += AfterDebt(amount);
        else Spend(-amount);
        Run(Now);
    }

    public void Subscribe(Plan plan)
    {
        if (plan == Plan && PastDue is not null)
        {
            if (Pay(plan.PeriodAmount, CardWorks)) RenewLate(plan);
        }
        else if (plan == Plan) Pending = null;
        else if (plan.PeriodAmount < Plan.PeriodAmount && PastDue is null) Pending = plan.Id;
        else if (Pay(plan.PeriodAmount, CardWorks)) Change(plan, Now);
        Run(Now);
    }

    public void Buy()
    {
        if (PastDue is null && Pay(Plan.Bundles[0].Cost, CardWorks)) AddBundles(1);
        Run(Now);
    }

    public void SetTopUp(bool isOn)
    {
        if (isOn && !TopsUp && Balance <= 0) _isUsedUp = true;
        (TopsUp, _declines, _topUpNotBefore) = (isOn, 0, null);
        Run(Now);
    }

    public void Cancel()
    {
        if (Pending == "cancel") return;
        if (PastDue is not null) End();
        else Pending = "cancel";
        Run(Now);
    }

    /// <summary>Pays what is owed now, with the default card or with one that works.</summary>
    public void PayNow(bool cardWorks)
    {
        if (PastDue is not null && (Pending is not null || !Withdrawn.Contains(Plan.Id)) && Pay(Next().PeriodAmount, cardWorks)) RenewLate(Next());
        Run(Now);
    }

    /// <summary>A card that works is given.</summary>
    public void GiveCard()
    {
        if (PastDue is not null) PayNow(true);
        else if (_declines > 0) (_declines, _topUpNotBefore) = (0, null);
        Run(Now);
    }

    public void Advance(DateTimeOffset target)
    {
        Run(target);
        Now = target;
    }

    /// <summary>The server was off until then.</summary>
    public void Outage(DateTimeOffset target)
    {
        Now = target;
        Run(target);
    }

    private void Run(DateTimeOffset target)
    {
        while (true)
        {
            if (Balance > 0) _isUsedUp = false;
            var topUpAt = TopsUp && Balance <= 0 && PastDue is null && _isUsedUp ? _topUpNotBefore ?? Now : DateTimeOffset.MaxValue;
            var billAt = PastDue?.RetryAt ?? CycleEnd;
            var at = topUpAt < billAt ? topUpAt : billAt;
            if (at > target) break;
            if (at > Now) Now = at;
            if (topUpAt < billAt) TopUp();
            else Bill();
        }
    }

    private void Spend(decimal amount)
    {
        var bundleFirst = Plan is { RollsOver: true, BundlesRollOver: false };
        foreach (var isBundle in new[] { bundleFirst, !bundleFirst })
        {
            var taken = Math.Min(amount, isBundle ? Bundle : Cycle);
            if (isBundle) Bundle -= taken;
            else Cycle -= taken;
            amount -= taken;
        }

        Owed += amount;
    }

    private Plan Next() => Pending is null or "cancel" ? Plan : _plans.Single(plan => plan.Id == Pending);

    private void Bill()
    {
        var next = Next();
        if (Pending == "cancel" || (Pending is null && Withdrawn.Contains(Plan.Id))) End();
        else if (!Pay(next.PeriodAmount, CardWorks)) Fail();
        else if (PastDue is not null) RenewLate(next);
        else
        {
            Expire();
            if (next == Plan) Number++;
            else Move(next, CycleEnd);

            // Nobody pays for cycles without service.
            while (next.PeriodAmount > 0 && CycleEnd <= Now) Number++;
            _spentInCycle = 0;
            Include();
        }
    }

    private void RenewLate(Plan next)
    {
        if (next != Plan)
        {
            Change(next, Now);
            return;
        }

        do Number++;
        while (CycleEnd <= Now);
        (Pending, PastDue, _spentInCycle) = (null, null, 0);
        Include();
    }

    private void Fail()
    {
        if (PastDue is not { } pastDue)
        {
            Expire();
            PastDue = (Now, 1, Now.AddDays(1));
            return;
        }

        if (pastDue.Failures == 4) End();
        else
        {
            var at = pastDue.Since.AddDays((2 * pastDue.Failures) + 1);
            PastDue = pastDue with { Failures = pastDue.Failures + 1, RetryAt = at <= Now ? Now.AddDays(2) : at };
        }
    }

    private void Expire()
    {
        if (!Plan.RollsOver) Cycle = 0;

        // What was bought after the cycle's end is of the one that is under way.
        if (!Plan.BundlesRollOver) Bundle = Math.Min(Bundle, _late);
        _late = 0;
    }

    private void Change(Plan plan, DateTimeOffset at)
    {
        Move(plan, at);
        _day = null;
        Include();
    }

    private void Move(Plan plan, DateTimeOffset at)
    {
        if (!Plan.RollsOver) Cycle = 0;

        // All plans but the week's and the day's keep the day of the month.
        _day = IsOfMonths(Plan) && IsOfMonths(plan) ? _day ?? Anchor.Day : null;
        (Plan, Anchor, Number, Pending, PastDue) = (plan, at, 0, null, null);
        (TopsUp, _declines, _topUpNotBefore, _spentInCycle) = (plan.DefaultTopUpBundleId is not null && !Withdrawn.Contains(plan.Id), 0, null, 0);
    }

    private static bool IsOfMonths(Plan plan) => plan.Interval is BillingInterval.Month or BillingInterval.Year;

    private void End()
    {
        Cycle = 0;
        if (!Plan.BundlesRollOver) Bundle = 0;
        Ended++;
        (Plan, Anchor, Number, Pending, PastDue, _day) = (_free, Now, 0, null, null, null);
        (TopsUp, _declines, _topUpNotBefore, _spentInCycle) = (_free.DefaultTopUpBundleId is not null, 0, null, 0);
        Include();
    }

    private void Include() => Cycle += AfterDebt(Plan.IncludedCredit);

    private void AddBundles(decimal count)
    {
        var bought = AfterDebt(count * Plan.Bundles[0].CreditAmount);
        Bundle += bought;
        if (CycleEnd <= Now && PastDue is null) _late += bought;
        (_declines, _topUpNotBefore) = (0, null);
    }

    private void TopUp()
    {
        if (Withdrawn.Contains(Plan.Id))
        {
            TopsUp = false;
            return;
        }

        var bundle = Plan.Bundles[0];
        if (_spentToday.Day != Now.UtcDateTime.Date) _spentToday = (Now.UtcDateTime.Date, 0);
        var ofDay = (Limits.Day ?? (10 * bundle.Cost)) - _spentToday.Of;
        var ofCycle = (Limits.Cycle ?? (100 * bundle.Cost)) - _spentInCycle;
        var count = Math.Min(Math.Floor(-Balance / bundle.CreditAmount) + 1, Math.Floor(Math.Min(ofDay, ofCycle) / bundle.Cost));
        if (count <= 0)
        {
            DateTimeOffset tomorrow = new(Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
            _topUpNotBefore = ofCycle < bundle.Cost && CycleEnd > tomorrow ? CycleEnd : tomorrow;
        }
        else if (Pay(count * bundle.Cost, CardWorks))
        {
            AddBundles(count);
            _isUsedUp = false;
            _spentToday.Of += count * bundle.Cost;
            _spentInCycle += count * bundle.Cost;
        }
        else _topUpNotBefore = _declines++ switch { 0 => Now.AddHours(1), 1 => Now.AddHours(6), 2 => Now.AddHours(24), 3 => Now.AddHours(72), _ => DateTimeOffset.MaxValue };
    }

    private bool Pay(decimal amount, bool cardWorks)
    {
        if (amount > 0 && !cardWorks) return false;
        Paid += amount;
        return true;
    }

    private decimal AfterDebt(decimal credit)
    {
        var repaid = Math.Min(Owed, credit);
        Owed -= repaid;
        return credit - repaid;
    }
}
