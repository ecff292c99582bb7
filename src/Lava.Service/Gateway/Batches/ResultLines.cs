using System.Buffers;
using System.IO.Pipelines;
using Lava.Service.Gateway.Relay;

namespace Lava.Service.Gateway.Batches;

/// <summary>Reads a provider's answer line by line.</summary>
internal static class ResultLines
{
    /// <summary>Most bytes of a line: an answer with a few pictures.</summary>
    private const int MaxLine = 64 * 1024 * 1024;

    /// <summary>Reads to the end.</summary>
    /// <param name="answer">The answer's body.</param>
    /// <param name="timeouts">Bounds the waits.</param>
    /// <param name="take">Takes each line, without its end.</param>
    /// <exception cref="InvalidDataException">A line is too long.</exception>
    public static async ValueTask ReadAsync(Stream answer, CallTimeouts timeouts, Action<ReadOnlySequence<byte>> take)
    {
        var pipe = PipeReader.Create(answer);
        var searched = 0L;
        while (true)
        {
            var result = await timeouts.WaitAsync(pipe.ReadAsync(timeouts.Token));
            var buffer = result.Buffer;
            while (buffer.Slice(searched).PositionOf((byte)'\n') is { } end)
            {
                take(buffer.Slice(0, end));
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                searched = 0;
            }

            if (result.IsCompleted)
            {
                if (!buffer.IsEmpty) take(buffer);
                await pipe.CompleteAsync();
                return;
            }

            if (buffer.Length > MaxLine) throw new InvalidDataException("A line of the provider's response is too long.");
            searched = buffer.Length;
            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}
