using System.Buffers;
using Lava.Core.Formats;

namespace Lava.Core.Tests.Formats;

/// <summary>Feeds an answer to a reader in pieces and keeps what comes out.</summary>
public sealed class AnswerRun
{
    private readonly ArrayBufferWriter<byte> _released = new();

    private AnswerRun()
    {
    }

    public AnswerSummary Summary { get; private set; }

    /// <summary>Bytes that had been released before the usage was settled.</summary>
    public byte[] Early { get; private set; } = [];

    public byte[] All { get; private set; } = [];

    public bool WasComplete { get; private set; }

    public static AnswerRun Of(AnswerReader reader, ReadOnlySpan<byte> body, params ReadOnlySpan<int> cuts)
    {
        var run = new AnswerRun();
        using (reader)
        {
            var from = 0;
            foreach (var cut in cuts)
            {
                reader.Read(body[from..cut], run._released);
                from = cut;
            }

            reader.Read(body[from..], run._released);
            run.WasComplete = reader.IsComplete;
            reader.Finish();
            run.Early = run._released.WrittenSpan.ToArray();
            run.Summary = reader.Summary;
            reader.ReleaseHeld(run._released);
            run.All = run._released.WrittenSpan.ToArray();
        }

        return run;
    }

    /// <summary>Feeds it a byte at a time.</summary>
    public static AnswerRun ByByte(AnswerReader reader, ReadOnlySpan<byte> body)
    {
        var cuts = new int[body.Length];
        for (var i = 0; i < cuts.Length; i++) cuts[i] = i;
        return Of(reader, body, cuts);
    }
}
