using Lava.Service.Accounts.Merchants;
using Lava.Service.Billing.Books;

namespace Lava.Service.Customers.Checkout;

/// <summary>The customers of checkouts: those that were there before, and those that a checkout makes, once each.</summary>
internal sealed class CheckoutCustomers(CheckoutStore store, CustomerStore customers, CustomerBilling billing, MerchantStore merchants, TimeProvider time)
{
    /// <summary>The customer of a session that has one; null where it was deleted.</summary>
    public async ValueTask<Customer?> FindAsync(CheckoutSession session, CancellationToken cancellationToken)
    {
        // The session has named it before it was made: if this process died in between, it is made now.
        if (session.NewCustomer is not null && await customers.FindEverAsync(session.Tenant, session.NewCustomer.Id, cancellationToken) is null)
            return (await billing.CreateAsync(session.Tenant, session.NewCustomer, cancellationToken)).Customer;
        return (await customers.FindAsync(session.Tenant, session.CustomerId!, cancellationToken))?.Customer;
    }

    /// <summary>Opens a customer's billing, unless it is open.</summary>
    public ValueTask<BillingOwner> OpenAsync(CheckoutSession session, Customer customer, CancellationToken cancellationToken) =>
        billing.OpenAsync(session.Tenant, customer, cancellationToken);

    /// <summary>Writes down who a new customer is.</summary>
    /// <returns>The session with its customer; what is wrong with the contact data otherwise.</returns>
    public async ValueTask<(CheckoutSession? Session, IReadOnlyList<string> Problems)> RegisterAsync(
        CheckoutSession session,
        CheckoutForm form,
        CancellationToken cancellationToken)
    {
        if (form.Email.Length == 0) return (null, ["Enter your e-mail address."]);
        var merchant = await merchants.GetAsync(session.MerchantId, cancellationToken);
        var fields = form.Contact();
        var customer = CustomerFields.Apply(fields, CustomerBilling.Draft(merchant, session.Tenant.Mode, time.GetUtcNow()));
        if (fields.Error is { } invalid) return (null, [.. invalid.Issues!.Select(issue => issue.Message)]);
        return (
            await store.ChangeAsync(
                session,
                stored => stored.CustomerId is not null ? stored : stored with { CustomerId = customer.Id, NewCustomer = customer },
                cancellationToken),
            []);
    }
}
