using Lava.Core.Formats.Answers;

namespace Lava.Core.Translation.Streams;

/// <summary>A part that the provider has begun and not ended, or that waits for the parts before it.</summary>
/// <param name="key">Its key.</param>
/// <param name="part">What it is.</param>
/// <param name="input">Takes a custom tool's text out of arguments; null where the deltas are what they are.</param>
internal sealed class OpenPart(int key, StreamPart part, WrappedInput? input) : IDisposable
{
    private HeldBytes? _held;

    public int Key => key;

    public StreamPart Part => part;

    public WrappedInput? Input => input;

    public bool IsClosed { get; set; }

    public bool HasDelta { get; set; }

    public string? Signature { get; set; }

    /// <summary>What waits, as one JSON string; null where nothing does.</summary>
    public HeldBytes? Held => _held;

    /// <summary>Keeps a JSON string, joined to those before it.</summary>
    public void Hold(ReadOnlySpan<byte> token)
    {
        _held ??= new HeldBytes();
        if (_held.Length == 0) _held.Append(token);
        else
        {
            _held.Shorten(1);
            _held.Append(token[1..]);
        }
    }

    public void Release() => Dispose();

    public void Dispose()
    {
        _held?.Dispose();
        _held = null;
    }
}
