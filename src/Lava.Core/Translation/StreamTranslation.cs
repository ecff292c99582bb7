using System.Buffers;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation;

/// <summary>Translates a provider's stream into the client's as it passes, cut anywhere; what comes out does not depend on where it was cut. Used by one thread
/// at a time.</summary>
public sealed class StreamTranslation : IDisposable
{
    private readonly AnswerStreamWriter _writer;
    private readonly AnswerFlow _flow;
    private readonly AnswerStreamReader _reader;

    internal StreamTranslation(AnswerStreamWriter writer, Dialect provider, AnswerRules rules)
    {
        _writer = writer;
        _flow = new AnswerFlow(writer, rules);
        _reader = provider.OpenReader(_flow);
    }

    /// <summary>Whether the client's stream has been written to its end, an error's included; nothing more is written then.</summary>
    public bool IsComplete => _flow.IsEnded;

    /// <summary>Whether it ended in an error, in the client's dialect.</summary>
    public bool HasFailed => _flow.HasFailed;

    /// <summary>Takes the provider's next bytes and writes what they come to for the client, perhaps nothing yet.</summary>
    public void Push(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        _writer.Output = output;
        _reader.Push(bytes);
    }

    /// <summary>Tells that the provider's stream has ended, and writes the end of the client's: its last events, or an error where the provider broke off. More
    /// calls change nothing.</summary>
    public void Complete(IBufferWriter<byte> output)
    {
        _writer.Output = output;
        _reader.Complete();
        if (_flow.IsFinished) _flow.End();
        else _flow.Fail(new ProviderError(502, "The provider's stream ended before its response was complete."));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _flow.Dispose();
        _writer.Dispose();
    }
}
