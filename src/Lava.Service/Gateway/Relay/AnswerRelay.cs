using System.Buffers;
using Lava.Core.Formats;

namespace Lava.Service.Gateway.Relay;

/// <summary>Copies a provider's answer to the client as it comes, unbuffered, and settles the call before the answer's last bytes are released.</summary>
internal static class AnswerRelay
{
    private const int BufferBytes = 16 * 1024;

    /// <summary>Copies until the answer ends.</summary>
    /// <param name="sink">The client. Its response has status and headers already.</param>
    /// <param name="answer">The provider's body.</param>
    /// <param name="reader">Reads usage and holds back the end.</param>
    /// <param name="isStream">Whether the client reads pieces as they come (events); otherwise a last piece need not be sent before the call is
    /// settled.</param>
    /// <param name="usageIsEnd">Whether a clean end with usage is as good as the format's own end: some hosts that imitate OpenAI send no <c>[DONE]</c>, and
    /// report usage last.</param>
    /// <param name="settle">Makes the usage durable; called once, when the answer is whole.</param>
    /// <param name="timeouts">Bounds the waits.</param>
    /// <returns>How the answer ended. Unless it was whole, the call is not settled.</returns>
    public static async Task<AnswerEnd> CopyAsync(
        AnswerSink sink, Stream answer, AnswerReader reader, bool isStream, bool usageIsEnd, Func<AnswerSummary, Task> settle, CallTimeouts timeouts)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var isSettled = false;
        try
        {
            while (true)
            {
                int read;
                try
                {
                    var reading = answer.ReadAsync(buffer, timeouts.Token);
                    read = reading.IsCompletedSuccessfully ? reading.Result : await (isSettled ? timeouts.WaitAsync(reading) : timeouts.ListenAsync(reading));
                }
                catch (Exception fault) when (fault is IOException or HttpRequestException or OperationCanceledException)
                {
                    if (isSettled) break;
                    return timeouts.IsClientGone ? AnswerEnd.Abandoned : fault is OperationCanceledException ? AnswerEnd.TimedOut : AnswerEnd.Cut;
                }

                if (read == 0) break;
                reader.Read(buffer.AsSpan(0, read), Target());
                if (isStream || !reader.IsComplete) await FlushAsync();
                if (sink.HasFailed && !isSettled) return AnswerEnd.Error;
                if (isSettled || !reader.IsComplete) continue;
                if (!await SettleAsync()) return AnswerEnd.Error;
            }

            if (isSettled) return AnswerEnd.Whole;
            reader.Finish();

            if (reader.Summary is { HasError: false } summary && (summary.IsWhole || (usageIsEnd && summary.HasUsage)))
            {
                return await SettleAsync() ? AnswerEnd.Whole : AnswerEnd.Error;
            }

            // What came is all that the provider sent: the client gets it as it is, and pays nothing.
            reader.ReleaseHeld(Target());
            await FlushAsync();
            return reader.Summary.HasError ? AnswerEnd.Error : AnswerEnd.Cut;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        IBufferWriter<byte> Target() => timeouts.IsClientGone ? NullWriter.Instance : sink.Writer;

        async ValueTask FlushAsync()
        {
            if (!timeouts.IsClientGone) await sink.FlushAsync();
        }

        async ValueTask<bool> SettleAsync()
        {
            if (sink.HoldsEnd && !timeouts.IsClientGone)
            {
                // Nothing is charged for an answer that the client could not be given.
                reader.ReleaseHeld(Target());
                if (reader.Summary.HasError ? sink.HoldsAll : !sink.TryPrepare()) return false;
            }

            if (!reader.Summary.HasError) await settle(reader.Summary);
            isSettled = !reader.Summary.HasError;
            reader.ReleaseHeld(Target());
            if (!isSettled) await FlushAsync();
            else if (!timeouts.IsClientGone) await sink.CompleteAsync();
            return true;
        }
    }

    /// <summary>Takes bytes that nobody reads any more.</summary>
    private sealed class NullWriter : IBufferWriter<byte>
    {
        public static readonly NullWriter Instance = new();

        [ThreadStatic]
        private static byte[]? t_scratch;

        public void Advance(int count)
        {
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => Scratch(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => Scratch(sizeHint);

        private static byte[] Scratch(int size) =>
            t_scratch is { } scratch && scratch.Length >= size ? scratch : t_scratch = new byte[Math.Max(size, BufferBytes)];
    }
}
