using System.Net;
using System.Net.Sockets;

namespace Lava.Service.Webhooks;

/// <summary>Tells addresses of the public internet from all others: private, loopback, link-local (with the clouds' metadata services), shared, multicast, reserved (IANA's
/// special-purpose registries), and IPv6 forms that hold an IPv4 address of these.</summary>
public static class PublicAddress
{
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] SpecialV6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether an address is one of the public internet.</summary>
    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork) return !Special.Any(network => network.Contains(address));
        if (Nat64.Contains(address)) return Is(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        return GlobalUnicast.Contains(address) && !SpecialV6.Any(network => network.Contains(address));
    }
}
