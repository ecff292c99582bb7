namespace Lava.Service.Webhooks;

/// <summary>Settings of webhooks (<c>Lava:Webhooks</c>).</summary>
public sealed class WebhookOptions
{
    /// <summary>Whether events are delivered to private, loopback and link-local addresses too, at any port: for receivers in the operator's own network, and
    /// for tests.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>The ports that addresses may have, separated by commas, or <c>any</c>.</summary>
    public string Ports { get; set; } = "80,443,8080,8443";

    /// <summary>Whether a message is held until its attempt has ended; elsewhere the queue goes on at once. No setting.</summary>
    public bool HoldsMessages { get; internal set; }

    /// <summary>Holds messages until their attempts have ended: for a head whose queue hands out many sessions at once, and whose instances end when they seem
    /// idle.</summary>
    public void HoldMessages() => HoldsMessages = true;
}
