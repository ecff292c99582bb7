using Lava.Core.Billing;
using Lava.Core.Keys;
using Lava.Core.Money;
using Lava.Service.Ledger;
using Lava.Service.Plans;

namespace Lava.Service.Customers;

/// <summary>Shows customers and their subscriptions.</summary>
public sealed class CustomerViews(PlanStore plans, Funds funds, TimeProvider time)
{
    /// <summary>A customer as the API shows it.</summary>
    public async ValueTask<CustomerResponse> ShowAsync(Tenant tenant, Customer customer, CancellationToken cancellationToken)
    {
        var plan = await plans.FindCachedAsync(tenant, customer.PlanId, cancellationToken);
        var summary = plan is null ? null : new SubscriptionSummary(customer.SubscriptionId, plan.Id, plan.Name, "active");
        var contact = new ContactResponse(customer.Phone ?? "", customer.Email ?? "", customer.FirstName ?? "", customer.LastName ?? "");
        return new CustomerResponse(customer.Id, customer.ReferenceId, contact, summary, customer.Metadata, customer.CreatedAt);
    }

    /// <summary>A customer's subscription as the API shows it.</summary>
    public async ValueTask<CustomerSubscriptionResponse> ShowSubscriptionAsync(Tenant tenant, Customer customer, CancellationToken cancellationToken)
    {
        if ((await plans.FindAsync(tenant, customer.PlanId, cancellationToken))?.Plan is not { } plan) return new CustomerSubscriptionResponse(null);
        var credits = await funds.CreditsAsync(tenant, customer.Id, cancellationToken) ?? customer.OpeningCredit;
        var (start, end) = CycleAt(customer.CreatedAt, plan.Interval, time.GetUtcNow());
        return new CustomerSubscriptionResponse(new SubscriptionResponse(
            customer.SubscriptionId,
            plan.Id,
            "active",
            null,
            customer.CreatedAt,
            null,
            start,
            end,
            new SubscriptionPlan(
                plan.Name, Amount.Trimmed(plan.PeriodAmount), Amount.Trimmed(plan.IncludedCredit), PlanWords.Of(plan.Interval), PlanWords.Rollover(plan.RollsOver), PlanWords.Rollover(plan.BundlesRollOver)),
            new SubscriptionCredits(Amount.Trimmed(credits), Amount.Trimmed(credits), Amount.Trimmed(0)),
            null));
    }

    private static (DateTimeOffset Start, DateTimeOffset End) CycleAt(DateTimeOffset anchor, BillingInterval interval, DateTimeOffset now)
    {
        var number = 0;
        while (BillingCycle.StartOf(anchor, interval, number + 1) <= now) number++;
        return (BillingCycle.StartOf(anchor, interval, number), BillingCycle.StartOf(anchor, interval, number + 1));
    }
}
