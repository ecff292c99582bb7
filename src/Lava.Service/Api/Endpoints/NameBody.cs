namespace Lava.Service.Api.Endpoints;

// The body is read member by member; this is its shape in the API's document.
#pragma warning disable CA1812 // Made by nobody: the document is made from their types.

internal sealed record NameBody(string Name);
