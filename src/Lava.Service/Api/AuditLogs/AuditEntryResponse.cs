using System.Text.Json.Serialization;

namespace Lava.Service.Api.AuditLogs;

/// <summary>A change on the wire.</summary>
/// <param name="AuditEntryId"><c>aud_…</c>.</param>
/// <param name="Action">What was done: <c>spend_key.created</c>.</param>
/// <param name="ObjectId">To what; absent where there is only one of its kind.</param>
/// <param name="Changed">Names of the members that the request had; their values are not kept.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Via"><c>api</c>, <c>console</c> or <c>portal</c>.</param>
/// <param name="Address">From which network address, as the server saw it; absent where it is unknown.</param>
/// <param name="RequestId">The request's id in the server's log.</param>
/// <param name="CreatedAt">When.</param>
internal sealed record AuditEntryResponse(
    string AuditEntryId,
    string Action,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ObjectId,
    IReadOnlyList<string> Changed,
    AuditActorResponse Actor,
    string Via,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Address,
    string RequestId,
    DateTimeOffset CreatedAt)
{
    /// <summary>Shows an entry.</summary>
    public static AuditEntryResponse Of(AuditEntry entry) => new(
        entry.Id,
        entry.Action,
        entry.ObjectId,
        entry.Changed,
        new AuditActorResponse(entry.ActorType, entry.ActorId),
        entry.IsConsole ? "console" : entry.ActorType == "customer" ? "portal" : "api",
        entry.Address,
        entry.RequestId,
        entry.At);
}
