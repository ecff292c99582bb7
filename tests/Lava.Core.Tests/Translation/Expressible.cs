using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Lava.Core.Catalogue;
using Lava.Core.Pricing;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;

namespace Lava.Core.Tests.Translation;

/// <summary>Makes conversations and answers that a format can say in full.</summary>
internal sealed class Expressible(WireFormat format)
{
    private const string Schema = """{"type":"object","properties":{"a":{"type":"string","description":"An ä."},"b":{"type":"array","items":{"type":"integer"}}},"required":["a"]}""";

    private static readonly JsonElement SchemaElement = JsonElement.Parse(Schema);

    private bool IsClaudes => format is WireFormat.Anthropic or WireFormat.BedrockConverse;

    private bool IsOpenAis => format is WireFormat.OpenAiChat or WireFormat.OpenAiResponses;

    private static Gen<string> Words => Gen.Elements("Hi", "Grüße", "多謝", "a\nb\t\"c\" \\ /", "😀 <&'>", "{\"x\":1}", " ", "line\u2028end");

    private static Gen<bool> Coin => Gen.Elements(true, false);

    public Gen<Conversation> Conversations() =>
        from system in Words.ListOf(1)
        from hasSystem in Coin
        from exchanges in Gen.Choose(0, 3)
        from turns in Turns(exchanges)
        from hasTools in Coin
        from toolCount in Gen.Choose(1, 3)
        from choice in Gen.Elements(Enum.GetValues<ToolChoiceKind>())
        from parallel in Gen.Elements<bool?>(null, true, false)
        from most in Gen.Elements<long?>(1, 100, 32_000)
        from stop in Gen.Elements<string[]>([], ["END"], ["a", "b"])
        from temperature in Gen.Elements<double?>(null, 0, 0.25, 1)
        from topP in Gen.Elements<double?>(null, 0.95, 1)
        from topK in Gen.Elements<long?>(null, 40)
        from penalty in Gen.Elements<double?>(null, 0.5)
        from output in Gen.Elements(0, 1, 2)
        from user in Gen.Elements(null, "user-1")
        from stream in Coin
        let isInBody = format is WireFormat.OpenAiChat or WireFormat.OpenAiResponses or WireFormat.Anthropic
        let hasPenalties = format is WireFormat.OpenAiChat or WireFormat.Gemini
        select new Conversation
        {
            Model = isInBody ? "m" : "",
            System = hasSystem ? [new TextPart(system[0]) { Cache = Cache(turns.Count) }] : [],
            Turns = turns,
            Tools = hasTools ? [.. Enumerable.Range(0, toolCount).Select(ToolOf)] : [],
            ToolChoice = hasTools ? ChoiceOf(choice, [.. Enumerable.Range(0, toolCount).Select(number => $"tool{number}")]) : default,
            ParallelTools = hasTools && (IsOpenAis || (format == WireFormat.Anthropic && choice is not (ToolChoiceKind.None or ToolChoiceKind.Unsaid))) ? parallel : null,
            MaxTokens = most,
            Stop = format == WireFormat.OpenAiResponses ? [] : stop,
            Temperature = temperature,
            TopP = topP,
            TopK = IsOpenAis ? null : topK,
            FrequencyPenalty = hasPenalties ? penalty : null,
            PresencePenalty = hasPenalties ? penalty : null,
            Seed = hasPenalties ? topK : null,
            Output = IsClaudes ? null : OutputOf(output),
            User = isInBody ? user : null,
            Stream = stream && isInBody,
            IncludeUsage = format == WireFormat.OpenAiResponses || (stream && format == WireFormat.OpenAiChat),
        };

    public Gen<Answer> Answers() =>
        from kinds in Gen.Choose(0, 2).ListOf(3)
        from words in Words.ListOf(3)
        from signed in Coin
        from length in Coin
        from input in Gen.Choose(0, 1000)
        from cached in Gen.Choose(0, 100)
        from output in Gen.Choose(0, 1000)
        from reasoning in Gen.Choose(0, 100)
        let parts = Ordered(kinds.Distinct().Zip(words, (kind, word) => AnswerPart(kind, word, signed)))
        select new Answer
        {
            Id = format == WireFormat.BedrockConverse ? null : "id-1",
            Model = format == WireFormat.BedrockConverse ? null : "m-1",
            Parts = parts,
            Finish = length ? FinishReason.Length : parts.Any(part => part is ToolCallPart) && format is not WireFormat.Gemini ? FinishReason.ToolCalls : FinishReason.Stop,
            Usage = new Usage { InputTokens = input + cached, CacheReadTokens = cached, OutputTokens = output + reasoning, ReasoningTokens = IsClaudes ? 0 : reasoning },
        };

