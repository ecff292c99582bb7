using Lava.Core.Catalogue;

namespace Lava.Core.Gateway;

/// <summary>One way to read the address of a rewritten call.</summary>
/// <param name="Url">The provider's endpoint.</param>
/// <param name="Client">The format that the client speaks.</param>
/// <param name="Kind">What the client asks for: a conversation, a count of its tokens, the list of models.</param>
/// <param name="Model">The model, where the client names it in the address; null otherwise.</param>
/// <param name="Streams">Whether the client asks for a stream, where it says so in the address; null otherwise.</param>
/// <param name="IsBare">Whether the client has appended nothing that would tell what it asks for.</param>
public sealed record RewriteReading(Uri Url, WireFormat Client, EndpointKind Kind, string? Model, bool? Streams, bool IsBare = false);
