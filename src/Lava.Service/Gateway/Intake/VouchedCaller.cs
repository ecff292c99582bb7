namespace Lava.Service.Gateway.Intake;

/// <summary>A feature of a request whose caller is known without a credential: a page of our own has found out whose visit it is. Only this process can set
/// it.</summary>
/// <param name="Caller">Who calls.</param>
internal sealed record VouchedCaller(GatewayCaller Caller);
