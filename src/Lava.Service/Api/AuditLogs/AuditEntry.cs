namespace Lava.Service.Api.AuditLogs;

/// <summary>A change as the store keeps it. It has the names of what was changed and no value, so it holds no secret.</summary>
/// <param name="Id"><c>aud_…</c>.</param>
/// <param name="Action">What was done: <c>spend_key.created</c>.</param>
/// <param name="ObjectId">To what; null where there is only one of its kind.</param>
/// <param name="Changed">Names of the members that the request had.</param>
/// <param name="ActorType">As what it was done: <c>secret_key</c>, <c>member</c>, <c>link</c>, <c>customer</c> or <c>operator</c>.</param>
/// <param name="ActorId">By which key, member or customer; null for the others.</param>
/// <param name="IsConsole">Whether it was done with the console.</param>
/// <param name="Address">From which network address, as the server saw it; null where it is unknown.</param>
/// <param name="RequestId">The request's id in the server's log.</param>
/// <param name="At">When.</param>
/// <param name="Until">When it is removed; null for never.</param>
internal sealed record AuditEntry(
    string Id,
    string Action,
    string? ObjectId,
    IReadOnlyList<string> Changed,
    string ActorType,
    string? ActorId,
    bool IsConsole,
    string? Address,
    string RequestId,
    DateTimeOffset At,
    DateTimeOffset? Until);
