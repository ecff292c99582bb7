using System.Text.Json.Serialization;

namespace Lava.Service.Api.AuditLogs;

/// <summary>Who made a change.</summary>
/// <param name="Type"><c>secret_key</c>, <c>member</c>, <c>link</c> or <c>operator</c>.</param>
/// <param name="Id">The key or the member; absent for a link and the operator.</param>
internal sealed record AuditActorResponse(string Type, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Id);
