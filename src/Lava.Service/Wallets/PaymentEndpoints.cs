using System.Text.Json;
using Lava.Core.Keys;
using Lava.Core.Money;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Billing;
using Lava.Service.Billing.Wallets;
using Lava.Service.Customers;
using Lava.Service.Ledger;
using Lava.Service.Payments;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Wallets;

/// <summary><c>/v1/wallet/fund</c>, <c>/v1/payment_methods</c> (rest-api.md §16), and our own addition for test mode,
/// <c>/v1/test_helpers/payment_methods</c>.</summary>
internal sealed class PaymentEndpoints(
    ManagementApi api,
    IPaymentProcessor processor,
    ProcessorByMode modes,
    SimulatedProcessor simulator,
    PaymentEvents events,
    WalletFunding funding,
    Funds funds,
    CustomerStore customers,
    CardTriggers cards) : IEndpoints
{
    private static readonly string[] DisputeWords = ["open", "won", "lost"];

    private const decimal LeastFunding = 10;
    private const decimal MostFunding = 10_000;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", "/wallet/fund", async request =>
        {
            if (!modes.Serves(request.Tenant.Mode)) return ApiError.PaymentsNotConfigured();
            var fields = request.Fields();
            var method = fields.Text("payment_method_id", isRequired: true);
            var amount = fields.Money("amount", MostFunding, isRequired: true);
            if (amount < LeastFunding) fields.Fail($"amount must be from {LeastFunding} to {MostFunding}.", "amount");
            else if (amount is { } exact && exact != decimal.Round(exact, 2)) fields.Fail("amount must be in whole cents.", "amount");
            if (fields.Error is { } invalid) return invalid;
            var key = request.Http.Request.Headers.TryGetValue("Idempotency-Key", out var header) ? header.ToString() : null;
            var (payment, error) = await funding.FundAsync(request.Tenant, method!, amount!.Value, key, request.Cancelled);
            if (error is not null) return error;
            if (payment!.Status == PaymentStatus.RequiresAction)
            {
                return ApiResult.Ok(
                    new FundResponse("requires_action", payment.Id, null, new Uri(ServerAddress.Of(request.Http.Request), payment.ActionUrl!)),
                    WalletsWire.Default.FundResponse);
            }
            var balance = await funds.WalletBalanceAsync(request.Tenant, request.Cancelled);
            return ApiResult.Ok(new FundResponse("completed", payment.Id, Amount.Trimmed(balance), null), WalletsWire.Default.FundResponse);
        }).Describe(Operation.Change("fundWallet", "Wallet", "Fund the wallet by card, 10 to 10,000 USD.", typeof(FundBody), typeof(FundResponse)));

        api.Map(routes, "GET", "/payment_methods", async request =>
        {
            var methods = await processor.ListMethodsAsync(PaymentOwners.Merchant(request.Tenant), request.Cancelled);
            return ApiResult.Ok(new PaymentMethodsResponse([.. methods.Select(Show)]), PaymentsWire.Default.PaymentMethodsResponse);
        }).Describe(Operation.Read("listPaymentMethods", "Wallet", "List the merchant's cards.", typeof(PaymentMethodsResponse)));

        api.Map(routes, "POST", "/test_helpers/disputes", async request =>
        {
            if (request.Tenant.Mode != Mode.Test) return ApiError.TestModeOnly();
            var fields = request.Fields();
            var paymentId = fields.Text("payment_id", isRequired: true);
            var status = fields.Word("status", DisputeWords, isRequired: true);
            var reason = fields.Text("reason") ?? "fraudulent";
            if (fields.Error is { } invalid) return invalid;
            var known = await simulator.FindStoredAsync(paymentId!, request.Cancelled);
            if (known is null || PaymentOwners.Read(known.Owner).Tenant != request.Tenant) return ApiError.NotFound("payment");
            var wanted = status switch { "open" => DisputeStatus.Open, "won" => DisputeStatus.Won, _ => DisputeStatus.Lost };
            if (await simulator.DisputeAsync(paymentId!, wanted, reason, request.Cancelled) is not { } disputed)
                return ApiError.Validation(Issue.At(
                    "status",
                    "Only a successful payment without a dispute can be disputed, and only an open dispute can be won or lost."));

            // As a processor reports it.
            await events.ReportAsync($"dispute|{paymentId}|{status}", paymentId!, disputed.Key, disputed.Owner, CancellationToken.None);
            return ApiResult.Success();
        }).Describe(Operation.Change(
            "disputeTestPayment",
            "Testing",
            "Simulate a dispute of a test payment (open) and its result (won, lost).",
            typeof(TestDisputeBody),
            typeof(SuccessResponse)));

        api.Map(routes, "POST", "/test_helpers/payment_methods", async request =>
        {
            if (request.Tenant.Mode != Mode.Test) return ApiError.TestModeOnly();
            var fields = request.Fields();
            var token = fields.Text("token", isRequired: true);
            var customerId = fields.Text("customer_id");
            var standard = fields.Raw("default").ValueKind;
            if (standard is not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined))
                fields.Fail("default must be true or false.", "default");
            if (token is not null && !TestCard.All.ContainsKey(token)) fields.Fail("There is no such test card; try pm_card_visa.", "token");
            if (fields.Error is { } invalid) return invalid;
            var owner = PaymentOwners.Merchant(request.Tenant);
            if (customerId is not null)
            {
                if (await customers.FindAsync(request.Tenant, customerId, request.Cancelled) is not { } found) return ApiError.NotFound("customer");
                owner = PaymentOwners.Customer(request.Tenant, found.Customer.Id);
            }

            var result = await processor.AddMethodAsync(owner, token!, request.Cancelled);
            if (!result.IsAdded) return ApiError.CardRefused(result);
            var added = result.Method;
            if (standard == JsonValueKind.True && await processor.SetDefaultMethodAsync(owner, added.Id, request.Cancelled))
                added = added with { IsDefault = true };
            await cards.GivenAsync(owner, added.Id, CancellationToken.None);
            return ApiResult.Created(Show(added), PaymentsWire.Default.PaymentMethodResponse);
        }).Describe(Operation.Created(
            "addTestCard",
            "Testing",
            "Add a test card for the merchant or a customer.",
            typeof(TestCardBody),
            typeof(PaymentMethodResponse)));
    }

    internal static PaymentMethodResponse Show(PaymentMethod method) => new(
        method.Id,
        method.Last4,
        method.ExpiryMonth,
        method.ExpiryYear,
        method.Brand,
        method.IsDefault,
        method.ErrorCode is not null,
        method.ErrorCode,
        method.ErrorMessage,
        method.ErrorAt);
}
