using Lava.Console.Pages.AuditLogs;
using Lava.Console.Pages.Catalogue;
using Lava.Console.Pages.Clocks;
using Lava.Console.Pages.Customers;
using Lava.Console.Pages.Developers;
using Lava.Console.Pages.Keys;
using Lava.Console.Pages.Overview;
using Lava.Console.Pages.Playground;
using Lava.Console.Pages.Pricing;
using Lava.Console.Pages.Requests;
using Lava.Console.Pages.Settings;
using Lava.Console.Pages.Wallet;
using Lava.Console.Pages.Webhooks;
using Lava.Console.Serving;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Exports;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Pages;

/// <summary>The merchant's pages. What changes something stands with its forms.</summary>
internal sealed class PageEndpoints(ConsoleRoutes pages, ConsoleApi api) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        pages.Page<OverviewPage>(routes, "", "Overview", "", hasChart: true);
        pages.Page<RequestsPage>(routes, "/requests", "Requests", "requests");
        Export(routes, "/requests.csv", ExportFormat.Csv);
        Export(routes, "/requests.jsonl", ExportFormat.JsonLines);
        pages.Page<RequestPage>(routes, "/requests/{id}", "Request", "requests");
        pages.Page<CustomersPage>(routes, "/customers", "Customers", "customers");
        pages.Page<CustomerPage>(routes, "/customers/{id}", "Customer", "customers");
        pages.Page<KeysPage>(routes, "/keys", "Keys", "keys");
        pages.Page<NewSpendKeyPage>(routes, "/keys/new", "New spend key", "keys");
        pages.Page<SpendKeyPage>(routes, "/keys/{id}", "Spend key", "keys");
        pages.Page<WalletPage>(routes, "/wallet", "Wallet", "wallet");
        pages.Page<CataloguePage>(routes, "/catalogue", "Catalogue", "catalogue");
        pages.Page<ProvidersPage>(routes, "/catalogue/providers", "Providers", "catalogue");
        pages.Page<PlaygroundPage>(routes, "/playground", "Playground", "playground", script: "playground.js");
        pages.Page<SettingsPage>(routes, "/settings", "Settings", "settings");
        pages.Page<DevelopersPage>(routes, "/developers", "Developers", "developers");
        pages.Page<ClocksPage>(routes, "/clocks", "Test clocks", "clocks");
        pages.Page<ClockPage>(routes, "/clocks/{id}", "Test clock", "clocks");
        pages.Page<PricingPage>(routes, "/pricing", "Pricing", "pricing");
        pages.Page<NewMeterPage>(routes, "/pricing/meters/new", "New meter", "pricing", hasChart: true);
        pages.Page<MeterPage>(routes, "/pricing/meters/{id}", "Meter", "pricing", hasChart: true);
        pages.Page<NewPlanPage>(routes, "/pricing/plans/new", "New plan", "pricing");
        pages.Page<PlanPage>(routes, "/pricing/plans/{id}", "Plan", "pricing");
        pages.Page<WebhooksPage>(routes, "/webhooks", "Webhooks", "webhooks");
        pages.Page<WebhookPage>(routes, "/webhooks/{id}", "Webhook", "webhooks");
        pages.Page<AuditLogPage>(routes, "/audit-log", "Audit log", "audit-log");
        pages.Page<MissingPage>(routes, "/{*rest}", "Not found", "");
    }

    private void Export(IEndpointRouteBuilder routes, string path, ExportFormat format) =>
        pages.File(routes, path, "Requests", "requests", visit => api.ExportAsync(visit, RequestsQuery.Of(visit), format, path[1..]));
}
