namespace Lava.Service.Wallets;

// Shapes of request bodies in the API's document. Bodies are read member by member, so that one response lists all that is wrong with one.
#pragma warning disable CA1812 // Made by nobody: the document is made from their types.

internal sealed record CardSetupBody(string ReturnUrl, string? CustomerId = null);

internal sealed record DefaultCardBody(string PaymentMethodId);
