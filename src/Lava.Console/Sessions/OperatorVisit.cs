namespace Lava.Console.Sessions;

/// <summary>The operator of the server, signed in.</summary>
/// <param name="IsLink">Whether by a link from the server's own machine, which signs its bearer in as the first merchant too.</param>
internal sealed record OperatorVisit(bool IsLink);
