using FsCheck;
using FsCheck.Fluent;
using Lava.Core.Catalogue;

namespace Lava.Core.Tests.Catalogue;

public sealed class ResolvingTests
{
    private static readonly ProviderCatalogue Catalogue = new(
    [
        Sample.Provider("openai", "api.openai.com", Sample.Post("/v1/chat/completions"), new ProviderEndpoint { Method = "GET", Path = "/v1/models/{model}", Kind = EndpointKind.Metadata }),
        Sample.Provider(
            "google",
            "generativelanguage.googleapis.com",
            Sample.Post("/v1beta/models/{model}:generateContent"),
            Sample.Post("/v1beta/models/{model}:streamGenerateContent") with { Streams = true }),
        Sample.Provider("compatible", "generativelanguage.googleapis.com", Sample.Post("/v1beta/openai/chat/completions")),
        Sample.Provider("bedrock", "bedrock-runtime.*.amazonaws.com", Sample.Post("/model/{model}/converse"), Sample.Post("/model/{model}/converse-stream")),
        Sample.Provider("voices", "api.elevenlabs.io", Sample.Post("/v1/text-to-speech/{id}", EndpointKind.Speech), Sample.Post("/v1/text-to-speech/{id}/stream", EndpointKind.Speech)),
        Sample.Provider("projects", "aiplatform.googleapis.com", Sample.Post("/v1/projects/{id}/locations/{id}/models/{model}:generateContent"), Sample.Post("/v1/a/{id}/b/{id}")),
        Sample.Provider("any", "*.example.com", new ProviderEndpoint { Method = "*", Path = "/do", Kind = EndpointKind.Api, RequestPrice = 0.01m }),
    ]);

    [Theory]
    [InlineData("POST", "api.openai.com", "/v1/chat/completions", "openai", "/v1/chat/completions", null)]
    [InlineData("POST", "API.OpenAI.com", "/v1/chat/completions", "openai", "/v1/chat/completions", null)]
    [InlineData("GET", "api.openai.com", "/v1/models/gpt-4o", "openai", "/v1/models/{model}", "gpt-4o")]
    [InlineData("GET", "api.openai.com", "/v1/models/meta-llama/Llama-3", "openai", "/v1/models/{model}", "meta-llama/Llama-3")]
    [InlineData("POST", "generativelanguage.googleapis.com", "/v1beta/models/gemini-2.5-flash:generateContent", "google", "/v1beta/models/{model}:generateContent", "gemini-2.5-flash")]
    [InlineData(
        "POST", "generativelanguage.googleapis.com", "/v1beta/models/gemini-2.5-flash:streamGenerateContent", "google", "/v1beta/models/{model}:streamGenerateContent", "gemini-2.5-flash")]
    [InlineData("POST", "generativelanguage.googleapis.com", "/v1beta/openai/chat/completions", "compatible", "/v1beta/openai/chat/completions", null)]
    [InlineData("POST", "bedrock-runtime.eu-west-1.amazonaws.com", "/model/us.anthropic.claude-v1%3A0/converse", "bedrock", "/model/{model}/converse", "us.anthropic.claude-v1:0")]
    [InlineData("POST", "bedrock-runtime.eu-west-1.amazonaws.com", "/model/nova-v1:0/converse-stream", "bedrock", "/model/{model}/converse-stream", "nova-v1:0")]
    [InlineData("POST", "bedrock-runtime.us-east-1.amazonaws.com", "/model/arn%3Aaws%3Abedrock%2Fnova/converse", "bedrock", "/model/{model}/converse", "arn:aws:bedrock/nova")]
    [InlineData("POST", "api.elevenlabs.io", "/v1/text-to-speech/21m00", "voices", "/v1/text-to-speech/{id}", null)]
    [InlineData("POST", "api.elevenlabs.io", "/v1/text-to-speech/21m00/stream", "voices", "/v1/text-to-speech/{id}/stream", null)]
    [InlineData(
        "POST", "aiplatform.googleapis.com", "/v1/projects/p-1/locations/global/models/a/b:generateContent", "projects", "/v1/projects/{id}/locations/{id}/models/{model}:generateContent", "a/b")]
    [InlineData("POST", "aiplatform.googleapis.com", "/v1/a/b/b/c", "projects", "/v1/a/{id}/b/{id}", null)]
    [InlineData("DELETE", "a.example.com", "/do", "any", "/do", null)]
    public void An_address_of_the_catalogue_resolves_to_its_endpoint_and_model(string method, string host, string path, string provider, string pattern, string? model)
    {
        Catalogue.TryResolve(method, host, path, out var match).ShouldBeTrue();
        match.Provider.Id.ShouldBe(provider);
        match.Endpoint.Path.ShouldBe(pattern);
        match.Model.ShouldBe(model);
    }

