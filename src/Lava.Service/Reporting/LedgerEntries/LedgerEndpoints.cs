using Lava.Core.Ledger;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Lists;
using Lava.Service.Customers;
using Lava.Service.Ledger.Books;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Reporting.LedgerEntries;

/// <summary><c>/v1/ledger</c>, our own addition: every movement of a wallet's or a customer's money, so that any balance can be explained.</summary>
internal sealed class LedgerEndpoints(ManagementApi api, LedgerList list, CustomerStore customers) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "GET", "/ledger", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            EntryReason? reason = null;
            if (request.Query.TryGetValue("reason", out var word))
            {
                foreach (var known in Enum.GetValues<EntryReason>())
                {
                    if (LedgerList.Word(known) == word) reason = known;
                }

                if (reason is null)
                {
                    return ApiError.Validation(Issue.At(
                        "reason",
                        $"reason must be one of: {string.Join(", ", Enum.GetValues<EntryReason>().Select(LedgerList.Word))}."));
                }
            }

            string? customerId = null;
            if (request.Query.TryGetValue("customer_id", out var named))
            {
                customerId = (await customers.FindAsync(request.Tenant, named.ToString(), request.Cancelled))?.Customer.Id
                    ?? (await customers.FindEverAsync(request.Tenant, named.ToString(), request.Cancelled))?.Id;
                if (customerId is null) return ApiError.NotFound("customer");
            }

            long? before = null;
            if (page.Cursor is not null)
            {
                if (!EntryId.TryRead(page.Cursor, out var owner, out var sequence) || owner != customerId) return ListQuery.UnknownCursor();
                before = sequence;
            }

            var filter = new LedgerFilter(
                request.Query.TryGetValue("account", out var account) ? account.ToString() : null,
                reason,
                request.Query.TryGetValue("cause", out var cause) ? cause.ToString() : null);
            return ApiResult.Ok(
                await list.ListAsync(request.Tenant, customerId, filter, page.Limit, before, request.Cancelled),
                LedgerWire.Default.ListResponseLedgerEntryResponse);
        }).Describe(Operation.List(
            "listLedger",
            "Ledger",
            "List the ledger entries of the wallet or of a customer.",
            typeof(ListResponse<LedgerEntryResponse>),
            "customer_id",
            "account",
            "reason",
            "cause"));

        api.Map(routes, "GET", "/ledger/{id}", async request =>
            EntryId.TryRead(request.Id, out var customerId, out var sequence)
                && await list.FindAsync(request.Tenant, customerId, sequence, request.Cancelled) is { } entry
                ? ApiResult.Ok(entry, LedgerWire.Default.LedgerEntryResponse)
                : ApiError.NotFound("ledger entry"))
            .Describe(Operation.Read("getLedgerEntry", "Ledger", "Show a ledger entry.", typeof(LedgerEntryResponse)));
    }
}
