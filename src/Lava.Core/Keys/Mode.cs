namespace Lava.Core.Keys;

/// <summary>Test and live data never mix; the credential decides.</summary>
public enum Mode
{
    /// <summary>Test mode.</summary>
    Test,

    /// <summary>Live mode.</summary>
    Live,
}
