using System.Buffers;
using System.IO.Pipelines;
using Lava.Core.Catalogue;
using Lava.Core.Translation;

namespace Lava.Service.Gateway;

/// <summary>Takes a provider's answer for the client: as it is, or translated.</summary>
internal abstract class AnswerSink(PipeWriter client) : IDisposable
{
    /// <summary>Most bytes of a whole answer that is to be translated.</summary>
    private const int MaxWhole = 16 * 1024 * 1024;

    /// <summary>Where the provider's bytes go.</summary>
    public abstract IBufferWriter<byte> Writer { get; }

    /// <summary>The client.</summary>
    protected PipeWriter Client { get; } = client;

    /// <summary>Whether nothing goes to the client before the answer is whole.</summary>
    public virtual bool HoldsAll => false;

    /// <summary>Sends what came so far.</summary>
    public abstract ValueTask FlushAsync();

    /// <summary>Makes an answer ready that is whole and was held, before anything is charged for it; false where it cannot be read.</summary>
    public virtual bool TryPrepare() => true;

    /// <summary>Sends the rest of an answer that is whole.</summary>
    public abstract ValueTask CompleteAsync();

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>The sink of a call.</summary>
    /// <param name="translation">Null for an answer that passes as it is.</param>
    /// <param name="isStream">Whether the answer is a stream.</param>
    /// <param name="client">The client.</param>
    public static AnswerSink Of(AnswerTranslation? translation, bool isStream, PipeWriter client) =>
        translation is null ? new Direct(client) : isStream ? new Piecewise(translation.OpenStream(), client) : new Whole(translation.TryTranslate, client);

    /// <summary>The sink of a read whose answer must not show the operator's account.</summary>
    /// <param name="call">The call.</param>
    /// <param name="catalogue">Knows what everybody may see.</param>
    /// <param name="client">The client.</param>
    public static AnswerSink Filtered(ForwardCall call, ProviderCatalogue catalogue, PipeWriter client) => new Whole((answer, output) => AccountFilter.TryApply(answer, catalogue, call.Provider, output), client);

    private sealed class Direct(PipeWriter client) : AnswerSink(client)
    {
        public override IBufferWriter<byte> Writer => Client;

        public override async ValueTask FlushAsync() => await Client.FlushAsync(CancellationToken.None);

        public override ValueTask CompleteAsync() => FlushAsync();
    }

    private sealed class Piecewise(StreamTranslation translation, PipeWriter client) : AnswerSink(client)
    {
        private readonly ArrayBufferWriter<byte> _piece = new(4096);

        public override IBufferWriter<byte> Writer => _piece;

        public override async ValueTask FlushAsync()
        {
            Push();
            await Client.FlushAsync(CancellationToken.None);
        }

        public override async ValueTask CompleteAsync()
        {
            Push();
            translation.Complete(Client);
            await Client.FlushAsync(CancellationToken.None);
        }

        public override void Dispose()
        {
            translation.Dispose();
            base.Dispose();
        }

        private void Push()
        {
            if (_piece.WrittenCount == 0) return;
            translation.Push(_piece.WrittenSpan, Client);
            _piece.ResetWrittenCount();
        }
    }

    private sealed class Whole(Func<ReadOnlyMemory<byte>, IBufferWriter<byte>, bool> remake, PipeWriter client) : AnswerSink(client)
    {
        private readonly ArrayBufferWriter<byte> _answer = new(16 * 1024);
        private readonly ArrayBufferWriter<byte> _translated = new(16 * 1024);

        public override IBufferWriter<byte> Writer => _answer;

        public override bool HoldsAll => true;

        public override ValueTask FlushAsync() => _answer.WrittenCount <= MaxWhole ? ValueTask.CompletedTask : throw new IOException("The provider's answer is too long to be translated.");

        public override bool TryPrepare() => remake(_answer.WrittenMemory, _translated);

        public override async ValueTask CompleteAsync() => await Client.WriteAsync(_translated.WrittenMemory, CancellationToken.None);
    }
}
