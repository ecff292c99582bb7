using Lava.Service.Gateway.Intake;

namespace Lava.Service.Gateway.Routing;

/// <summary>Where a call that Lava routes or translates goes first.</summary>
/// <param name="Call">The call.</param>
/// <param name="Request">What its client asks for.</param>
/// <param name="Url">The endpoint's address.</param>
/// <param name="Model">The model to ask for; null for the client's own.</param>
internal sealed record ChatRoute(IncomingCall Call, ChatRequest Request, Uri Url, string? Model);
