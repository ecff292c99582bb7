using Lava.Core.Formats.Answers;
using Lava.Core.Pricing;

namespace Lava.Core.Formats.UsageReaders;

/// <summary>Meters the Responses API (platform.openai.com/docs/api-reference/responses): a body is a response; a stream's last event carries it
/// whole.</summary>
internal sealed class OpenAiResponsesUsageReader : UsageReader
{
    private const int Type = 0, Id = 1, Model = 2, Usage = 3, Error = 4, Status = 5, InnerId = 6, InnerModel = 7, InnerUsage = 8, InnerError = 9,
        ServiceTier = 10, InnerTier = 11, Items = 12, InnerItems = 13, Actions = 14, InnerActions = 15, Containers = 16, InnerContainers = 17;

    private static readonly JsonShape TheShape = new(
        "type", "id", "model", "usage", "error", "status", "response.id", "response.model", "response.usage", "response.error",
        "service_tier", "response.service_tier", "output.type*", "response.output.type*", "output.action.type*", "response.output.action.type*",
        "output.container_id*", "response.output.container_id*");

    public override JsonShape Shape => TheShape;

    public override bool IsDull(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => name.IsEmpty
        ? data.IndexOf("\"response\""u8) < 0 && data.IndexOf("\"error\""u8) < 0
        : !name.SequenceEqual("response.created"u8) && !name.SequenceEqual("error"u8) && RoleOf(name) == EventRole.Ordinary;

    public override EventRole RoleOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("response.completed"u8) || name.SequenceEqual("response.failed"u8) || name.SequenceEqual("response.incomplete"u8)
            ? EventRole.Terminal
            : EventRole.Ordinary;

    public override EventRole RoleOf(JsonScanner json) => json.Value(Type) is { Length: > 2 } type ? RoleOf(type[1..^1]) : EventRole.Ordinary;

    protected override void TakeMembers(JsonScanner json)
    {
        Name(json.Value(InnerId), json.Value(InnerModel));
        Fault(json.Value(Error));
        Fault(json.Value(InnerError));
        var type = json.Value(Type);
        if (type.IsEmpty) Name(json.Value(Id), json.Value(Model));
        if (Is(type, "error"u8) || Is(type, "response.failed"u8) || Is(json.Value(Status), "failed"u8)) Fault("true"u8);
        var usage = json.Value(InnerUsage);
        if (usage.IsEmpty && type.IsEmpty) usage = json.Value(Usage);
        if (!usage.IsEmpty) Report(OpenAiUsage.Read(usage));
        if (type.IsEmpty) TakeTerms(json.Value(ServiceTier), json.Value(Items), json.Value(Actions), json.Value(Containers));
        else TakeTerms(json.Value(InnerTier), json.Value(InnerItems), json.Value(InnerActions), json.Value(InnerContainers));
    }

    private void TakeTerms(ReadOnlySpan<byte> tier, ReadOnlySpan<byte> items, ReadOnlySpan<byte> actions, ReadOnlySpan<byte> containers)
    {
        Tier(tier);
        if (items.IndexOf("_call\""u8) < 0) return;

        // Opening a page that a search has found, and looking for words in it, cost nothing.
        Tools(new ToolCalls
        {
            WebSearches = Math.Max(0, items.Count("\"web_search_call\""u8) - actions.Count("\"open_page\""u8) - actions.Count("\"find_in_page\""u8)),
            FileSearches = items.Count("\"file_search_call\""u8),
            CodeExecutions = Different(containers),
        });
    }

    /// <summary>How many different strings there are: code runs in containers, which are billed once however often it runs in them.</summary>
    private static int Different(ReadOnlySpan<byte> strings)
    {
        var count = 0;
        for (var rest = strings; rest.IndexOf((byte)'"') is >= 0 and var at;)
        {
            var text = rest[at..];
            var end = text[1..].IndexOf((byte)'"');
            if (end < 0) break;
            var before = strings[..^(rest.Length - at)];
            if (before.IndexOf(text[..(end + 2)]) < 0) count++;
            rest = text[(end + 2)..];
        }

        return count;
    }
}
