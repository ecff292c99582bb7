using System.Net;
using System.Net.Sockets;

namespace Lava.Service.Webhooks.Deliveries;

/// <summary>Tells addresses of the public internet from all others: everything in IANA's registries of special-purpose addresses (iana-ipv4-special-registry
/// and iana-ipv6-special-registry), multicast, what is not assigned for global unicast, IPv6 forms that hold an IPv4 address of these, and the public address
/// behind which a cloud serves its machines' own data.</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] Special = Networks(
        "0.0.0.0/8", // "this network" (RFC 791)
        "10.0.0.0/8", // private use (RFC 1918)
        "100.64.0.0/10", // shared by carriers (RFC 6598); Alibaba's metadata is at 100.100.100.200
        "127.0.0.0/8", // loopback (RFC 1122)
        "169.254.0.0/16", // link-local (RFC 3927), the clouds' metadata among it
        "172.16.0.0/12", // private use (RFC 1918)
        "192.0.0.0/24", // protocol assignments (RFC 6890); Oracle's metadata is at 192.0.0.192
        "192.0.2.0/24", // documentation (RFC 5737)
        "192.31.196.0/24", // AS112 (RFC 7535)
        "192.52.193.0/24", // automatic multicast tunnelling (RFC 7450)
        "192.88.99.0/24", // relays of 6to4 (RFC 7526)
        "192.168.0.0/16", // private use (RFC 1918)
        "192.175.48.0/24", // AS112 by delegation (RFC 7534)
        "198.18.0.0/15", // benchmarks (RFC 2544)
        "198.51.100.0/24", // documentation (RFC 5737)
        "203.0.113.0/24", // documentation (RFC 5737)
        "224.0.0.0/4", // multicast (RFC 5771)
        "240.0.0.0/4", // reserved (RFC 1112), broadcast among it
        "168.63.129.16/32"); // Azure's platform, seen from every machine there (Microsoft Learn, "What is IP address 168.63.129.16?")

    // All that is assigned for global unicast; loopback, unspecified, discard-only, local, link-local, site-local and multicast addresses and segment
    // identifiers (5f00::/16) lie outside.
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] SpecialV6 = Networks(
        "2001::/23", // protocol assignments (RFC 2928): Teredo, benchmarks, ORCHID, drone tags, AMT and AS112 among them
        "2001:db8::/32", // documentation (RFC 3849)
        "2002::/16", // 6to4 (RFC 3056)
        "2620:4f:8000::/48", // AS112 by delegation (RFC 7534)
        "3fff::/20"); // documentation (RFC 9637)

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether an address is one of the public internet.</summary>
    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork) return !Special.Any(network => network.Contains(address));
        if (Nat64.Contains(address)) return Is(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        return GlobalUnicast.Contains(address) && !SpecialV6.Any(network => network.Contains(address));
    }

    private static IPNetwork[] Networks(params string[] networks) => [.. networks.Select(network => IPNetwork.Parse(network))];
}
