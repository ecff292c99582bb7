using System.Globalization;
using Lava.Console.Parts;
using Lava.Console.Serving;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Credentials;
using Lava.Service.Customers.Subscriptions;
using Lava.Service.Webhooks;

namespace Lava.Console.Pages.Overview;

/// <summary>Finds what a merchant should look at. Each look reads a page of a list at most.</summary>
internal static class Attention
{
    /// <summary>From this part of a limit on a key is told of.</summary>
    public const decimal NearLimit = 0.8m;

    /// <summary>Days for which the wallet should last.</summary>
    public const int WalletDays = 7;

    /// <summary>What there is, the most pressing first.</summary>
    /// <param name="api">The API.</param>
    /// <param name="visit">Whose.</param>
    /// <param name="balance">The wallet's balance, US dollars; null where the visit may not see it.</param>
    /// <param name="daysLeft">For how many days it lasts; null where nothing is spent.</param>
    public static async Task<IReadOnlyList<AttentionItem>> FindAsync(ConsoleApi api, CurrentVisit visit, decimal? balance, decimal? daysLeft)
    {
        var items = new List<AttentionItem>();
        if (balance <= 0) items.Add(new AttentionItem("The wallet is empty. Calls on Lava's provider keys are refused.", "/wallet", "Fund the wallet"));
        else if (daysLeft < WalletDays)
        {
            var days = Money.Count(Math.Floor(daysLeft.Value));
            items.Add(new AttentionItem($"The wallet lasts about {days} more days at this rate.", "/wallet", "Fund the wallet"));
        }

        if (visit.May(Scopes.Read("keys"))) items.AddRange(await KeysAsync(api, visit));
        if (visit.May(Scopes.Read("webhooks"))) items.AddRange(await WebhooksAsync(api, visit));
        if (visit.May(Scopes.Read("customers"))) items.AddRange(await SubscriptionsAsync(api, visit));
        return items;
    }

    private static async Task<IEnumerable<AttentionItem>> KeysAsync(ConsoleApi api, CurrentVisit visit)
    {
        var keys = (await api.GetAsync(visit, "/spend_keys?limit=100", SpendKeysWire.Default.ListResponseSpendKeyResponse)).Required;
        return from key in keys.Data
               where key.Status == "active"
               let part = key.SpendLimit is { } limit ? Money.Of(key.CurrentSpend) / Money.Of(limit.Amount) : 0
               where part >= NearLimit
               let used = Math.Floor(part * 100).ToString("0", CultureInfo.InvariantCulture)
               select new AttentionItem($"The spend key “{key.Name}” has used {used} % of its limit.", "/keys/" + key.SpendKeyId, "Look at it");
    }

    private static async Task<IEnumerable<AttentionItem>> WebhooksAsync(ConsoleApi api, CurrentVisit visit)
    {
        var items = new List<AttentionItem>();
        var webhooks = (await api.GetAsync(visit, "/webhooks", WebhooksWire.Default.ListResponseWebhookResponse)).Required;
        foreach (var webhook in webhooks.Data)
        {
            var path = $"/webhooks/{webhook.WebhookId}/deliveries?limit=50";
            var deliveries = (await api.GetAsync(visit, path, WebhooksWire.Default.ListResponseDeliveryResponse)).Required;
            var failed = deliveries.Data.Count(delivery => delivery.Status == "failed");
            if (failed == 0) continue;
            var text = $"{failed} of the latest deliveries to the webhook “{webhook.Name}” failed.";
            items.Add(new AttentionItem(text, "/webhooks/" + webhook.WebhookId, "See the deliveries"));
        }

        return items;
    }

    private static async Task<IEnumerable<AttentionItem>> SubscriptionsAsync(ConsoleApi api, CurrentVisit visit)
    {
        var due = (await api.GetAsync(visit, "/subscriptions?status=past_due&limit=20", SubscriptionsJson.Default.ListResponseSubscriptionListItem)).Required;
        return due.Data.Select(item => new AttentionItem(
            $"A renewal of {Money.Dollars(item.PastDue!.AmountDue)} has failed {item.PastDue.Attempts} times.",
            "/customers/" + item.CustomerId,
            "See the customer"));
    }
}
