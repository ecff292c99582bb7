using System.Buffers;
using Lava.Core.Translation;

namespace Lava.Service.Gateway;

/// <summary>Puts a provider's answer into the client's format (behaviour.md §3). Belongs to one call.</summary>
internal sealed class AnswerTranslation(Translator translator, TranslatedRequest request)
{
    /// <summary>Media type of a successful answer.</summary>
    public string AnswerType => request.AnswerType;

    /// <summary>Translates a whole answer.</summary>
    /// <exception cref="IOException">It is none that can be read: the provider's fault.</exception>
    public void Translate(ReadOnlyMemory<byte> answer, IBufferWriter<byte> client)
    {
        if (!request.TryTranslateAnswer(answer, client, out var issue)) throw new IOException(issue.Value.Message);
    }

    /// <summary>Translates an error of the provider.</summary>
    public void TranslateError(int status, ReadOnlyMemory<byte> error, IBufferWriter<byte> client) => translator.TranslateError(status, error, client);

    /// <summary>Opens the translation of a stream.</summary>
    public StreamTranslation OpenStream() => request.OpenStream();
}
