namespace Lava.Service.Gateway.Keys;

/// <summary>The key that a call takes to its provider. No record, for those print what they hold.</summary>
/// <param name="source">Whose it is.</param>
/// <param name="value">The key; null where there is none.</param>
/// <param name="ring">The keys that it takes turns with; null for one that came with the call.</param>
internal readonly struct CallKey(KeySource source, string? value, KeyRing? ring)
{
    public KeySource Source { get; } = source;

    public string? Value { get; } = value;

    public KeyRing? Ring { get; } = ring;

    /// <summary>Whether the sandbox answers in the provider's place.</summary>
    public bool IsSandboxed { get; init; }

    /// <summary>Whether the call goes without a key, to an address of the operator's.</summary>
    public bool NeedsNone { get; init; }
}
