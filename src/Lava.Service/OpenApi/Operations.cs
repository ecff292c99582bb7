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

/// <summary>What the API's document says of each endpoint, by method and route. An endpoint of a route that is not here is not part of the documented API
/// (pages, older names).</summary>
internal static class Operations
{
    private static readonly string[] Page = ["cursor", "limit"];

    private static readonly Dictionary<string, Operation> All = new(StringComparer.Ordinal)
    {
        ["GET /v1/forward"] = Public(
            "forward",
            "Gateway",
            "Forward a call to a provider, with metering and billing. Returns the provider's response; x-lava-request-id is the request's id.",
            ["u!", "metadata"]),
        ["POST /v1/chat/completions"] = Public("chatCompletions", "Gateway", "Create an OpenAI chat completion with any model of the catalogue.", []),
        ["POST /v1/responses"] = Public("responses", "Gateway", "Create an OpenAI response with any model of the catalogue.", []),
        ["POST /v1/messages"] = Public("messages", "Gateway", "Create an Anthropic message with any model of the catalogue.", []),
        ["POST /v1/messages/count_tokens"] = Public("countTokens", "Gateway", "Count a conversation's tokens, free of charge.", []),
        ["POST /v1/embeddings"] = Public("embeddings", "Gateway", "Create embeddings with any model that supports OpenAI's format.", []),
        ["GET /v1/models"] = new(
            "listModels",
            "Catalogue",
            "List models; with a spend key only the models that it may use.",
            null,
            typeof(ModelList),
            200,
            [],
            true),
        ["GET /v1/models/{model}"] = new("getModel", "Catalogue", "Show a model, by its name or provider/name.", null, typeof(ModelEntry), 200, [], true),
        ["GET /v1/services"] = new(
            "listServices",
            "Catalogue",
            "List models and services with their prices.",
            null,
            typeof(ServiceList),
            200,
            ["provider"],
            true),
        ["GET /v1/services/providers"] = new(
            "searchProviders",
            "Catalogue",
            "Search providers by keywords.",
            null,
            typeof(ProviderList),
            200,
            ["query", "category"],
            true),
        ["GET /v1/services/providers/{provider}"] = new("getProvider", "Catalogue", "Show a provider.", null, typeof(ProviderSummary), 200, [], true),

        ["POST /v1/customers"] = Created(
            "createCustomer",
            "Customers",
            "Create a customer, or return the existing one with this reference_id.",
            typeof(CreateCustomerBody),
            typeof(CustomerResponse)),
        ["GET /v1/customers"] = List("listCustomers", "Customers", "List customers.", typeof(ListResponse<CustomerResponse>), "reference_id"),
        ["GET /v1/customers/{id}"] = Read("getCustomer", "Customers", "Show a customer, by id or reference_id.", typeof(CustomerResponse)),
        ["PATCH /v1/customers/{id}"] = Change(
            "updateCustomer",
            "Customers",
            "Update a customer. Missing members stay unchanged, null clears a member.",
            typeof(UpdateCustomerBody),
            typeof(CustomerResponse)),
        ["DELETE /v1/customers/{id}"] = Read("deleteCustomer", "Customers", "Delete a customer; the subscription ends at once.", typeof(SuccessResponse)),
        ["GET /v1/customers/{id}/subscription"] = Read(
            "getCustomerSubscription",
            "Customers",
            "Show a customer's subscription and remaining credits. settled=true waits up to two seconds until ended calls are booked.",
            typeof(CustomerSubscriptionResponse)) with { Query = ["settled"] },
        ["POST /v1/customers/{id}/adjustments"] = Created(
            "adjustCredits",
            "Customers",
            "Add or remove credits by hand.",
            typeof(AdjustmentBody),
            typeof(LedgerEntryResponse)),

        ["POST /v1/customers/{id}/refunds"] = Created(
            "refundPayment",
            "Customers",
            "Refund a card payment, fully or partly. Works for deleted customers too.",
            typeof(RefundBody),
            typeof(LedgerEntryResponse)),

        ["POST /v1/meters"] = Created("createMeter", "Meters", "Create a meter.", typeof(CreateMeterBody), typeof(MeterResponse)),
        ["GET /v1/meters"] = List("listMeters", "Meters", "List meters.", typeof(ListResponse<MeterResponse>)),
        ["GET /v1/meters/{id}"] = Read("getMeter", "Meters", "Show a meter, by id or slug.", typeof(MeterResponse)),
        ["PATCH /v1/meters/{id}"] = Change(
            "updateMeter",
            "Meters",
            "Update a meter's name or tiers. They apply to later requests.",
            typeof(UpdateMeterBody),
            typeof(MeterResponse)),
        ["DELETE /v1/meters/{id}"] = Read("deleteMeter", "Meters", "Delete a meter, at least 15 seconds after its creation.", typeof(DeletedResponse)),
        ["POST /v1/meters/simulate"] = Change(
            "simulateMeter",
            "Meters",
            "Price a past period's usage with a proposed meter. Changes nothing.",
            typeof(SimulateBody),
            typeof(SimulationResponse)),

        ["POST /v1/plans"] = Created("createPlan", "Plans", "Create a plan with its credit bundles.", typeof(CreatePlanBody), typeof(PlanResponse)),
        ["GET /v1/plans"] = List("listPlans", "Plans", "List plans.", typeof(ListResponse<PlanResponse>)),
        ["GET /v1/plans/{id}"] = Read("getPlan", "Plans", "Show a plan.", typeof(PlanResponse)),
        ["PATCH /v1/plans/{id}"] = Change(
            "updatePlan",
            "Plans",
            "Update a plan. Bundles with an id are updated or removed, bundles without an id are added.",
            typeof(UpdatePlanBody),
            typeof(PlanResponse)),
        ["DELETE /v1/plans/{id}"] = Read(
            "deletePlan",
            "Plans",
            "Delete a plan. Its subscriptions end with their cycles. Scheduled downgrades to it run for one cycle.",
            typeof(DeletedResponse)),
        ["GET /v1/credit_bundles"] = List("listCreditBundles", "Plans", "List credit bundles.", typeof(ListResponse<CreditBundleResponse>), "plan_id"),
        ["GET /v1/credit_bundles/{id}"] = Read("getCreditBundle", "Plans", "Show a credit bundle.", typeof(CreditBundleResponse)),

        ["POST /v1/subscriptions"] = Created(
            "createSubscription",
            "Subscriptions",
            "Put a customer on a free plan.",
            typeof(CreateSubscriptionBody),
            typeof(CreatedSubscriptionResponse)),
        ["GET /v1/subscriptions"] = List(
            "listSubscriptions",
            "Subscriptions",
            "List subscriptions.",
            typeof(ListResponse<SubscriptionListItem>),
            "status",
            "customer_id"),
        ["PATCH /v1/subscriptions/{id}"] = Change(
            "updateSubscription",
            "Subscriptions",
            "Set the bundle that auto top-up buys when the credits are used up, and its limits.",
            typeof(UpdateSubscriptionBody),
            typeof(SuccessResponse)),
        ["POST /v1/subscriptions/{id}/pay"] = Change(
            "paySubscription",
            "Subscriptions",
            "Pay the overdue amount of a failed renewal at once.",
            typeof(PaySubscriptionBody),
            typeof(PaidSubscriptionResponse)),
        ["DELETE /v1/subscriptions/{id}"] = Read(
            "cancelSubscription",
            "Subscriptions",
            "Cancel a subscription at the end of its cycle.",
            typeof(SuccessResponse)),

        ["POST /v1/checkout_sessions"] = Created(
            "createCheckoutSession",
            "Checkout",
            "Create a checkout session for a plan or a credit bundle. The checkout SDK opens its token.",
            typeof(CreateCheckoutBody),
            typeof(CheckoutSessionResponse)),
        ["GET /v1/checkout_sessions/{id}"] = Read(
            "getCheckoutSession",
            "Checkout",
            "Show whether a checkout is complete, and for which customer.",
            typeof(CheckoutSessionResponse)),

        ["POST /v1/requests"] = Created(
            "createRequest",
            "Requests",
            "Report usage that did not pass through the gateway. Each request_id is charged once.",
            typeof(CreateRequestBody),
            typeof(RequestResponse)),
        ["POST /v1/requests/batch"] = Change(
            "createRequests",
            "Requests",
            "Report usage in a batch of up to 1,000 requests. Each has its own result.",
            typeof(RequestBatchBody),
            typeof(BatchResponse)),
        ["POST /v1/events"] = Created(
            "createEvent",
            "Requests",
            "Report usage as one CloudEvent 1.0 or a list. type is the meter, subject the customer, source and id together the request_id.",
            typeof(CloudEventBody),
            typeof(RequestResponse)),
        ["GET /v1/requests"] = List(
            "listRequests",
            "Requests",
            "List requests.",
            typeof(ListResponse<RequestResponse>),
            "customer_id",
            "meter_id",
            "spend_key_id",
            "request_id",
            "metadata_filters",
            "settled"),
        ["GET /v1/requests/{id}"] = Read(
            "getRequest",
            "Requests",
            "Show a request with its cost, charge and ledger entries. A request that has just ended is pending until it is booked.",
            typeof(RequestResponse)) with { Query = ["settled"] },
        ["GET /v1/usage"] = new(
            "getUsage",
            "Requests",
            "Sum usage by day, in the time zone of start.",
            null,
            typeof(UsageResponse),
            200,
            ["start!", "end", "customer_id", "meter_id", "metadata_filters", "settled"],
            false),
        ["GET /v1/ledger"] = List(
            "listLedger",
            "Ledger",
            "List the ledger entries of the wallet or of a customer.",
            typeof(ListResponse<LedgerEntryResponse>),
            "customer_id",
            "account",
            "reason",
            "cause"),
        ["GET /v1/ledger/{id}"] = Read("getLedgerEntry", "Ledger", "Show a ledger entry.", typeof(LedgerEntryResponse)),

        ["GET /v1/wallet"] = Read("getWallet", "Wallet", "Show the wallet's balance.", typeof(WalletResponse)) with { Query = ["settled"] },
        ["POST /v1/wallet/fund"] = Change("fundWallet", "Wallet", "Fund the wallet by card, 10 to 10,000 USD.", typeof(FundBody), typeof(FundResponse)),
        ["GET /v1/wallet/auto_reload"] = Read("getAutoReload", "Wallet", "Show the wallet's auto-reload rule.", typeof(AutoReloadResponse)),
        ["PUT /v1/wallet/auto_reload"] = Change(
            "setAutoReload",
            "Wallet",
            "Set auto-reload: charge a card when the wallet's balance falls below a threshold, up to a daily cap.",
            typeof(AutoReloadBody),
            typeof(AutoReloadResponse)),
        ["DELETE /v1/wallet/auto_reload"] = Read("deleteAutoReload", "Wallet", "Remove the auto-reload rule.", typeof(AutoReloadResponse)),
        ["GET /v1/payment_methods"] = Read("listPaymentMethods", "Wallet", "List the merchant's cards.", typeof(PaymentMethodsResponse)),
        ["POST /v1/payment_methods/setups"] = Created(
            "createCardSetup",
            "Wallet",
            "Start adding a card for the merchant or a customer on the payment processor's own page.",
            typeof(CardSetupBody),
            typeof(CardSetupResponse)),
        ["GET /v1/payment_methods/setups/{id}"] = Read(
            "getCardSetup",
            "Wallet",
            "Show the status of a card setup.",
            typeof(CardSetupResponse)) with { Query = ["customer_id"] },

        ["POST /v1/secret_keys"] = Created(
            "createSecretKey",
            "Keys",
            "Create a secret key; its value is shown once.",
            typeof(NameBody),
            typeof(SecretKeyResponse)),
        ["GET /v1/secret_keys"] = List("listSecretKeys", "Keys", "List active secret keys.", typeof(ListResponse<SecretKeyResponse>)),
        ["DELETE /v1/secret_keys/{id}"] = Read(
            "revokeSecretKey",
            "Keys",
            "Revoke a secret key, at least 15 seconds after its creation.",
            typeof(DeletedResponse)),
        ["POST /v1/auth/callback"] = new(
            "exchangeAuthCode",
            "Keys",
            "Exchange the code of a command-line login for a secret key. The code works once, within 60 seconds.",
            typeof(AuthCodeBody),
            typeof(LoginResponse),
            200,
            [],
            true),
        ["POST /v1/spend_keys"] = Created(
            "createSpendKey",
            "Keys",
            "Create a spend key; its value is shown once.",
            typeof(CreateSpendKeyBody),
            typeof(SpendKeyResponse)),
        ["GET /v1/spend_keys"] = List("listSpendKeys", "Keys", "List spend keys.", typeof(ListResponse<SpendKeyResponse>)),
        ["GET /v1/spend_keys/{id}"] = Read("getSpendKey", "Keys", "Show a spend key and its usage.", typeof(SpendKeyResponse)),
        ["PUT /v1/spend_keys/{id}"] = Change(
            "updateSpendKey",
            "Keys",
            "Update a spend key. Missing members stay unchanged, null removes a limit.",
            typeof(UpdateSpendKeyBody),
            typeof(SpendKeyResponse)),
        ["DELETE /v1/spend_keys/{id}"] = Read("revokeSpendKey", "Keys", "Revoke a spend key at once.", typeof(SuccessResponse)),
        ["POST /v1/spend_keys/{id}/rotate"] = Read(
            "rotateSpendKey",
            "Keys",
            "Rotate a spend key. The old value stops working at once.",
            typeof(SpendKeyResponse)),

        ["POST /v1/webhooks"] = Created(
            "createWebhook",
            "Webhooks",
            "Create a webhook (at most three). Its secret is shown once.",
            typeof(WebhookBody),
            typeof(WebhookResponse)),
        ["GET /v1/webhooks"] = List("listWebhooks", "Webhooks", "List webhooks.", typeof(ListResponse<WebhookResponse>)),
        ["GET /v1/webhooks/{id}"] = Read("getWebhook", "Webhooks", "Show a webhook.", typeof(WebhookResponse)),
        ["PATCH /v1/webhooks/{id}"] = Change(
            "updateWebhook",
            "Webhooks",
            "Update a webhook's name or address.",
            typeof(UpdateWebhookBody),
            typeof(WebhookResponse)),
        ["DELETE /v1/webhooks/{id}"] = Read("deleteWebhook", "Webhooks", "Delete a webhook permanently.", typeof(DeletedResponse)),
        ["POST /v1/webhooks/{id}/rotate"] = Change(
            "rotateWebhookSecret",
            "Webhooks",
            "Rotate a webhook's secret. The new one is shown once. The old one stays valid for a day, or for overlap_seconds.",
            typeof(RotateWebhookBody),
            typeof(WebhookResponse)),
        ["GET /v1/webhooks/{id}/deliveries"] = List(
            "listDeliveries",
            "Webhooks",
            "List a webhook's deliveries of the last thirty days.",
            typeof(ListResponse<DeliveryResponse>)),
        ["POST /v1/webhooks/{id}/deliveries/{delivery}/redeliver"] = Read("redeliver", "Webhooks", "Deliver an event again.", typeof(DeliveryResponse)),
        ["GET /v1/alerts/email"] = Read("getAlertMail", "Alerts", "Show the e-mail alert settings.", typeof(AlertMailResponse)),
        ["PUT /v1/alerts/email"] = Change(
            "setAlertMail",
            "Alerts",
            "Send alerts by e-mail to up to ten addresses.",
            typeof(AlertMailBody),
            typeof(AlertMailResponse)),
        ["DELETE /v1/alerts/email"] = Read("deleteAlertMail", "Alerts", "Remove the e-mail alert settings.", typeof(AlertMailResponse)),
        ["GET /v1/alerts/email/deliveries"] = List(
            "listAlertMails",
            "Alerts",
            "List the mails of the last thirty days with their status.",
            typeof(ListResponse<DeliveryResponse>)),

        ["GET /v1/provider_keys"] = List(
            "listProviderKeys",
            "Account",
            "List the providers for which keys are stored.",
            typeof(ListResponse<ProviderKeyResponse>)),
        ["GET /v1/provider_keys/{id}"] = Read(
            "getProviderKeys",
            "Account",
            "Show that keys are stored for a provider; the keys are never shown.",
            typeof(ProviderKeyResponse)),
        ["PUT /v1/provider_keys/{id}"] = Change(
            "setProviderKeys",
            "Account",
            "Store one to ten of your own keys for a provider. They replace earlier ones. Calls use them before the operator's.",
            typeof(ProviderKeysBody),
            typeof(ProviderKeyResponse)),
        ["DELETE /v1/provider_keys/{id}"] = Read("deleteProviderKeys", "Account", "Delete the stored keys for a provider at once.", typeof(DeletedResponse)),

        ["GET /v1/account/fallback"] = Read("getFallback", "Account", "Show the fallbacks for calls that name none.", typeof(FallbackChain)),
        ["PATCH /v1/account/fallback"] = Change(
            "setFallback",
            "Account",
            "Set the fallbacks, at most five. null clears them.",
            typeof(FallbacksBody),
            typeof(FallbackChain)),

        ["POST /v1/admin/merchants"] = Created(
            "createMerchant",
            "Admin",
            "Create a merchant. Needs the operator's admin secret. The merchant's keys are shown once.",
            typeof(NameBody),
            typeof(NewMerchantResponse)),
        ["GET /v1/admin/merchants"] = List("listMerchants", "Admin", "List merchants.", typeof(ListResponse<MerchantResponse>)),
        ["GET /v1/admin/log"] = List("listAdminLog", "Admin", "List the operator's actions.", typeof(ListResponse<AdminAction>)),
        ["GET /v1/admin/dead_letters"] = Read(
            "listDeadLetters",
            "Admin",
            "List dead letters, oldest first.",
            typeof(ListResponse<DeadLetterResponse>)) with { Query = ["queue", "limit"] },
        ["POST /v1/admin/dead_letters/{queue}/{id}/retry"] = Read("retryDeadLetter", "Admin", "Retry a dead letter.", typeof(SuccessResponse)),
        ["DELETE /v1/admin/dead_letters/{queue}/{id}"] = Read("dropDeadLetter", "Admin", "Drop a dead letter permanently.", typeof(DeletedResponse)),

        ["GET /v1/admin/disputes"] = List(
            "listDisputes",
            "Admin",
            "List calls whose provider reported more usage than is possible. status is open or decided.",
            typeof(ListResponse<DisputeResponse>),
            "status"),
        ["POST /v1/admin/disputes/{id}"] = Change(
            "decideDispute",
            "Admin",
            "Decide a dispute by its request id: charge the rest to the wallet, or dismiss it.",
            typeof(DisputeBody),
            typeof(DisputeResponse)),

        ["POST /v1/test_clocks"] = Created(
            "createTestClock",
            "Testing",
            "Create a test clock. Customers that are created with it use its time.",
            typeof(TestClockBody),
            typeof(TestClockResponse)),
        ["GET /v1/test_clocks"] = List("listTestClocks", "Testing", "List test clocks.", typeof(ListResponse<TestClockResponse>)),
        ["GET /v1/test_clocks/{id}"] = Read("getTestClock", "Testing", "Show a test clock.", typeof(TestClockResponse)),
        ["POST /v1/test_clocks/{id}/advance"] = Change(
            "advanceTestClock",
            "Testing",
            "Advance a test clock. Everything that becomes due on the way is done.",
            typeof(AdvanceBody),
            typeof(TestClockResponse)),
        ["POST /v1/test_helpers/payment_methods"] = Created(
            "addTestCard",
            "Testing",
            "Add a test card for the merchant or a customer.",
            typeof(TestCardBody),
            typeof(PaymentMethodResponse)),
        ["POST /v1/test_helpers/disputes"] = Change(
            "disputeTestPayment",
            "Testing",
            "Simulate a dispute of a test payment (open) and its result (won, lost).",
            typeof(TestDisputeBody),
            typeof(SuccessResponse)),
        ["POST /v1/test_helpers/subscriptions"] = Created(
            "completeTestSubscription",
            "Testing",
            "Complete a checkout of a plan without a page.",
            typeof(CreateSubscriptionBody),
            typeof(CreatedSubscriptionResponse)),
        ["POST /v1/test_helpers/credit_bundles"] = Created(
            "completeTestBundle",
            "Testing",
            "Complete a checkout of a credit bundle without a page.",
            typeof(TestBundleBody),
            typeof(CreatedSubscriptionResponse)),
    };

    /// <summary>What is documented, by method and route.</summary>
    public static IReadOnlyDictionary<string, Operation> Documented => All;

    /// <summary>The operation of a route; null where none is documented. A route that takes several methods is documented as the one for its first.</summary>
    public static Operation? Find(string method, string route) => All.GetValueOrDefault($"{method} {route}");

    private static Operation Created(string id, string tag, string summary, Type body, Type response) => new(id, tag, summary, body, response, 201, [], false);

    private static Operation Change(string id, string tag, string summary, Type body, Type response) => new(id, tag, summary, body, response, 200, [], false);

    private static Operation Read(string id, string tag, string summary, Type response) => new(id, tag, summary, null, response, 200, [], false);

    private static Operation List(string id, string tag, string summary, Type response, params string[] filters) =>
        new(id, tag, summary, null, response, 200, [.. filters, .. Page], false);

    private static Operation Public(string id, string tag, string summary, string[] query) => new(id, tag, summary, null, null, 200, query, false);
}
