namespace Lava.Service.Webhooks;

/// <summary>The queue of attempts at deliveries.</summary>
public static class WebhookQueue
{
    /// <summary>Its name.</summary>
    public const string Name = "webhook-deliveries";
}
