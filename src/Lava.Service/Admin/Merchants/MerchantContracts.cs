namespace Lava.Service.Admin.Merchants;

// Shapes of request bodies in the API's document. Bodies are read member by member, so that one response lists all that is wrong with one.
#pragma warning disable CA1812 // Made by nobody: the document is made from their types.

internal sealed record SuspendBody(string Reason);

internal sealed record RotateBody(string Mode);

internal sealed record CorrectionBody(string Mode, string Amount, string Description);
