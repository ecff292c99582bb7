using System.Text;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;
using Lava.Core.Translation;
using Lava.Service.Catalogue;
using Lava.Service.Sandbox.Strictness;

namespace Lava.Service.Tests.Sandbox;

/// <summary>What translation writes for any model of the catalogue, that model's strict sandbox accepts, or it is refused by name before it is sent.</summary>
public sealed class StrictModelTests
{
    private static readonly ProviderCatalogue Catalogue = CatalogueLoader.Load(null);

    private const string Session = """
        {"role":"user","content":"How warm is it in Oslo and Rome?"},{"role":"assistant","content":"Let me look.","tool_calls":[
        {"id":"call_a","type":"function","function":{"name":"weather.now","arguments":"{\"city\":\"Oslo\"}"}},{"id":"call_b","type":"function","function":{"name":"weather.now","arguments":"{\"city\":\"Rome\"}"}}]},
        {"role":"tool","tool_call_id":"call_b","content":"19"},{"role":"tool","tool_call_id":"call_a","content":" "},{"role":"user","content":"And Bern?"}
        """;

    private const string Tools = """
        "tools":[{"type":"function","function":{"name":"weather.now","parameters":{"type":"object","properties":{"city":{"type":"string","minLength":1},"days":{"type":"array"}},"required":["city"]}}},
        {"type":"function","function":{"name":"mcp__a_server_of_many_tools_with_a_long_name__and_a_tool_with_a_longer_name_still","parameters":{"type":"object"}}},{"type":"function","function":{"name":"ping"}}]
        """;

    private const string Schema = """
        "response_format":{"type":"json_schema","json_schema":{"name":"w","schema":{"type":"object","properties":{"n":{"type":"integer","minimum":0},"l":{"type":"array"}},"required":["n"]}}}
        """;

    /// <summary>Canonical requests, as an OpenAI client writes them, and what of them may be refused, by the client's name.</summary>
    private static readonly (string Name, string Members, string[] MayRefuse)[] Requests =
    [
        ("plain", Say("Hi"), []),
        ("sampling", Say("Hi") + "," + """
            "temperature":0.3,"top_p":0.9,"presence_penalty":0.5,"seed":7,"stop":["a","b","c","d","e"," "],"max_tokens":9
            """, []),
        ("hot", Say("Hi") + ",\"temperature\":1.7", []),
        ("large", Say("Hi") + ",\"max_tokens\":5000000", []),
        ("user", Say("Hi") + $",\"user\":\"{new string('u', 300)}\"", []),
        ("no effort", Say("Hi") + ",\"reasoning_effort\":\"none\",\"temperature\":0.2", []),
        ("minimal effort", Say("Hi") + ",\"reasoning_effort\":\"minimal\",\"max_tokens\":300", []),
        ("high effort", Say("Hi") + ",\"reasoning_effort\":\"high\",\"max_tokens\":2000", []),
        ("most effort", Say("Hi") + ",\"reasoning_effort\":\"max\"", []),
        ("tools", $"\"messages\":[{Session}],{Tools}", ["tools"]),
        ("tools and effort", $"\"messages\":[{Session}],{Tools},\"reasoning_effort\":\"medium\",\"parallel_tool_calls\":false", ["tools"]),
        ("forced tool", $"{Say("Hi")},{Tools},\"tool_choice\":\"required\",\"reasoning_effort\":\"low\"", ["tools", "tool_choice"]),
        // Bedrock's clients have to offer tools there, and those who force one for a schema ask for a forced tool.
        ("history without tools", $"\"messages\":[{Session}]", ["tools"]),
        ("schema", $"{Say("Hi")},{Schema}", ["tools", "tool_choice"]),
        ("any JSON", Say("Hi") + ",\"response_format\":{\"type\":\"json_object\"}", []),
        ("system alone", """
            "messages":[{"role":"system","content":"Write a haiku."}]
            """, []),
        ("greeting", """
            "messages":[{"role":"assistant","content":"Welcome!"},{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"text","text":"\n"}]}]
            """, []),
        ("begun answer", """
            "messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"{"}]
            """, ["messages"]),
    ];

