namespace Lava.Service.Storage.Expiry;

/// <summary>A row that is worth nothing from some time on.</summary>
/// <param name="Kind">Who has written it, and so who knows whether it is over: <see cref="IExpiring.Kind"/>.</param>
/// <param name="Table">Its table.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Row">Its row key.</param>
public sealed record ExpiringRow(string Kind, string Table, string Partition, string Row);
