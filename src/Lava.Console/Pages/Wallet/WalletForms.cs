using System.Text.Json.Nodes;
using Lava.Console.Serving;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Wallets;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Pages.Wallet;

/// <summary>What is done with the wallet.</summary>
internal sealed class WalletForms(ConsoleRoutes pages, PageWriter writer, ConsoleApi api) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        pages.Form(routes, "/wallet/fund", "Wallet", "wallet", FundAsync);
        pages.Form(routes, "/wallet/card", "Wallet", "wallet", AddCardAsync);
        pages.Form(routes, "/wallet/auto-reload", "Wallet", "wallet", SetReloadAsync);
        pages.Form(routes, "/wallet/auto-reload/off", "Wallet", "wallet", StopReloadAsync);
    }

    // However often the form is sent, it is paid once.
    private async Task FundAsync(CurrentVisit visit)
    {
        var body = new JsonObject { ["payment_method_id"] = visit.Form["payment_method_id"], ["amount"] = visit.Form["amount"] };
        var (paid, error) = await api.SendAsync(visit, "POST", "/wallet/fund", body, WalletsWire.Default.FundResponse, visit.Once);
        if (error is not null) await RefuseAsync(visit, error);
        else PageWriter.Redirect(visit.Http, paid!.RedirectUrl?.AbsoluteUri ?? visit.Link("/wallet?funded=1"));
    }

    // On the processor's own page, which comes back here.
    private async Task AddCardAsync(CurrentVisit visit)
    {
        var body = new JsonObject { ["return_url"] = new Uri(visit.Server, visit.Link("/wallet")).AbsoluteUri };
        var (setup, error) = await api.SendAsync(visit, "POST", "/payment_methods/setups", body, WalletsWire.Default.CardSetupResponse);
        if (error is not null) await RefuseAsync(visit, error);
        else PageWriter.Redirect(visit.Http, setup!.Url!.AbsoluteUri);
    }

    private async Task SetReloadAsync(CurrentVisit visit)
    {
        var form = visit.Form;
        var body = new JsonObject { ["threshold"] = form["threshold"], ["amount"] = form["amount"] };
        if (form["daily_cap"].Length > 0) body["daily_cap"] = form["daily_cap"];
        var (_, error) = await api.SendAsync(visit, "PUT", "/wallet/auto_reload", body, WalletsWire.Default.AutoReloadResponse);
        if (error is not null) await RefuseAsync(visit, error);
        else PageWriter.Redirect(visit.Http, visit.Link("/wallet"));
    }

    private async Task StopReloadAsync(CurrentVisit visit)
    {
        await api.SendAsync(visit, "DELETE", "/wallet/auto_reload", null, WalletsWire.Default.AutoReloadResponse);
        PageWriter.Redirect(visit.Http, visit.Link("/wallet"));
    }

    private async Task RefuseAsync(CurrentVisit visit, ApiError error)
    {
        visit.Form = visit.Form with { Error = error };
        visit.Status = error.Status;
        await writer.WriteAsync<WalletPage>(visit);
    }
}
