namespace Stripe;

public class CheckoutService : Service
{
    internal CheckoutService(ApiRequestor requestor) : base(requestor) => Sessions = new Checkout.SessionService(requestor);

    public virtual Checkout.SessionService Sessions { get; }
}
