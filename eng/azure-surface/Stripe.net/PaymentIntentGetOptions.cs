namespace Stripe;

public class PaymentIntentGetOptions : BaseOptions;
