using System.Text.Json;
using Lava.Core.Money;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Customers;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Reporting.LedgerEntries;

/// <summary>Our own additions: <c>/v1/customers/{id}/adjustments</c> and <c>/v1/customers/{id}/refunds</c>, corrections by hand. Each answers with its ledger
/// entry.</summary>
internal sealed class AdjustmentEndpoints(
    ManagementApi api,
    CustomerStore customers,
    CustomerBilling billing,
    SubscriptionService service,
    LedgerList ledger) : IEndpoints
{
    private const decimal Most = 1_000_000;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", "/customers/{id}/adjustments", async request =>
        {
            var fields = request.Fields();
            var amount = ReadSigned(fields);
            var description = fields.Text("description", isRequired: true);
            if (fields.Error is { } invalid) return invalid;
            if (await customers.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } customer) return ApiError.NotFound("customer");
            var owner = await billing.OpenAsync(request.Tenant, customer.Customer, request.Cancelled);
            if (await service.AdjustAsync(owner, amount, description!, request.Cancelled) is not { } entry) return ApiError.NotFound("customer");
            return ApiResult.Created(
                (await ledger.FindAsync(request.Tenant, owner.CustomerId, entry, request.Cancelled))!,
                LedgerWire.Default.LedgerEntryResponse);
        }).Describe(Operation.Created("adjustCredits", "Customers", "Add or remove credits by hand.", typeof(AdjustmentBody), typeof(LedgerEntryResponse)));

        api.Map(routes, "POST", "/customers/{id}/refunds", async request =>
        {
            var fields = request.Fields();
            var paymentId = fields.Text("payment_id", isRequired: true);
            var amount = fields.Money("amount", Most);
            if (amount == 0 || (amount is not null && amount != decimal.Round(amount.Value, 2)))
                fields.Fail("amount must be more than 0, in whole cents.", "amount");
            if (fields.Error is { } invalid) return invalid;

            // A deleted customer, by its id, gets money back too.
            var customer = (await customers.FindAsync(request.Tenant, request.Id, request.Cancelled))?.Customer
                ?? await customers.FindEverAsync(request.Tenant, request.Id, request.Cancelled);
            if (customer is null) return ApiError.NotFound("customer");
            var owner = CustomerBilling.OwnerOf(request.Tenant, customer);
            var (entry, error) = await service.RefundAsync(owner, paymentId!, amount, request.Cancelled);
            if (error is not null) return error;
            return ApiResult.Created(
                (await ledger.FindAsync(request.Tenant, owner.CustomerId, entry!.Value, request.Cancelled))!,
                LedgerWire.Default.LedgerEntryResponse);
        }).Describe(Operation.Created(
            "refundPayment",
            "Customers",
            "Refund a card payment, fully or partly. Works for deleted customers too.",
            typeof(RefundBody),
            typeof(LedgerEntryResponse)));
    }

    private static decimal ReadSigned(RequestFields fields)
    {
        var value = fields.Raw("amount");
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        var isTaken = text.StartsWith('-');
        if (Amount.TryParse(isTaken ? text[1..] : text, out var amount) && amount is > 0 and <= Most) return isTaken ? -amount : amount;
        fields.Fail("amount must be a decimal string other than 0, such as \"5.00\" or \"-5.00\".", "amount");
        return 0;
    }
}
