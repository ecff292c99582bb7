using Lava.Core.Translation.Speech;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Relay;

/// <summary>Passes ElevenLabs' audio as it is to a client of OpenAI's, and its errors in OpenAI's form. Belongs to one call.</summary>
internal sealed class SpeechTranslation(SpeechRequest request) : AnswerTranslation
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Adapted => request.Adapted;

    /// <inheritdoc/>
    public override void TranslateError(HttpContext http, int status, ReadOnlyMemory<byte> error) =>
        SpeechTranslator.TranslateError(status, error, http.Response.BodyWriter);
}
