using Lava.Core.Catalogue;

namespace Lava.Service.Gateway.Routing;

/// <summary>What a client asks for, in its own format.</summary>
/// <param name="Client">The format that it speaks.</param>
/// <param name="PathModel">The model, where its address names it; null otherwise.</param>
/// <param name="PathStreams">Whether it wants a stream, where its address says so; null otherwise.</param>
/// <param name="AsEvents">Whether a Gemini client wants its stream as events.</param>
internal sealed record ChatRequest(WireFormat Client, string? PathModel = null, bool? PathStreams = null, bool AsEvents = false);
