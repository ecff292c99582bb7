using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Relay;

/// <summary>The way back for a request that was put into the provider's format: what the provider answers must be in the client's.</summary>
internal abstract class AnswerTranslation
{
    /// <summary>Whether the client has set a temperature above 0, whatever of it goes to the provider.</summary>
    public virtual bool HasTemperature => false;

    /// <summary>What of the request was changed or left out for the sake of the model.</summary>
    public abstract IReadOnlyList<string> Adapted { get; }

    /// <summary>Writes an error of the provider in the words of the client's format.</summary>
    public abstract void TranslateError(HttpContext http, int status, ReadOnlyMemory<byte> error);
}
