namespace Lava.Core.Translation.Streams;

/// <summary>Reads a provider's stream, cut anywhere, and tells what it says to an <see cref="AnswerFlow"/>.</summary>
internal abstract class AnswerStreamReader : IDisposable
{
    /// <summary>Longest event, bytes. A longer one ends the stream with an error: memory stays bounded whatever comes.</summary>
    public const int MaxEvent = 16 * 1024 * 1024;

    public abstract void Push(ReadOnlySpan<byte> bytes);

    /// <summary>Takes what waits for more bytes, for no more come.</summary>
    public virtual void Complete()
    {
    }

    public abstract void Dispose();
}
