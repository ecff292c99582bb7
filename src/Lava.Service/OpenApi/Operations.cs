using Lava.Service.Accounts.Keys;
using Lava.Service.Accounts.Login;
using Lava.Service.Accounts.ProviderKeys;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Admin;
using Lava.Service.Api;
using Lava.Service.Api.Lists;
using Lava.Service.Catalogue.Views;
using Lava.Service.Customers;
using Lava.Service.Customers.Checkout;
using Lava.Service.Customers.Subscriptions;
using Lava.Service.Gateway.Routing;
using Lava.Service.Payments;
using Lava.Service.Pricing.Meters;
using Lava.Service.Pricing.Plans;
using Lava.Service.Reporting.LedgerEntries;
using Lava.Service.Reporting.Requests;
using Lava.Service.Reporting.UsageReports;
using Lava.Service.Reporting.WhatIf;
using Lava.Service.TestHelpers;
using Lava.Service.Wallets;
using Lava.Service.Webhooks;
using Lava.Service.Webhooks.Deliveries;
using Lava.Service.Webhooks.Mail;

namespace Lava.Service.OpenApi;

/// <summary>What the API's document says of each endpoint, by method and route. An endpoint of a route that is not here is not part of the documented API (pages, older names).</summary>
internal static class Operations
{
    private static readonly string[] Page = ["cursor", "limit"];

