using System.Buffers;
using System.IO.Pipelines;
using Lava.Core.Catalogue;
using Lava.Core.Gateway;
using Lava.Core.Translation;
using Lava.Service.Gateway.Batches;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Intake;

namespace Lava.Service.Gateway.Relay;

/// <summary>Takes a provider's answer for the client: as it is, or translated.</summary>
internal abstract class AnswerSink(PipeWriter client, CallTimeouts timeouts) : IDisposable
{
    /// <summary>Most bytes of a whole answer that is to be translated.</summary>
    private const int MaxWhole = 16 * 1024 * 1024;

    /// <summary>Where the provider's bytes go.</summary>
    public abstract IBufferWriter<byte> Writer { get; }

    /// <summary>The client.</summary>
    protected PipeWriter Client { get; } = client;

    /// <summary>Whether nothing goes to the client before the answer is whole.</summary>
    public virtual bool HoldsAll => false;

    /// <summary>Whether the answer's end must be made ready (<see cref="TryPrepare"/>) before anything is charged for it.</summary>
    public virtual bool HoldsEnd => false;

    /// <summary>Whether the answer could not be translated: nothing more of it goes to the client, and nothing is charged.</summary>
    public virtual bool HasFailed => false;

    /// <summary>What goes to the client last, once it is ready (<see cref="HoldsEnd"/>): the whole answer, or the end of a stream.</summary>
    public virtual ReadOnlyMemory<byte> Ending => default;

    /// <summary>Sends what came so far.</summary>
    public abstract ValueTask FlushAsync();

    /// <summary>Makes the end of an answer ready that is whole, before anything is charged for it; false where it cannot be read.</summary>
    public virtual bool TryPrepare() => true;

    /// <summary>Sends the rest of an answer that is whole.</summary>
    public abstract ValueTask CompleteAsync();

    /// <summary>Sends what tells the client that the answer could not be translated, where its format has such a thing.</summary>
    public virtual ValueTask FailAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Sends what has been written to the client.</summary>
    protected ValueTask FlushClientAsync() => timeouts.WrittenAsync(Client.FlushAsync(CancellationToken.None));

    /// <summary>The sink of a call.</summary>
    /// <param name="translation">A conversation's puts the answer into another format; with any other, and with none, it passes as it is.</param>
    /// <param name="isStream">Whether the answer is a stream.</param>
    /// <param name="client">The client.</param>
    /// <param name="timeouts">Bounds the waits for the client.</param>
    public static AnswerSink Of(AnswerTranslation? translation, bool isStream, PipeWriter client, CallTimeouts timeouts) => translation switch
    {
        ConversationTranslation conversation => isStream
            ? new Piecewise(conversation.OpenStream(), client, timeouts)
            : new Whole(conversation.TryTranslate, client, timeouts),
        _ => isStream ? new Direct(client, timeouts) : new Buffered(client, timeouts),
    };

    /// <summary>The sink of a call whose answer is filtered: it must not show the operator's account, or its links must lead through Lava.</summary>
    /// <param name="call">The call.</param>
    /// <param name="catalogue">Knows what everybody may see.</param>
    /// <param name="server">This server's address.</param>
    /// <param name="client">The client.</param>
    /// <param name="timeouts">Bounds the waits for the client.</param>
    public static AnswerSink Filtered(ForwardCall call, ProviderCatalogue catalogue, Uri server, PipeWriter client, CallTimeouts timeouts) =>
        new Whole(
            (answer, output) => call.HidesAccount
                ? AccountFilter.TryApply(answer, catalogue, call.Provider, output)
                : BatchLinks.TryApply(answer, $"https://{call.Url.Host}", $"{server}{ForwardTarget.Prefix[1..]}/{call.Url.Host}", output),
            client,
            timeouts);

    /// <summary>A stream that passes as it is.</summary>
    private sealed class Direct(PipeWriter client, CallTimeouts timeouts) : AnswerSink(client, timeouts)
    {
        public override IBufferWriter<byte> Writer => Client;

        public override ValueTask FlushAsync() => FlushClientAsync();

        public override ValueTask CompleteAsync() => FlushClientAsync();
    }

    /// <summary>A whole answer that passes as it is. Its pieces stay here until they are sent: what a response's own writer holds could not be taken back if
    /// the call cannot be settled.</summary>
    private sealed class Buffered(PipeWriter client, CallTimeouts timeouts) : AnswerSink(client, timeouts)
    {
        private readonly PooledBuffer _piece = new();

        public override IBufferWriter<byte> Writer => _piece;

        public override ValueTask FlushAsync()
        {
            Client.Write(_piece.Written);
            _piece.Clear();
            return FlushClientAsync();
        }

        public override ValueTask CompleteAsync() => FlushAsync();

        public override void Dispose()
        {
            _piece.Dispose();
            base.Dispose();
        }
    }

    /// <summary>A stream that is translated piece by piece.</summary>
    private sealed class Piecewise(StreamTranslation translation, PipeWriter client, CallTimeouts timeouts) : AnswerSink(client, timeouts)
    {
        private readonly PooledBuffer _piece = new();
        private readonly PooledBuffer _end = new();

        public override IBufferWriter<byte> Writer => _piece;

        public override bool HoldsEnd => true;

        public override bool HasFailed => translation.HasFailed;

        public override ReadOnlyMemory<byte> Ending => _end.WrittenMemory;

        public override ValueTask FlushAsync()
        {
            Push(Client);
            return FlushClientAsync();
        }

        public override bool TryPrepare()
        {
            Push(_end);
            translation.Complete(_end);
            return !translation.HasFailed;
        }

        public override ValueTask CompleteAsync()
        {
            Client.Write(_end.Written);
            _end.Clear();
            return FlushClientAsync();
        }

        public override ValueTask FailAsync() => CompleteAsync();

        public override void Dispose()
        {
            translation.Dispose();
            _piece.Dispose();
            _end.Dispose();
            base.Dispose();
        }

        private void Push(IBufferWriter<byte> output)
        {
            if (_piece.Written.Length == 0) return;
            translation.Push(_piece.Written, output);
            _piece.Clear();
        }
    }

    /// <summary>A whole answer that is translated or filtered.</summary>
    private sealed class Whole(
        Func<ReadOnlyMemory<byte>, IBufferWriter<byte>, bool> remake,
        PipeWriter client,
        CallTimeouts timeouts) : AnswerSink(client, timeouts)
    {
        private readonly ArrayBufferWriter<byte> _answer = new(16 * 1024);
        private readonly ArrayBufferWriter<byte> _translated = new(16 * 1024);

        public override IBufferWriter<byte> Writer => _answer;

        public override bool HoldsAll => true;

        public override bool HoldsEnd => true;

        public override ReadOnlyMemory<byte> Ending => _translated.WrittenMemory;

        public override ValueTask FlushAsync() =>
            _answer.WrittenCount <= MaxWhole ? ValueTask.CompletedTask : throw new IOException("The provider's response is too large to be translated.");

        public override bool TryPrepare() => remake(_answer.WrittenMemory, _translated);

        public override ValueTask CompleteAsync()
        {
            Client.Write(_translated.WrittenSpan);
            return FlushClientAsync();
        }
    }
}
