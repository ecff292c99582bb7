using System.Text.Json.Serialization;
using Lava.Service.Auditing;

namespace Lava.Service.Hosting.SystemState;

/// <summary>How the system is.</summary>
/// <param name="Version">Version of the server.</param>
/// <param name="Store"><c>ready</c>, <c>unavailable</c> or <c>failed</c>: whether the store takes writes.</param>
/// <param name="Queues">The queues.</param>
/// <param name="Jobs">The last run of each job.</param>
/// <param name="LastAudit">What the last audit found; absent where none has run.</param>
/// <param name="StoreSizes">Sizes of the store by day, oldest first; empty where the store does not tell.</param>
/// <param name="Providers">Providers for which the operator has keys, or which are left alone.</param>
internal sealed record SystemResponse(
    string Version,
    string Store,
    IReadOnlyList<QueueState> Queues,
    IReadOnlyList<JobRun> Jobs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AuditResult? LastAudit,
    IReadOnlyList<StoreSize> StoreSizes,
    IReadOnlyList<ProviderHealth> Providers);
