using System.Buffers;
using Lava.Core.Catalogue;
using Lava.Core.Translation;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Relay;

/// <summary>Puts the answer to a conversation into the client's format (behaviour.md §3). Belongs to one call.</summary>
internal sealed class ConversationTranslation(WireFormat client, Translator translator, TranslatedRequest request) : AnswerTranslation
{
    /// <summary>Media type of a successful answer.</summary>
    public string AnswerType => request.AnswerType;

    /// <inheritdoc/>
    public override bool HasTemperature => request.HasTemperature;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Adapted => request.Adapted;

    /// <summary>The id under which the answer is to be kept; null where it is not.</summary>
    public string? KeptId => request.KeptId;

    /// <summary>Translates a whole answer; false where it is none that can be read, which is the provider's fault.</summary>
    public bool TryTranslate(ReadOnlyMemory<byte> answer, IBufferWriter<byte> output) => request.TryTranslateAnswer(answer, output, out _);

    /// <inheritdoc/>
    public override void TranslateError(HttpContext http, int status, ReadOnlyMemory<byte> error)
    {
        if (Translator.ErrorHeader(client, status) is var (name, value)) http.Response.Headers[name] = value;
        translator.TranslateError(status, error, http.Response.BodyWriter);
    }

    /// <summary>Opens the translation of a stream.</summary>
    public StreamTranslation OpenStream() => request.OpenStream();
}
