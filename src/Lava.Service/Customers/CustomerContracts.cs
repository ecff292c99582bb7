using System.Text.Json;
using Lava.Service.Customers.Parties;

namespace Lava.Service.Customers;

// Shapes of request bodies in the API's document. Bodies are read member by member, so that one response lists all that is wrong with one.
#pragma warning disable CA1812 // Made by nobody: the document is made from their types.

internal sealed record CreateCustomerBody(
    string? ReferenceId = null,
    string? Name = null,
    string? Email = null,
    string? Phone = null,
    BillingParty? Billing = null,
    JsonElement? Metadata = null,
    string? TestClockId = null);

internal sealed record UpdateCustomerBody(
    string? ReferenceId = null,
    string? Name = null,
    string? Email = null,
    string? Phone = null,
    BillingParty? Billing = null,
    JsonElement? Metadata = null);
