using System.Buffers;
using Lava.Core.Formats;

namespace Lava.Service.Gateway.Caching;

/// <summary>Keeps a copy of an answer's bytes as they pass, up to a bound.</summary>
internal sealed class AnswerRecording
{
    /// <summary>Most bytes of an answer that is kept.</summary>
    public const int MaxBytes = 900 * 1024;

    private ArrayBufferWriter<byte>? _bytes = new(4 * 1024);
    private bool _hasEnd;

    /// <summary>The answer; null where it was too long, or its end was not seen.</summary>
    public ReadOnlyMemory<byte>? Answer => _hasEnd ? _bytes?.WrittenMemory : null;

    /// <summary>The answer's bytes, which are recorded as they are read.</summary>
    public Stream Of(Stream answer) => new Tap(this, answer);

    private void Take(ReadOnlySpan<byte> piece)
    {
        if (_bytes?.WrittenCount + piece.Length > MaxBytes) _bytes = null;
        _bytes?.Write(piece);
    }

    private sealed class Tap(AnswerRecording recording, Stream answer) : ReadOnlyStream
    {
        /// <inheritdoc/>
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await answer.ReadAsync(buffer, cancellationToken);
            if (read > 0) recording.Take(buffer.Span[..read]);
            else if (buffer.Length > 0) recording._hasEnd = true;
            return read;
        }

        /// <inheritdoc/>
        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        /// <inheritdoc/>
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously.");

        /// <inheritdoc/>
        public override async ValueTask DisposeAsync()
        {
            await answer.DisposeAsync();
            await base.DisposeAsync();
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            if (disposing) answer.Dispose();
            base.Dispose(disposing);
        }
    }
}
