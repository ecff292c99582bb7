using Lava.Core.Catalogue;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Catalogue.Views;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Fallbacks;
using Lava.Service.Gateway.History;
using Lava.Service.Gateway.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Gateway.Routing;

/// <summary><c>/v1beta/models</c>, as Google's clients call it (ai.google.dev/api): the provider is found by the model in the address.</summary>
internal sealed class GeminiEndpoints(
    CallRunner runner,
    CallIntake intake,
    ChatTargets targets,
    FallbackLookup fallbacks,
    ModelRoutes modelRoutes,
    ProviderCatalogue catalogue,
    HistoryReferences references,
    ModelsHandler models) : IEndpoints
{
    private const string Prefix = "/v1beta/models/";

    private static readonly Dictionary<string, (ModelShape Shape, bool Streams)> Verbs = new(StringComparer.Ordinal)
    {
        ["generateContent"] = (new ModelShape(WireFormat.Gemini, EndpointKind.Chat), false),
        ["streamGenerateContent"] = (new ModelShape(WireFormat.Gemini, EndpointKind.Chat), true),
        ["countTokens"] = (new ModelShape(WireFormat.Gemini, EndpointKind.CountTokens, ":countTokens"), false),
        ["embedContent"] = (new ModelShape(WireFormat.Gemini, EndpointKind.Embeddings, ":embedContent"), false),
        ["batchEmbedContents"] = (new ModelShape(WireFormat.Gemini, EndpointKind.Embeddings, ":batchEmbedContents"), false),
    };

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1beta/models", ["GET"], models.HandleGeminiAsync).Describe(Operation.Open(
            "listGeminiModels",
            "Catalogue",
            "List the models that Google's clients can call, in Google's form.",
            typeof(GeminiModelList),
            "pageSize",
            "pageToken"));
        routes.MapMethods("/v1beta/models/{model}", ["GET"], models.HandleGeminiOneAsync)
            .Describe(Operation.Open("getGeminiModel", "Catalogue", "Show a model in Google's form.", typeof(GeminiModelEntry)));
        routes.MapMethods("/v1beta/models/{**model}", ["GET"], models.HandleGeminiOneAsync);
        routes.MapMethods("/v1beta/models/{model}", ["POST"], RunAsync).Describe(Operation.Gateway(
            "generateContent",
            "Call any chat model in Google's form: {model}:generateContent, :streamGenerateContent, :countTokens; embedding models of Google: :embedContent, "
                + ":batchEmbedContents.",
            "alt"));
        routes.MapMethods("/v1beta/models/{**model}", ["POST"], RunAsync);
    }

    private Task RunAsync(HttpContext http)
    {
        // A route's value would no longer tell an escaped slash from a slash.
        var raw = RawTarget.Of(http);
        var end = raw.IndexOf('?', StringComparison.Ordinal);
        var path = Uri.UnescapeDataString((end < 0 ? raw : raw[..end])[Prefix.Length..]);
        var colon = path.LastIndexOf(':');
        if (colon <= 0 || !Verbs.TryGetValue(path[(colon + 1)..], out var verb))
        {
            var verbs = string.Join(", ", Verbs.Keys);
            return ErrorWriter.WriteAsync(http, ApiError.EndpointNotSupported($"Call a model as {Prefix}{{model}}:{{method}}; methods: {verbs}."));
        }

        var query = http.Request.Query;
        var address = new ModelAddress(path[..colon], verb.Streams, query["alt"] == "sse", query["key"]);
        return runner.RunAsync(http, new ModelPlan(intake, targets, fallbacks, modelRoutes, catalogue, references, verb.Shape, address));
    }
}
