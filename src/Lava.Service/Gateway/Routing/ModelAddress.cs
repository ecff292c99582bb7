namespace Lava.Service.Gateway.Routing;

/// <summary>What the address of a call by model says, where its format has that in the path.</summary>
/// <param name="Model">The model.</param>
/// <param name="Streams">Whether the client wants a stream.</param>
/// <param name="AsEvents">Whether it wants a stream as events.</param>
/// <param name="Credential">The value of the <c>key</c> parameter; null without one.</param>
internal sealed record ModelAddress(string Model, bool Streams, bool AsEvents, string? Credential);
