namespace Lava.Service.Webhooks;

/// <summary>Settings of webhooks (<c>Lava:Webhooks</c>).</summary>
public sealed class WebhookOptions
{
    /// <summary>Whether events are delivered to private, loopback and link-local addresses too: for receivers in the operator's own network, and for tests.</summary>
    public bool AllowPrivateAddresses { get; set; }
}
