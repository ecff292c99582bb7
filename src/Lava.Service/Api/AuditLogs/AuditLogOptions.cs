using System.ComponentModel.DataAnnotations;

namespace Lava.Service.Api.AuditLogs;

/// <summary>How long the audit log is kept, <c>Lava:Retention</c> in the configuration.</summary>
public sealed class AuditLogOptions
{
    /// <summary>Days for which an entry is kept. 0 keeps what is written from then on for good.</summary>
    [Range(0, 36_500)]
    public int AuditLogDays { get; set; } = 400;
}
