using System.Text.Json.Nodes;
using Lava.Console.Serving;
using Lava.Service.Api;
using Lava.Service.Customers.Portal;
using Lava.Service.Wallets;

namespace Lava.Console.Portal;

/// <summary>Takes up the card that a customer has given on the processor's page: it becomes the one that pays.</summary>
internal sealed class PortalCards(PortalApi api, PortalStore store)
{
    /// <summary>Looks whether the card that is waited for was given.</summary>
    /// <returns>Whether one was.</returns>
    public async ValueTask<bool> TakeAsync(PortalVisit visit)
    {
        if (visit.Session!.SetupId is not { } setupId) return false;
        var path = QueryText.Of("/payment_methods/setups/" + Uri.EscapeDataString(setupId), [("customer_id", visit.Session.CustomerId)]);
        var (setup, _) = await api.GetAsync(visit, path, WalletsWire.Default.CardSetupResponse);
        if (setup?.Status == "waiting") return false;
        if (setup?.PaymentMethod is { } card)
        {
            var body = new JsonObject { ["payment_method_id"] = card.PaymentMethodId };
            await api.SendAsync(visit, "POST", visit.CustomerPath + "/default_payment_method", body, HttpJson.Default.SuccessResponse);
        }

        await store.ChangeAsync(visit.Id, session => session.SetupId == setupId ? session with { SetupId = null } : session, CancellationToken.None);
        return setup?.PaymentMethod is not null;
    }
}
