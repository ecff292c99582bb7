using Lava.Core.Ids;

namespace Lava.Service.Ledger;

/// <summary>This process, as leases name it.</summary>
public sealed class Instance(TimeProvider time)
{
    /// <summary>Unique for each start.</summary>
    public string Id { get; } = Ulid.Create(time.GetUtcNow());
}
