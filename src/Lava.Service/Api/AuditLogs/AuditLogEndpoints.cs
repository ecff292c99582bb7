using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Lists;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Api.AuditLogs;

/// <summary><c>/v1/audit_log</c>, our own addition.</summary>
internal sealed class AuditLogEndpoints(ManagementApi api, AuditLog log) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) =>
        api.Map(routes, "GET", "/audit_log", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            if (AuditConditions.TryRead(request.Query, out var conditions) is { } unclear) return unclear;
            return await log.ListAsync(request.Tenant, conditions, page, request.Cancelled) is { } found
                ? ApiResult.Ok(found, AuditLogJson.Default.ListResponseAuditEntryResponse)
                : ListQuery.UnknownCursor();
        }).Describe(Operation.List(
            "listAuditLog",
            "Account",
            "List changes and who made them, newest first. action is a whole name (spend_key.created) or a kind of object (spend_key). A page may be short, "
                + "or empty, while has_more is true: then few of the entries match.",
            typeof(ListResponse<AuditEntryResponse>),
            AuditConditions.Parameters));
}