    private Gen<IReadOnlyList<Turn>> Turns(int exchanges) =>
        from words in Words.ListOf(exchanges + 1)
        from rows in Gen.Choose(0, 63).ListOf(exchanges + 1)
        select Numbered(Enumerable.Range(0, exchanges).SelectMany(i => Exchange(i, words[i], rows[i])).Append(new Turn(false, UserParts(words[exchanges], rows[exchanges]))).ToList());

    /// <summary>A question, what the model says to it, perhaps with calls, and the calls' answers.</summary>
    private IEnumerable<Turn> Exchange(int number, string words, int row)
    {
        var calls = (row & 1) == 0 ? 0 : 1 + ((row >> 1) & 1);
        yield return new Turn(false, UserParts(words, row));
        var said = new List<Part>();
        if (IsClaudes && (row & 4) != 0) said.Add(new ThinkingPart(words, "c2lnbmVk"));
        if (calls == 0 || (row & 8) != 0) said.Add(new TextPart(words) { Cache = Cache(row) });
        for (var call = 0; call < calls; call++) said.Add(new ToolCallPart($"id_{number}-{call}", $"tool{call}", call == 0 ? "{}" : """{"a":"ü","b":[1,2.5,null]}"""));
        yield return new Turn(true, said);
        if (IsOpenAis && calls == 2) said.Add(new ToolCallPart($"id_{number}-c", "tool2", words) { IsCustom = true });
        if (calls == 0) yield break;
        yield return new Turn(false, [.. said.OfType<ToolCallPart>().Select(call => new ToolResultPart(call.Id, [new TextPart(words)], IsClaudes && (row & 16) != 0))]);
        yield return new Turn(true, [new TextPart(words)]);
    }

    /// <summary>Google has no ids: they are by place, over the whole conversation.</summary>
    private IReadOnlyList<Turn> Numbered(IEnumerable<Turn> turns)
    {
        if (format != WireFormat.Gemini) return [.. turns];
        var ids = new Dictionary<string, string>();
        return [.. turns.Select(turn => turn with
        {
            Parts = [.. turn.Parts.Select(part => part switch
            {
                ToolCallPart call => call with { Id = ids[call.Id] = $"call_{ids.Count + 1}" },
                ToolResultPart result => result with { CallId = ids[result.CallId] },
                _ => part,
            })],
        })];
    }

    private List<Part> UserParts(string words, int row)
    {
        var parts = new List<Part> { new TextPart(words) { Cache = Cache(row) } };
        if ((row & 2) != 0) parts.Add(new ImagePart(new Media("image/png", "aGk=", null), IsOpenAis ? "low" : null));
        if ((row & 4) != 0 && format != WireFormat.BedrockConverse) parts.Add(new ImagePart(new Media(null, null, "https://a.example/b.png")));
        if ((row & 8) != 0) parts.Add(new DocumentPart(new Media("application/pdf", "aGk=", null), format == WireFormat.Gemini ? null : "notes"));
        return parts;
    }

    private CacheMark Cache(int row) => !IsClaudes ? CacheMark.None : (row & 48) switch { 0 => CacheMark.Short, 16 => CacheMark.Long, _ => CacheMark.None };

    private Tool ToolOf(int number) => number == 2 && IsOpenAis ? new Tool("tool2", "Takes text.", default) { Input = new TextInput("lark", "start: /.+/\n") } :
        new($"tool{number}", number == 1 ? null : "Does it.", SchemaElement) { Strict = IsOpenAis ? number == 1 : null, Cache = Cache(number * 16) };

    private ToolChoice ChoiceOf(ToolChoiceKind kind, string[] names) => kind switch
    {
        ToolChoiceKind.Named => new ToolChoice(kind, names[^1]),
        ToolChoiceKind.None when format == WireFormat.BedrockConverse => default,
        _ => new ToolChoice(kind),
    };

    private OutputShape? OutputOf(int output) => output switch { 1 => new OutputShape(default), 2 => new OutputShape(SchemaElement, IsOpenAis ? "shape" : null, IsOpenAis ? true : null), _ => null };

    private Part AnswerPart(int kind, string words, bool signed) => kind switch
    {
        0 => new ThinkingPart(words, signed && !IsOpenAis ? "c2ln" : null),
        1 => new TextPart(words),
        _ => new ToolCallPart("call_1", "tool", """{"a":"ü"}""") { Signature = format is WireFormat.Gemini or WireFormat.OpenAiChat ? "c2ln" : null },
    };

    private static IReadOnlyList<Part> Ordered(IEnumerable<Part> parts) => [.. parts.OrderBy(part => part is ThinkingPart ? 0 : part is TextPart ? 1 : 2)];
}
