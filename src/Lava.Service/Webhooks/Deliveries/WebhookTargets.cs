using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace Lava.Service.Webhooks.Deliveries;

/// <summary>Where events may be delivered: the operator's policy. Ports are checked when an address is given and whenever a connection is made; what a name
/// stands for, when a connection is made.</summary>
public sealed class WebhookTargets
{
    private readonly bool _allowsPrivate;
    private readonly int[]? _ports;

    /// <summary>Reads the policy.</summary>
    /// <exception cref="InvalidOperationException">The setting of ports is no list of ports.</exception>
    public WebhookTargets(IOptions<WebhookOptions> options)
    {
        _allowsPrivate = options.Value.AllowPrivateAddresses;
        if (!_allowsPrivate && options.Value.Ports != "any") _ports = [.. options.Value.Ports.Split(',').Select(Port)];
    }

    /// <summary>Whether a port may be connected to.</summary>
    public bool AllowsPort(int port) => _ports is null || _ports.Contains(port);

    /// <summary>The addresses, of those that a name stands for, that may be connected to.</summary>
    public IReadOnlyList<IPAddress> Allowed(IEnumerable<IPAddress> addresses) => [.. _allowsPrivate ? addresses : addresses.Where(PublicAddress.Is)];

    /// <summary>The ports that may be connected to, for people.</summary>
    public string Ports => _ports is null ? "any" : string.Join(", ", _ports);

    private static int Port(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65_535
            ? port
            : throw new InvalidOperationException("Lava__Webhooks__Ports must be ports from 1 to 65535 separated by commas, or any.");
}
