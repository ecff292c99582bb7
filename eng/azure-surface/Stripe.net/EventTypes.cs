namespace Stripe;

public static class EventTypes
{
    public const string ChargeDisputeCreated = "charge.dispute.created";
    public const string ChargeRefunded = "charge.refunded";
    public const string CheckoutSessionCompleted = "checkout.session.completed";
    public const string PaymentIntentCanceled = "payment_intent.canceled";
    public const string PaymentIntentPaymentFailed = "payment_intent.payment_failed";
    public const string PaymentIntentRequiresAction = "payment_intent.requires_action";
    public const string PaymentIntentSucceeded = "payment_intent.succeeded";
    public const string PaymentMethodDetached = "payment_method.detached";
    public const string SetupIntentSucceeded = "setup_intent.succeeded";
}
