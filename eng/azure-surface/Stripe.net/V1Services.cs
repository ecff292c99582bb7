namespace Stripe;

public class V1Services
{
    internal V1Services(ApiRequestor requestor)
    {
        Checkout = new CheckoutService(requestor);
        Customers = new CustomerService(requestor);
        PaymentIntents = new PaymentIntentService(requestor);
        PaymentMethods = new PaymentMethodService(requestor);
        Refunds = new RefundService(requestor);
        SetupIntents = new SetupIntentService(requestor);
    }

    public virtual CheckoutService Checkout { get; }

    public virtual CustomerService Customers { get; }

    public virtual PaymentIntentService PaymentIntents { get; }

    public virtual PaymentMethodService PaymentMethods { get; }

    public virtual RefundService Refunds { get; }

    public virtual SetupIntentService SetupIntents { get; }
}
