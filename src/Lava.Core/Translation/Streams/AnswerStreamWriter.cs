using System.Buffers;
using System.Text.Json;
using Lava.Core.Pricing;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Streams;

/// <summary>Writes a stream for a client. It is told one part after the other, each begun once and ended once, then the end or a failure, and nothing after
/// that.</summary>
internal abstract class AnswerStreamWriter : IDisposable
{
    private readonly IBufferWriter<byte> _nowhere = new ArrayBufferWriter<byte>(1);
    private readonly Utf8JsonWriter _json;

    protected AnswerStreamWriter()
    {
        Output = _nowhere;
        _json = JsonOutput.Open(_nowhere);
    }

    /// <summary>Where bytes go; set for the time of a call.</summary>
    public IBufferWriter<byte> Output { get; set; }

    /// <summary>Whether it keeps as much as it may; the answer cannot go on then.</summary>
    public virtual bool IsFull => false;

    /// <summary>Begins the answer.</summary>
    /// <param name="id">The provider's id of it; null where it has none.</param>
    /// <param name="model">The model that the provider says it uses; null where it says none.</param>
    /// <param name="usage">What the provider has reported so far; null for nothing.</param>
    public abstract void Begin(string? id, string? model, Usage? usage);

    public abstract void BeginPart(in StreamPart part);

    /// <summary>Adds to the part.</summary>
    /// <param name="token">A JSON string with its quotes, never an empty one.</param>
    public abstract void Delta(ReadOnlySpan<byte> token);

    /// <summary>Signs the part, thoughts, at its end.</summary>
    public abstract void Sign(string signature);

    public abstract void EndPart();

    /// <summary>Ends the answer.</summary>
    public abstract void End(FinishReason reason, string? stopSequence, Usage? usage);

    public abstract void Fail(ProviderError error);

    /// <summary>Keeps the connection alive where the format has an event for it.</summary>
    public virtual void Ping()
    {
    }

    public virtual void Dispose() => _json.Dispose();

    protected void Write(ReadOnlySpan<byte> bytes) => Output.Write(bytes);

    /// <summary>A JSON writer onto the output; flush it before anything else is written.</summary>
    protected Utf8JsonWriter Json()
    {
        _json.Reset(Output);
        return _json;
    }

    protected void WriteNumber(long number)
    {
        var span = Output.GetSpan(20);
        System.Buffers.Text.Utf8Formatter.TryFormat(number, span, out var written);
        Output.Advance(written);
    }
}
