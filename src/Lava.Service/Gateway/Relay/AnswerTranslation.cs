using System.Buffers;
using Lava.Core.Catalogue;
using Lava.Core.Translation;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Relay;

/// <summary>Puts a provider's answer into the client's format (behaviour.md §3). Belongs to one call.</summary>
internal sealed class AnswerTranslation(WireFormat client, Translator translator, TranslatedRequest request)
{
    /// <summary>Media type of a successful answer.</summary>
    public string AnswerType => request.AnswerType;

    /// <summary>Whether the client has set a temperature above 0, whatever of it goes to the provider.</summary>
    public bool HasTemperature => request.HasTemperature;

    /// <summary>What of the request was changed or left out for the sake of the model.</summary>
    public IReadOnlyList<string> Adapted => request.Adapted;

    /// <summary>The id under which the answer is to be kept; null where it is not.</summary>
    public string? KeptId => request.KeptId;

    /// <summary>Translates a whole answer; false where it is none that can be read, which is the provider's fault.</summary>
    public bool TryTranslate(ReadOnlyMemory<byte> answer, IBufferWriter<byte> output) => request.TryTranslateAnswer(answer, output, out _);

    /// <summary>Writes an error of the provider in the words of the client's format.</summary>
    public void TranslateError(HttpContext http, int status, ReadOnlyMemory<byte> error)
    {
        if (Translator.ErrorHeader(client, status) is var (name, value)) http.Response.Headers[name] = value;
        translator.TranslateError(status, error, http.Response.BodyWriter);
    }

    /// <summary>Opens the translation of a stream.</summary>
    public StreamTranslation OpenStream() => request.OpenStream();
}
