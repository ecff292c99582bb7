using System.Diagnostics;
using Lava.Core.Ids;
using Lava.Core.Keys;

namespace Lava.Service.Gateway.Intake;

/// <summary>The moment at which a call came in.</summary>
/// <param name="Ulid">The call's ULID.</param>
/// <param name="At">The time.</param>
/// <param name="Timestamp">The same as a timestamp of <see cref="Stopwatch"/>.</param>
internal readonly record struct CallStart(string Ulid, DateTimeOffset At, long Timestamp)
{
    /// <summary>The call's ULID once it is known whose it is: one by which it is known again as given out by this server (<see cref="CallId"/>).</summary>
    public string UlidOf(Tenant tenant) => CallId.Of(Ulid, tenant.Partition);

    /// <summary>A call that comes in now, with a new ULID.</summary>
    public static CallStart Now(TimeProvider time)
    {
        var timestamp = Stopwatch.GetTimestamp();
        var now = time.GetUtcNow();
        return new CallStart(Core.Ids.Ulid.Create(now), now, timestamp);
    }
}