    [Fact]
    public void Every_model_accepts_what_translation_writes_for_it_or_it_is_refused_by_name()
    {
        var bodies = Bodies();
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        var (models, accepted) = (new HashSet<string>(StringComparer.Ordinal), 0);
        foreach (var provider in Catalogue.Providers)
        {
            var own = provider.ModelsOf is { } of ? Catalogue.FindProvider(of)!.Models.Concat(provider.Models) : provider.Models;
            foreach (var model in own.Where(model => model.Kind == EndpointKind.Chat))
            {
                models.Add($"{provider.Id}/{model.Id}");
                var formats = FormatsOf(provider, model);
                foreach (var name in model.Aliases.Prepend(model.Id))
                {
                    var profile = ModelProfile.Of(model, name);
                    foreach (var format in formats)
                    {
                        // Where the provider does not serve the model, no request goes (docs/models.md).
                        if (format == WireFormat.OpenAiChat && profile.ResponsesOnly) continue;
                        foreach (var (client, request, body, mayRefuse) in bodies.Where(entry => entry.Client != format))
                        {
                            var options = new TranslationOptions
                            {
                                Model = name, ProfileOf = _ => profile, HasCustomTools = provider.CustomTools, AnswerId = "A", CreatedAt = DateTimeOffset.UnixEpoch,
                            };
                            if (!Translator.For(client, format)!.TryTranslate(body, options, out var written, out var issue))
                            {
                                if (issue.Value.Fault != TranslationFault.Unsupported || !mayRefuse.Contains(Canonical(issue.Value.Field)))
                                    faults.TryAdd($"{request} from {client} to {format}: {issue.Value.Message}", name);
                                continue;
                            }

                            accepted++;
                            if (RequestCheck.Of(format, new Uri(provider.BaseUrl).Host, name, profile, JsonElement.Parse(written.Body.Span)) is { } refusal)
                                faults.TryAdd($"{request} from {client} to {provider.Id} ({format}): {refusal.Message}", name);
                        }
                    }
                }
            }
        }

        faults.Select(fault => $"{fault.Value}: {fault.Key}").ShouldBeEmpty();
        models.Count.ShouldBeGreaterThan(1000);
        accepted.ShouldBeGreaterThan(models.Count * 40);
    }

    /// <summary>The formats in which a model is asked for what is translated: not Anthropic's with the model in the address.</summary>
    private static List<WireFormat> FormatsOf(CatalogueProvider provider, CatalogueModel model) =>
    [
        .. provider.Endpoints
            .Where(endpoint => endpoint is { Kind: EndpointKind.Chat, Streams: false } && endpoint.Has(model))
            .Where(endpoint => endpoint.Format != WireFormat.Anthropic || !endpoint.Path.Contains("{model}", StringComparison.Ordinal))
            .Select(endpoint => endpoint.Format).Distinct(),
    ];

    /// <summary>Each canonical request in each format; what a format cannot say is not asked in it.</summary>
    private static List<(WireFormat Client, string Request, ReadOnlyMemory<byte> Body, string[] MayRefuse)> Bodies()
    {
        var bodies = new List<(WireFormat, string, ReadOnlyMemory<byte>, string[])>();
        var options = new TranslationOptions { Model = "some-model", AnswerId = "A", CreatedAt = DateTimeOffset.UnixEpoch };
        foreach (var (name, members, mayRefuse) in Requests)
        {
            ReadOnlyMemory<byte> chat = Encoding.UTF8.GetBytes($"{{\"model\":\"some-model\",{members}}}");
            bodies.Add((WireFormat.OpenAiChat, name, chat, mayRefuse));
            foreach (var client in new[] { WireFormat.OpenAiResponses, WireFormat.Anthropic, WireFormat.Gemini, WireFormat.BedrockConverse })
            {
                if (Translator.For(WireFormat.OpenAiChat, client)!.TryTranslate(chat, options, out var request, out _)) bodies.Add((client, name, request.Body, mayRefuse));
            }
        }

        return bodies;
    }

    /// <summary>The name of a field as OpenAI has it.</summary>
    private static string Canonical(string field) => field switch
    {
        "input" or "contents" => "messages", "toolConfig.toolChoice" or "toolConfig.functionCallingConfig" => "tool_choice", "toolConfig.tools" => "tools", _ => field,
    };

    private static string Say(string text) => $$"""
        "messages":[{"role":"user","content":"{{text}}"}]
        """;
}
