using System.Buffers;
using Lava.Core.Formats.UsageReaders;

namespace Lava.Core.Formats.Answers;

/// <summary>Reads an answer whose head does not say what it is, or says what it cannot be: by its first bytes as JSON or as events, and otherwise unread. So a
/// host that mislabels its answers, as some do with <c>text/html</c> or nothing, is metered all the same.</summary>
internal sealed class GuessingAnswerReader(UsageReader meter, bool withholdUsage) : AnswerReader
{
    /// <summary>The longest beginning of an event, <c>retry:</c>.</summary>
    private const int Wanted = 6;

    /// <summary>Most bytes that wait to be told; blanks before an answer are few.</summary>
    private const int MaxWaiting = 4 * 1024;

    private readonly HeldBytes _first = new();
    private AnswerReader? _inner;

    public override bool IsComplete => _inner?.IsComplete ?? false;

    public override AnswerSummary Summary => _inner?.Summary ?? new AnswerSummary { Seen = new AnswerSeen(_first.Length, 0, 0) };

    public override void Read(ReadOnlySpan<byte> bytes, IBufferWriter<byte> release)
    {
        if (_inner is not null)
        {
            _inner.Read(bytes, release);
            return;
        }

        _first.Append(bytes);
        if (_first.Span.TrimStart(" \t\r\n"u8).Length >= Wanted || _first.Length > MaxWaiting) Begin(release);
    }

    public override void Finish()
    {
        // Nothing is released here: so short an answer waits whole, and is read when it is released.
        _inner ??= Guess();
        if (_first.Length > 0) _inner.Read(_first.Span, Nowhere.Instance);
        _inner.Finish();
    }

    public override void ReleaseHeld(IBufferWriter<byte> release)
    {
        if (_first.Length > 0)
        {
            _first.MoveTo(release);
            return;
        }

        _inner?.ReleaseHeld(release);
    }

    public override void Dispose()
    {
        _first.Dispose();
        _inner?.Dispose();
    }

    private void Begin(IBufferWriter<byte> release)
    {
        _inner = Guess();
        _inner.Read(_first.Span, release);
        _first.Clear();
    }

    private AnswerReader Guess()
    {
        // A byte order mark may stand before either.
        var start = _first.Span.TrimStart("\uFEFF \t\r\n"u8);
        if (start.StartsWith("{"u8) || start.StartsWith("["u8)) return new JsonAnswerReader(meter);
        return start.StartsWith("data:"u8)
            || start.StartsWith("event:"u8)
            || start.StartsWith("id:"u8)
            || start.StartsWith("retry:"u8)
            || start.StartsWith(":"u8)
            ? new SseAnswerReader(meter, withholdUsage)
            : new PassThroughAnswerReader();
    }

    /// <summary>Takes the bytes of an answer that is kept whole elsewhere.</summary>
    private sealed class Nowhere : IBufferWriter<byte>
    {
        public static readonly Nowhere Instance = new();

        public void Advance(int count)
        {
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => new byte[Math.Max(sizeHint, Wanted)];

        public Span<byte> GetSpan(int sizeHint = 0) => new byte[Math.Max(sizeHint, Wanted)];
    }
}
