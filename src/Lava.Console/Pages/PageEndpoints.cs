using Lava.Console.Pages.Overview;
using Lava.Console.Pages.Requests;
using Lava.Console.Serving;
using Lava.Service.Api.Endpoints;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Pages;

/// <summary>The merchant's pages. What changes something stands with its forms.</summary>
internal sealed class PageEndpoints(ConsoleRoutes pages) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        pages.Page<OverviewPage>(routes, "", "Overview", "", hasChart: true);
        pages.Page<RequestsPage>(routes, "/requests", "Requests", "requests");
        pages.Page<RequestPage>(routes, "/requests/{id}", "Request", "requests");
        pages.Page<MissingPage>(routes, "/{*rest}", "Not found", "");
    }
}
