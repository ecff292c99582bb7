using System.Text.Json.Serialization;

namespace Lava.Service.Hosting.SystemState;

/// <summary>A queue as it is now. Counts end at 1,000.</summary>
/// <param name="Queue">Its name.</param>
/// <param name="Waiting">Messages that wait.</param>
/// <param name="OldestSeconds">For how long the oldest that is due has waited; absent where none does.</param>
/// <param name="DeadLetters">Messages that were given up.</param>
internal sealed record QueueState(
    string Queue,
    int Waiting,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? OldestSeconds,
    int DeadLetters);
