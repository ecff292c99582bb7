using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Lava.Service.Credentials;

/// <summary>Slows down who guesses keys: so many unknown ones in a minute from an address, and from its neighbourhood, and the store is not asked for more of
/// them. Keys that have been right within the hour go on working from there.</summary>
public sealed class GuessBrake(TimeProvider time)
{
    /// <summary>Unknown keys of one address (for IPv6 of one network of 64 bits) in a minute.</summary>
    public const int AddressLimit = 300;

    /// <summary>Unknown keys of one neighbourhood (IPv4: 24 bits, IPv6: 48 bits) in a minute.</summary>
    public const int PrefixLimit = 3_000;

    /// <summary>Most addresses that are remembered; beyond, all are forgotten at once, which takes a network of more addresses than a brake can stop.</summary>
    private const int MostAddresses = 20_000;

    private readonly ConcurrentDictionary<(ulong Network, bool IsPrefix), int> _guesses = new();
    private long _minute;

    /// <summary>Seconds until an address may guess again; 0 where it may now.</summary>
    public int SecondsToWait(IPAddress? address)
    {
        if (address is null) return 0;
        Turn();
        var (own, prefix) = NetworksOf(address);
        var isOver = _guesses.GetValueOrDefault((own, false)) >= AddressLimit || _guesses.GetValueOrDefault((prefix, true)) >= PrefixLimit;
        return isOver ? 60 - (int)(time.GetUtcNow().ToUnixTimeSeconds() % 60) : 0;
    }

    /// <summary>Counts an unknown key.</summary>
    public void Note(IPAddress? address)
    {
        if (address is null) return;
        Turn();
        if (_guesses.Count > MostAddresses) _guesses.Clear();
        var (own, prefix) = NetworksOf(address);
        _guesses.AddOrUpdate((own, false), 1, static (_, count) => count + 1);
        _guesses.AddOrUpdate((prefix, true), 1, static (_, count) => count + 1);
    }

    private void Turn()
    {
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (Interlocked.Exchange(ref _minute, minute) != minute) _guesses.Clear();
    }

    private static (ulong Own, ulong Prefix) NetworksOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            // Apart from IPv6 networks, whose first bits are never all ones and zeros so.
            var number = 0xFFFF_FFFF_0000_0000 | BinaryPrimitives.ReadUInt32BigEndian(bytes);
            return (number, number & ~0xFFUL);
        }

        var network = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return (network, network & ~0xFFFFUL);
    }
}
