using Lava.Core.Billing;
using Lava.Service.Plans;

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

    private int _declines;
    private DateTimeOffset? _topUpNotBefore;

    public DateTimeOffset CycleEnd => BillingCycle.StartOf(Anchor, Plan.Interval, Number + 1);

    public void Use(decimal amount)
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
        TopUp();
    }

    public void Subscribe(Plan plan)
    {
        if (plan == Plan) Pending = null;
        else if (plan.PeriodAmount < Plan.PeriodAmount && PastDue is null) Pending = plan.Id;
        else if (Pay(plan.PeriodAmount)) Change(plan, Now);
        TopUp();
    }

    public void Buy()
    {
        if (Pay(Plan.Bundles[0].Cost)) AddBundle();
        TopUp();
    }

    public void SetTopUp(bool isOn)
    {
        (TopsUp, _declines, _topUpNotBefore) = (isOn, 0, null);
        TopUp();
    }

    public void Cancel()
    {
        if (Pending == "cancel") return;
        if (PastDue is not null) End();
        else Pending = "cancel";
    }

    public void Advance(DateTimeOffset target)
    {
        while (true)
        {
            var topUpAt = TopsUp && Balance <= 0 && PastDue is null ? _topUpNotBefore ?? Now : DateTimeOffset.MaxValue;
            var billAt = PastDue?.RetryAt ?? CycleEnd;
            var at = topUpAt < billAt ? topUpAt : billAt;
            if (at > target) break;
            if (at > Now) Now = at;
            if (topUpAt < billAt) TopUp();
            else Bill();
        }

        Now = target;
    }

    private void Bill()
    {
        var next = Pending is null or "cancel" ? Plan : _plans.Single(plan => plan.Id == Pending);
        if (Pending == "cancel") End();
        else if (!Pay(next.PeriodAmount)) Fail();
        else if (next != Plan)
        {
            var at = PastDue is null ? CycleEnd : Now;
            Expire();
            Change(next, at);
        }
        else
        {
            Expire();
            Number++;
            while (PastDue is not null && CycleEnd <= Now) Number++;
            PastDue = null;
            Include();
        }

        TopUp();
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
        else PastDue = pastDue with { Failures = pastDue.Failures + 1, RetryAt = pastDue.Since.AddDays((2 * pastDue.Failures) + 1) };
    }

    private void Expire()
    {
        if (!Plan.RollsOver) Cycle = 0;
        if (!Plan.BundlesRollOver) Bundle = 0;
    }

    private void Change(Plan plan, DateTimeOffset at)
    {
        if (!Plan.RollsOver) Cycle = 0;
        (Plan, Anchor, Number, Pending, PastDue) = (plan, at, 0, null, null);
        (TopsUp, _declines, _topUpNotBefore) = (plan.DefaultTopUpBundleId is not null, 0, null);
        Include();
    }

    private void End()
    {
        Cycle = 0;
        if (!Plan.BundlesRollOver) Bundle = 0;
        Ended++;
        (Plan, Anchor, Number, Pending, PastDue) = (_free, Now, 0, null, null);
        (TopsUp, _declines, _topUpNotBefore) = (_free.DefaultTopUpBundleId is not null, 0, null);
        Include();
    }

    private void Include() => Cycle += AfterDebt(Plan.IncludedCredit);

    private void AddBundle()
    {
        Bundle += AfterDebt(Plan.Bundles[0].CreditAmount);
        (_declines, _topUpNotBefore) = (0, null);
    }

    private void TopUp()
    {
        while (TopsUp && PastDue is null && Balance <= 0 && (_topUpNotBefore is null || _topUpNotBefore <= Now))
        {
            if (Pay(Plan.Bundles[0].Cost)) AddBundle();
            else _topUpNotBefore = _declines++ switch { 0 => Now.AddHours(1), 1 => Now.AddHours(6), 2 => Now.AddHours(24), 3 => Now.AddHours(72), _ => DateTimeOffset.MaxValue };
        }
    }

    private bool Pay(decimal amount)
    {
        if (amount > 0 && !CardWorks) return false;
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
