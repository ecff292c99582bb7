using System.Buffers;

namespace Lava.Core.Formats;

/// <summary>Reads a provider's answer as its bytes pass: measures usage, and holds back the answer's end (a stream's final event, a body's last
/// byte) so that the caller can make the usage durable before the client has the answer whole. All that comes before flows at once, unchanged.
/// One instance reads one answer and is used by one thread at a time.</summary>
public abstract class AnswerReader : IDisposable
{
    /// <summary>True once the answer's logical end has been seen (a stream's terminal event, a JSON body's closing brace), even if the connection is
    /// still open. The caller may settle then; <see cref="Summary"/> is final.</summary>
    public abstract bool IsComplete { get; }

    /// <summary>What has been read so far; final when <see cref="IsComplete"/> or after <see cref="Finish"/>.</summary>
    public abstract AnswerSummary Summary { get; }

    /// <summary>Takes the next bytes of the answer, cut anywhere, and writes to <paramref name="release"/> those that the client may have now.</summary>
    /// <param name="bytes">The bytes as they came; not kept.</param>
    /// <param name="release">Receives held bytes that became free, then those of <paramref name="bytes"/> that are free.</param>
    public abstract void Read(ReadOnlySpan<byte> bytes, IBufferWriter<byte> release);

    /// <summary>Tells that no more bytes come (the connection ended, cleanly or not). <see cref="Summary"/> is final afterwards.</summary>
    public abstract void Finish();

    /// <summary>Writes the bytes that were held back, once; called when the usage is durable (or when there is nothing to bill).</summary>
    /// <param name="release">Receives them.</param>
    public abstract void ReleaseHeld(IBufferWriter<byte> release);

    /// <inheritdoc/>
    public abstract void Dispose();
}
