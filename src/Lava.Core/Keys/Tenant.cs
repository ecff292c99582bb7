namespace Lava.Core.Keys;

/// <summary>Whose data: a merchant in one mode. Everything a merchant owns is stored under its <see cref="Partition"/>, so that no key of one tenant can reach
/// another's rows.</summary>
/// <param name="MerchantId">The merchant (<c>mer_…</c>).</param>
/// <param name="Mode">Test or live.</param>
public readonly record struct Tenant(string MerchantId, Mode Mode)
{
    /// <summary>Partition key of the tenant's own rows.</summary>
    public string Partition => Mode == Mode.Test ? MerchantId + "|test" : MerchantId + "|live";

    /// <summary>The tenant to whom a partition belongs.</summary>
    /// <param name="partition">Begins with the tenant's own <see cref="Partition"/>.</param>
    /// <exception cref="FormatException">It does not.</exception>
    public static Tenant OfPartition(string partition) => partition.Split('|') switch
    {
        [var merchant, "test", ..] => new Tenant(merchant, Mode.Test),
        [var merchant, "live", ..] => new Tenant(merchant, Mode.Live),
        _ => throw new FormatException("The partition names no tenant."),
    };
}
