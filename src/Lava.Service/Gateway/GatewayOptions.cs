using System.ComponentModel.DataAnnotations;

namespace Lava.Service.Gateway;

/// <summary>Settings of the gateway, section <c>Lava:Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>Most bytes of a request's body. The Functions host itself takes no more than 100 MB.</summary>
    [Range(1024, 100 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Longest wait for a connection to a provider, seconds.</summary>
    [Range(1, 120)]
    public int ConnectSeconds { get; set; } = 10;

    /// <summary>Longest wait for the first byte of an answer, and between two pieces of it, seconds.</summary>
    [Range(1, 3_600)]
    public int IdleSeconds { get; set; } = 600;

    /// <summary>How long a provider is read on after the client has left, so that its usage is known, seconds; 0 cancels the call at once, and nothing is charged for it.</summary>
    [Range(0, 3_600)]
    public int DrainSeconds { get; set; } = 120;

    /// <summary>Age after which a call without a usage record is closed, seconds; longer than any call takes.</summary>
    [Range(1, 86_400)]
    public int SweepAfterSeconds { get; set; } = 3_600;
}
