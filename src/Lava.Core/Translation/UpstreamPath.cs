using Lava.Core.Catalogue;

namespace Lava.Core.Translation;

/// <summary>Where a translated request goes: some providers have the model, and whether to stream, in the path.</summary>
public static class UpstreamPath
{
    private const string GeminiModels = "/models/";

    /// <summary>The path and query of a request.</summary>
    /// <param name="provider">The provider's format.</param>
    /// <param name="path">The path of the endpoint that was asked for, as on the wire, without the query; for Gemini its version is kept.</param>
    /// <param name="model">The model, as the provider names it.</param>
    /// <param name="stream">Whether a stream is asked for.</param>
    public static string For(WireFormat provider, string path, string model, bool stream)
    {
        switch (provider)
        {
            case WireFormat.Gemini:
                var at = path.IndexOf(GeminiModels, StringComparison.Ordinal);
                var name = model.StartsWith("models/", StringComparison.Ordinal) ? model["models/".Length..] : model;
                return $"{(at < 0 ? "/v1beta" : path[..at])}{GeminiModels}{Uri.EscapeDataString(name)}{(stream
                    ? ":streamGenerateContent?alt=sse"
                    : ":generateContent")}";
            case WireFormat.BedrockConverse:
                return $"/model/{Uri.EscapeDataString(model)}/{(stream ? "converse-stream" : "converse")}";
            default:
                return path;
        }
    }
}
