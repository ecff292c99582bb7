using Lava.Service.Api.Endpoints;
using Lava.Service.Reporting.LedgerEntries;
using Lava.Service.Reporting.Reports;
using Lava.Service.Reporting.Requests;
using Lava.Service.Reporting.UsageReports;
using Lava.Service.Reporting.WhatIf;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Reporting;

/// <summary>Registers reports.</summary>
internal static class ReportingServices
{
    /// <summary>Registers the room's services and endpoints.</summary>
    public static void AddReporting(this IServiceCollection services)
    {
        services.AddSingleton<RequestStore>();
        services.AddSingleton<LedgerList>();
        services.AddSingleton<CustomerMoney>();
        services.AddSingleton<MeterSimulation>();
        services.AddSingleton<ReportedUsage>();
        services.AddSingleton<UsageReport>();
        services.AddSingleton<UsageCalls>();
        services.AddSingleton<GroupedUsage>();
        services.AddEndpoints<AdjustmentEndpoints>();
        services.AddEndpoints<CustomerMoneyEndpoints>();
        services.AddEndpoints<LedgerEndpoints>();
        services.AddEndpoints<RequestEndpoints>();
        services.AddEndpoints<SimulationEndpoints>();
        services.AddEndpoints<UsageEndpoints>();
    }
}