    private static readonly Dictionary<string, Operation> All = new(StringComparer.Ordinal)
    {
        ["GET /v1/forward"] = Public("forward", "Gateway", "Forward a call to a provider, measured and charged. The answer is the provider's own; x-lava-request-id names the request.", ["u!", "metadata"]),
        ["POST /v1/chat/completions"] = Public("chatCompletions", "Gateway", "OpenAI's chat completions with any model of the catalogue.", []),
        ["POST /v1/responses"] = Public("responses", "Gateway", "OpenAI's responses with any model of the catalogue.", []),
        ["POST /v1/messages"] = Public("messages", "Gateway", "Anthropic's messages with any model of the catalogue.", []),
        ["POST /v1/messages/count_tokens"] = Public("countTokens", "Gateway", "Count a conversation's tokens, free.", []),
        ["POST /v1/embeddings"] = Public("embeddings", "Gateway", "Embeddings with any model that has OpenAI's form.", []),
        ["GET /v1/models"] = new("listModels", "Catalogue", "List models; with a spend key those that it may use.", null, typeof(ModelList), 200, [], true),
        ["GET /v1/models/{model}"] = new("getModel", "Catalogue", "Show a model, by its name or provider/name.", null, typeof(ModelEntry), 200, [], true),
        ["GET /v1/services"] = new("listServices", "Catalogue", "List what is served and what it costs.", null, typeof(ServiceList), 200, ["provider"], true),
        ["GET /v1/services/providers"] = new("searchProviders", "Catalogue", "Search providers by keywords.", null, typeof(ProviderList), 200, ["query", "category"], true),
        ["GET /v1/services/providers/{provider}"] = new("getProvider", "Catalogue", "Show a provider.", null, typeof(ProviderSummary), 200, [], true),

        ["POST /v1/customers"] = Created("createCustomer", "Customers", "Create a customer, or find the one with the reference_id.", typeof(CreateCustomerBody), typeof(CustomerResponse)),
        ["GET /v1/customers"] = List("listCustomers", "Customers", "List customers.", typeof(ListResponse<CustomerResponse>), "reference_id"),
        ["GET /v1/customers/{id}"] = Read("getCustomer", "Customers", "Show a customer, by id or reference_id.", typeof(CustomerResponse)),
        ["PATCH /v1/customers/{id}"] = Change("updateCustomer", "Customers", "Change a customer: absent keeps, null clears.", typeof(UpdateCustomerBody), typeof(CustomerResponse)),
        ["DELETE /v1/customers/{id}"] = Read("deleteCustomer", "Customers", "Delete a customer; the subscription ends at once.", typeof(SuccessResponse)),
        ["GET /v1/customers/{id}/subscription"] = Read("getCustomerSubscription", "Customers", "Show a customer's subscription with what is left of its credits; settled=true waits up to two seconds for calls that have ended to be booked.", typeof(CustomerSubscriptionResponse)) with { Query = ["settled"] },
        ["POST /v1/customers/{id}/adjustments"] = Created("adjustCredits", "Customers", "Give or take credits by hand.", typeof(AdjustmentBody), typeof(LedgerEntryResponse)),

        ["POST /v1/customers/{id}/refunds"] = Created("refundPayment", "Customers", "Give a card payment back, as a whole or in parts, also of a deleted customer.", typeof(RefundBody), typeof(LedgerEntryResponse)),

        ["POST /v1/meters"] = Created("createMeter", "Meters", "Create a meter.", typeof(CreateMeterBody), typeof(MeterResponse)),
        ["GET /v1/meters"] = List("listMeters", "Meters", "List meters.", typeof(ListResponse<MeterResponse>)),
        ["GET /v1/meters/{id}"] = Read("getMeter", "Meters", "Show a meter, by id or slug.", typeof(MeterResponse)),
        ["PATCH /v1/meters/{id}"] = Change("updateMeter", "Meters", "Change a meter's name or tiers; later requests are priced by them.", typeof(UpdateMeterBody), typeof(MeterResponse)),
        ["DELETE /v1/meters/{id}"] = Read("deleteMeter", "Meters", "Delete a meter, 15 seconds after its creation or later.", typeof(DeletedResponse)),
        ["POST /v1/meters/simulate"] = Change("simulateMeter", "Meters", "Price a past period's usage under a proposed meter; nothing changes.", typeof(SimulateBody), typeof(SimulationResponse)),

        ["POST /v1/plans"] = Created("createPlan", "Plans", "Create a plan with its credit bundles.", typeof(CreatePlanBody), typeof(PlanResponse)),
        ["GET /v1/plans"] = List("listPlans", "Plans", "List plans.", typeof(ListResponse<PlanResponse>)),
        ["GET /v1/plans/{id}"] = Read("getPlan", "Plans", "Show a plan.", typeof(PlanResponse)),
        ["PATCH /v1/plans/{id}"] = Change("updatePlan", "Plans", "Change a plan; bundles with an id are changed or removed, without one added.", typeof(UpdatePlanBody), typeof(PlanResponse)),
        ["DELETE /v1/plans/{id}"] = Read("deletePlan", "Plans", "Withdraw a plan; its subscriptions end with their cycles, and downgrades to it that are planned are followed for one cycle.", typeof(DeletedResponse)),
        ["GET /v1/credit_bundles"] = List("listCreditBundles", "Plans", "List credit bundles.", typeof(ListResponse<CreditBundleResponse>), "plan_id"),
        ["GET /v1/credit_bundles/{id}"] = Read("getCreditBundle", "Plans", "Show a credit bundle.", typeof(CreditBundleResponse)),

        ["POST /v1/subscriptions"] = Created("createSubscription", "Subscriptions", "Put a customer on a free plan.", typeof(CreateSubscriptionBody), typeof(CreatedSubscriptionResponse)),
        ["GET /v1/subscriptions"] = List("listSubscriptions", "Subscriptions", "List subscriptions.", typeof(ListResponse<SubscriptionListItem>), "status", "customer_id"),
        ["PATCH /v1/subscriptions/{id}"] = Change("updateSubscription", "Subscriptions", "Choose the bundle that is bought when the credits are used up, and the most that such purchases may take.", typeof(UpdateSubscriptionBody), typeof(SuccessResponse)),
        ["POST /v1/subscriptions/{id}/pay"] = Change("paySubscription", "Subscriptions", "Pay at once what is owed for a renewal that has failed.", typeof(PaySubscriptionBody), typeof(PaidSubscriptionResponse)),
        ["DELETE /v1/subscriptions/{id}"] = Read("cancelSubscription", "Subscriptions", "End a subscription with its cycle.", typeof(SuccessResponse)),

        ["POST /v1/checkout_sessions"] = Created("createCheckoutSession", "Checkout", "Begin a checkout of a plan or of a credit bundle; the checkout SDK opens its token.", typeof(CreateCheckoutBody), typeof(CheckoutSessionResponse)),
        ["GET /v1/checkout_sessions/{id}"] = Read("getCheckoutSession", "Checkout", "Show whether a checkout is completed, and by whom.", typeof(CheckoutSessionResponse)),

        ["POST /v1/requests"] = Created("createRequest", "Requests", "Report usage that did not pass the gateway; charged once for each request_id.", typeof(CreateRequestBody), typeof(RequestResponse)),
        ["POST /v1/requests/batch"] = Change("createRequests", "Requests", "Report up to 1,000 usages; each has an outcome of its own.", typeof(RequestBatchBody), typeof(BatchResponse)),
        ["POST /v1/events"] = Created("createEvent", "Requests", "Report usage as a CloudEvent 1.0, or as a list of them; type is the meter, subject the customer, source and id together the request_id.", typeof(CloudEventBody), typeof(RequestResponse)),
        ["GET /v1/requests"] = List("listRequests", "Requests", "List requests.", typeof(ListResponse<RequestResponse>), "customer_id", "meter_id", "spend_key_id", "request_id", "metadata_filters", "settled"),
        ["GET /v1/requests/{id}"] = Read("getRequest", "Requests", "Show a request with its cost, its charge and its ledger entries; one that the gateway has just answered is pending until it is booked.", typeof(RequestResponse)) with { Query = ["settled"] },
        ["GET /v1/usage"] = new("getUsage", "Requests", "Sum usage by day, in the zone of start.", null, typeof(UsageResponse), 200, ["start!", "end", "customer_id", "meter_id", "metadata_filters", "settled"], false),
        ["GET /v1/ledger"] = List("listLedger", "Ledger", "List the movements of the wallet, or of a customer's book.", typeof(ListResponse<LedgerEntryResponse>), "customer_id", "account", "reason", "cause"),
        ["GET /v1/ledger/{id}"] = Read("getLedgerEntry", "Ledger", "Show a movement.", typeof(LedgerEntryResponse)),

        ["GET /v1/wallet"] = Read("getWallet", "Wallet", "Show the wallet's balance.", typeof(WalletResponse)) with { Query = ["settled"] },
        ["POST /v1/wallet/fund"] = Change("fundWallet", "Wallet", "Fund the wallet by card, 10 to 10,000 USD.", typeof(FundBody), typeof(FundResponse)),
        ["GET /v1/wallet/auto_reload"] = Read("getAutoReload", "Wallet", "Show how the wallet fills itself.", typeof(AutoReloadResponse)),
        ["PUT /v1/wallet/auto_reload"] = Change("setAutoReload", "Wallet", "Have the wallet fill itself by card when its balance falls below a threshold, up to a cap a day.", typeof(AutoReloadBody), typeof(AutoReloadResponse)),
        ["DELETE /v1/wallet/auto_reload"] = Read("deleteAutoReload", "Wallet", "Have the wallet fill itself no more.", typeof(AutoReloadResponse)),
        ["GET /v1/payment_methods"] = Read("listPaymentMethods", "Wallet", "List the merchant's cards.", typeof(PaymentMethodsResponse)),
        ["POST /v1/payment_methods/setups"] = Created("createCardSetup", "Wallet", "Have the merchant or a customer give a card on the payment processor's own page.", typeof(CardSetupBody), typeof(CardSetupResponse)),
        ["GET /v1/payment_methods/setups/{id}"] = Read("getCardSetup", "Wallet", "Show what became of a card that was to be given.", typeof(CardSetupResponse)) with { Query = ["customer_id"] },

        ["POST /v1/secret_keys"] = Created("createSecretKey", "Keys", "Create a secret key; its value is shown once.", typeof(NameBody), typeof(SecretKeyResponse)),
        ["GET /v1/secret_keys"] = List("listSecretKeys", "Keys", "List active secret keys.", typeof(ListResponse<SecretKeyResponse>)),
        ["DELETE /v1/secret_keys/{id}"] = Read("revokeSecretKey", "Keys", "Revoke a secret key, 15 seconds after its creation or later.", typeof(DeletedResponse)),
        ["POST /v1/auth/callback"] = new("exchangeAuthCode", "Keys", "Exchange the code of a command-line login, once and within 60 seconds, for a secret key.", typeof(AuthCodeBody), typeof(LoginResponse), 200, [], true),
        ["POST /v1/spend_keys"] = Created("createSpendKey", "Keys", "Create a spend key; its value is shown once.", typeof(CreateSpendKeyBody), typeof(SpendKeyResponse)),
        ["GET /v1/spend_keys"] = List("listSpendKeys", "Keys", "List spend keys.", typeof(ListResponse<SpendKeyResponse>)),
        ["GET /v1/spend_keys/{id}"] = Read("getSpendKey", "Keys", "Show a spend key with what it has used.", typeof(SpendKeyResponse)),
        ["PUT /v1/spend_keys/{id}"] = Change("updateSpendKey", "Keys", "Change a spend key: absent keeps, null removes a limit.", typeof(UpdateSpendKeyBody), typeof(SpendKeyResponse)),
        ["DELETE /v1/spend_keys/{id}"] = Read("revokeSpendKey", "Keys", "Revoke a spend key at once.", typeof(SuccessResponse)),
        ["POST /v1/spend_keys/{id}/rotate"] = Read("rotateSpendKey", "Keys", "Give a spend key another value; the old one is dead at once.", typeof(SpendKeyResponse)),

        ["POST /v1/webhooks"] = Created("createWebhook", "Webhooks", "Create a webhook, at most three; its secret is shown once.", typeof(WebhookBody), typeof(WebhookResponse)),
        ["GET /v1/webhooks"] = List("listWebhooks", "Webhooks", "List webhooks.", typeof(ListResponse<WebhookResponse>)),
        ["GET /v1/webhooks/{id}"] = Read("getWebhook", "Webhooks", "Show a webhook.", typeof(WebhookResponse)),
        ["PATCH /v1/webhooks/{id}"] = Change("updateWebhook", "Webhooks", "Change a webhook's name or address.", typeof(UpdateWebhookBody), typeof(WebhookResponse)),
        ["DELETE /v1/webhooks/{id}"] = Read("deleteWebhook", "Webhooks", "Delete a webhook for good.", typeof(DeletedResponse)),
        ["POST /v1/webhooks/{id}/rotate"] = Change(
            "rotateWebhookSecret",
            "Webhooks",
            "Give a webhook another secret, which is shown once; deliveries are signed with the old one too for a day, or for as long as asked.",
            typeof(RotateWebhookBody),
            typeof(WebhookResponse)),
        ["GET /v1/webhooks/{id}/deliveries"] = List("listDeliveries", "Webhooks", "List a webhook's deliveries of the last thirty days.", typeof(ListResponse<DeliveryResponse>)),
        ["POST /v1/webhooks/{id}/deliveries/{delivery}/redeliver"] = Read("redeliver", "Webhooks", "Deliver an event again.", typeof(DeliveryResponse)),
        ["GET /v1/alerts/email"] = Read("getAlertMail", "Alerts", "Show to whom alerts are mailed.", typeof(AlertMailResponse)),
        ["PUT /v1/alerts/email"] = Change("setAlertMail", "Alerts", "Have alerts mailed to up to ten addresses.", typeof(AlertMailBody), typeof(AlertMailResponse)),
        ["DELETE /v1/alerts/email"] = Read("deleteAlertMail", "Alerts", "Have no alerts mailed any more.", typeof(AlertMailResponse)),
        ["GET /v1/alerts/email/deliveries"] = List("listAlertMails", "Alerts", "List the mails of the last thirty days with what became of each.", typeof(ListResponse<DeliveryResponse>)),

        ["GET /v1/provider_keys"] = List("listProviderKeys", "Account", "List the providers for which keys are stored.", typeof(ListResponse<ProviderKeyResponse>)),
        ["GET /v1/provider_keys/{id}"] = Read("getProviderKeys", "Account", "Show that keys are stored for a provider; the keys are never shown.", typeof(ProviderKeyResponse)),
        ["PUT /v1/provider_keys/{id}"] = Change("setProviderKeys", "Account", "Store your own keys at a provider, one to ten, in place of those before; calls take them before the operator's.", typeof(ProviderKeysBody), typeof(ProviderKeyResponse)),
        ["DELETE /v1/provider_keys/{id}"] = Read("deleteProviderKeys", "Account", "Delete the keys at a provider at once.", typeof(DeletedResponse)),

        ["GET /v1/account/fallback"] = Read("getFallback", "Account", "Show the fallbacks of calls that bring none.", typeof(FallbackChain)),
        ["PATCH /v1/account/fallback"] = Change("setFallback", "Account", "Set them, at most five; null clears them.", typeof(FallbacksBody), typeof(FallbackChain)),

        ["POST /v1/admin/merchants"] = Created("createMerchant", "Admin", "Make a merchant; takes the operator's admin secret. Its keys are shown once.", typeof(NameBody), typeof(NewMerchantResponse)),
        ["GET /v1/admin/merchants"] = List("listMerchants", "Admin", "List merchants.", typeof(ListResponse<MerchantResponse>)),
        ["GET /v1/admin/log"] = List("listAdminLog", "Admin", "List what the operator did.", typeof(ListResponse<AdminAction>)),
        ["GET /v1/admin/dead_letters"] = Read("listDeadLetters", "Admin", "List messages that queues have given up, oldest first.", typeof(ListResponse<DeadLetterResponse>)) with { Query = ["queue", "limit"] },
        ["POST /v1/admin/dead_letters/{queue}/{id}/retry"] = Read("retryDeadLetter", "Admin", "Send a message that was given up again.", typeof(SuccessResponse)),
        ["DELETE /v1/admin/dead_letters/{queue}/{id}"] = Read("dropDeadLetter", "Admin", "Drop a message that was given up, for good.", typeof(DeletedResponse)),

        ["GET /v1/admin/disputes"] = List("listDisputes", "Admin", "List calls whose provider reported more than they can have used; status is open or decided.", typeof(ListResponse<DisputeResponse>), "status"),
        ["POST /v1/admin/disputes/{id}"] = Change("decideDispute", "Admin", "Decide a dispute by its request's id: charge the wallet the rest, or dismiss it.", typeof(DisputeBody), typeof(DisputeResponse)),

        ["POST /v1/test_clocks"] = Created("createTestClock", "Testing", "Create a test clock; customers made with it live by its time.", typeof(TestClockBody), typeof(TestClockResponse)),
        ["GET /v1/test_clocks"] = List("listTestClocks", "Testing", "List test clocks.", typeof(ListResponse<TestClockResponse>)),
        ["GET /v1/test_clocks/{id}"] = Read("getTestClock", "Testing", "Show a test clock.", typeof(TestClockResponse)),
        ["POST /v1/test_clocks/{id}/advance"] = Change("advanceTestClock", "Testing", "Move a test clock; everything due on the way happens.", typeof(AdvanceBody), typeof(TestClockResponse)),
        ["POST /v1/test_helpers/payment_methods"] = Created("addTestCard", "Testing", "Give the merchant or a customer a test card.", typeof(TestCardBody), typeof(PaymentMethodResponse)),
        ["POST /v1/test_helpers/disputes"] = Change("disputeTestPayment", "Testing", "Have the bank dispute a test payment (open), and decide it (won, lost).", typeof(TestDisputeBody), typeof(SuccessResponse)),
        ["POST /v1/test_helpers/subscriptions"] = Created("completeTestSubscription", "Testing", "Do what a completed checkout of a plan does.", typeof(CreateSubscriptionBody), typeof(CreatedSubscriptionResponse)),
        ["POST /v1/test_helpers/credit_bundles"] = Created("completeTestBundle", "Testing", "Do what a completed checkout of a credit bundle does.", typeof(TestBundleBody), typeof(CreatedSubscriptionResponse)),
    };

    /// <summary>What is documented, by method and route.</summary>
    public static IReadOnlyDictionary<string, Operation> Documented => All;

    /// <summary>The operation of a route; null where none is documented. A route that takes several methods is documented as the one for its first.</summary>
    public static Operation? Find(string method, string route) => All.GetValueOrDefault($"{method} {route}");

    private static Operation Created(string id, string tag, string summary, Type body, Type response) => new(id, tag, summary, body, response, 201, [], false);

    private static Operation Change(string id, string tag, string summary, Type body, Type response) => new(id, tag, summary, body, response, 200, [], false);

    private static Operation Read(string id, string tag, string summary, Type response) => new(id, tag, summary, null, response, 200, [], false);

    private static Operation List(string id, string tag, string summary, Type response, params string[] filters) => new(id, tag, summary, null, response, 200, [.. filters, .. Page], false);

    private static Operation Public(string id, string tag, string summary, string[] query) => new(id, tag, summary, null, null, 200, query, false);
}
