using Lava.Service.Webhooks.Mail;

namespace Lava.Service.Webhooks.Deliveries;

/// <summary>Asks for an attempt at a delivery.</summary>
/// <param name="MerchantId">Whose delivery.</param>
/// <param name="IsLive">In which mode.</param>
/// <param name="WebhookId">The webhook, or <see cref="AlertMail.Target"/>.</param>
/// <param name="DeliveryId">The delivery.</param>
/// <param name="Attempt">Which attempt by the plan, from 1.</param>
/// <param name="IsAskedFor">Whether a user asked for it: it is made even if the delivery has ended, and once.</param>
/// <param name="Waits">How often the attempt was put off because there was no room for it.</param>
internal sealed record DeliveryMessage(string MerchantId, bool IsLive, string WebhookId, string DeliveryId, int Attempt, bool IsAskedFor, int Waits = 0);
