namespace Stripe;

public class SetupIntentGetOptions : BaseOptions;