    [Theory]
    [InlineData("GET", "api.openai.com", "/v1/chat/completions")]
    [InlineData("POST", "api.openai.com.evil.com", "/v1/chat/completions")]
    [InlineData("POST", "evil-api.openai.com", "/v1/chat/completions")]
    [InlineData("POST", "api.openai.com.", "/v1/chat/completions")]
    [InlineData("POST", "127.0.0.1", "/v1/chat/completions")]
    [InlineData("POST", "api.openai.com", "/v1/Chat/completions")]
    [InlineData("POST", "api.openai.com", "/v1/chat/completions/")]
    [InlineData("POST", "api.openai.com", "//v1/chat/completions")]
    [InlineData("POST", "api.openai.com", "/v1//chat/completions")]
    [InlineData("POST", "api.openai.com", "/v1/x/../chat/completions")]
    [InlineData("POST", "api.openai.com", "/v1/./chat/completions")]
    [InlineData("POST", "api.openai.com", "/v1/chat/completions?x=1")]
    [InlineData("POST", "api.openai.com", "/v1/chat%2Fcompletions")]
    [InlineData("POST", "aiplatform.googleapis.com", "/v1/projects/p/q/locations/global/models/a:generateContent")]
    [InlineData("POST", "aiplatform.googleapis.com", "/v1/projects/p%2Fq/locations/global/models/a:generateContent")]
    [InlineData("POST", "aiplatform.googleapis.com", "/v1/projects//locations/global/models/a:generateContent")]
    [InlineData("POST", "aiplatform.googleapis.com", "/v1/projects/p/locations/global/models/:generateContent")]
    [InlineData("POST", "aiplatform.googleapis.com", "/v1/projects/p/locations/global/models/a:predict")]
    [InlineData("POST", "aiplatform.googleapis.com", "/v1/projects/p/locations/..")]
    [InlineData("POST", "aiplatform.googleapis.com", "/v1/a/b/b")]
    [InlineData("POST", "aiplatform.googleapis.com", "/v1/a/b/b/c/d")]
    [InlineData("POST", "api.openai.com", "/v1/chat\\completions")]
    [InlineData("POST", "api.openai.com", "")]
    [InlineData("POST", "api.openai.com", "/")]
    [InlineData("POST", "api.openai.com", "v1/chat/completions")]
    [InlineData("GET", "api.openai.com", "/v1/models/../files/secret")]
    [InlineData("GET", "api.openai.com", "/v1/models/%2e%2e/files/secret")]
    [InlineData("GET", "api.openai.com", "/v1/models/%2E./files/secret")]
    [InlineData("GET", "api.openai.com", "/v1/models/%252e%252e/files")]
    [InlineData("GET", "api.openai.com", "/v1/models/x%2F..%2F..%2Ffiles")]
    [InlineData("GET", "api.openai.com", "/v1/models/x%3Fkey=1")]
    [InlineData("GET", "api.openai.com", "/v1/models/x%00")]
    [InlineData("GET", "api.openai.com", "/v1/models/x%5C..%5Cfiles")]
    [InlineData("GET", "api.openai.com", "/v1/models/gpt-4o:delete")]
    [InlineData("POST", "generativelanguage.googleapis.com", "/v1beta/models/:generateContent")]
    [InlineData("POST", "generativelanguage.googleapis.com", "/v1beta/models//x:generateContent")]
    [InlineData("POST", "generativelanguage.googleapis.com", "/v1beta/models/x:generateContent/")]
    [InlineData("POST", "generativelanguage.googleapis.com", "/v1beta/models/..:generateContent")]
    [InlineData("POST", "generativelanguage.googleapis.com", "/v1beta/models/x/.:generateContent")]
    [InlineData("POST", "bedrock-runtime.amazonaws.com", "/model/x/converse")]
    [InlineData("POST", "bedrock-runtime.a.b.amazonaws.com", "/model/x/converse")]
    [InlineData("POST", "bedrock-runtime..amazonaws.com", "/model/x/converse")]
    [InlineData("POST", "api.elevenlabs.io", "/v1/text-to-speech/a/b")]
    [InlineData("POST", "api.elevenlabs.io", "/v1/text-to-speech/a%2Fb")]
    [InlineData("POST", "api.elevenlabs.io", "/v1/text-to-speech/..")]
    [InlineData("POST", "api.elevenlabs.io", "/v1/text-to-speech/")]
    [InlineData("POST", "example.com", "/do")]
    public void Another_spelling_or_another_place_resolves_to_nothing(string method, string host, string path)
    {
        Catalogue.TryResolve(method, host, path, out var match).ShouldBeFalse();
        match.ShouldBe(default);
    }

    [Fact]
    public void Whatever_is_put_into_a_path_it_never_leaves_the_endpoint_that_it_matched()
    {
        var pieces = Gen.Elements("/", "..", ".", "%2e", "%2F", "%5c", "x", ":", "models", "?", "generateContent", "", "//", "%", "é", " ");
        var paths = Gen.ListOf(pieces).Select(list => "/v1beta/models/" + string.Concat(list) + ":generateContent");
        Prop.ForAll(Arb.From(paths), path =>
        {
            if (!Catalogue.TryResolve("POST", "generativelanguage.googleapis.com", path, out var match)) return true;
            var sent = new Uri("https://generativelanguage.googleapis.com" + path).AbsolutePath;
            return match.Endpoint.Path.EndsWith(":generateContent", StringComparison.Ordinal) && sent.StartsWith("/v1beta/models/", StringComparison.Ordinal)
                && match.Model is { Length: > 0 } model && model[0] != '/' && !model.Split('/').Contains("..");
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Resolving_a_fixed_path_allocates_nothing()
    {
        Catalogue.TryResolve("POST", "api.openai.com", "/v1/chat/completions", out _).ShouldBeTrue();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Catalogue.TryResolve("POST", "API.openai.com", "/v1/chat/completions", out _);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
