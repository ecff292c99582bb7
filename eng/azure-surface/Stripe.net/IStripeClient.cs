namespace Stripe;

public interface IStripeClient;
