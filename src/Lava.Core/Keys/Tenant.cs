namespace Lava.Core.Keys;

/// <summary>Whose data: a merchant in one mode. Everything a merchant owns is stored under its <see cref="Partition"/>, so that no key of one tenant can reach
/// another's rows.</summary>
/// <param name="MerchantId">The merchant (<c>mer_…</c>).</param>
/// <param name="Mode">Test or live.</param>
public readonly record struct Tenant(string MerchantId, Mode Mode)
{
    /// <summary>Partition key of the tenant's own rows.</summary>
    public string Partition => Mode == Mode.Test ? MerchantId + "|test" : MerchantId + "|live";
}
