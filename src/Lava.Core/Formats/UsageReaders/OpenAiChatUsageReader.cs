using Lava.Core.Formats.Answers;

namespace Lava.Core.Formats.UsageReaders;

/// <summary>Meters chat completions (platform.openai.com/docs/api-reference/chat). Groq's streams report in <c>x_groq.usage</c> unless asked for usage,
/// Moonshot's inside the last choice.</summary>
internal sealed class OpenAiChatUsageReader : UsageReader
{
    private const int Usage = 0, Id = 1, Model = 2, Error = 3, GroqUsage = 4, ChoiceUsage = 5, Choices = 6, ServiceTier = 7;

    private static readonly JsonShape TheShape = new("usage", "id", "model", "error", "x_groq.usage", "choices.usage", "choices[]", "service_tier");

    public override JsonShape Shape => TheShape;

    public override bool IsDull(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => HasId && !HasUsageObject(data) && data.IndexOf("\"error\""u8) < 0;

    public override bool IsUsageAlone(JsonScanner json) => json.Count(Choices) == 0 && json.Value(Usage).StartsWith("{"u8);

    protected override void TakeMembers(JsonScanner json)
    {
        Name(json.Value(Id), json.Value(Model));
        Fault(json.Value(Error));
        var usage = json.Value(Usage);
        if (!usage.StartsWith("{"u8)) usage = json.Value(GroqUsage);
        if (!usage.StartsWith("{"u8)) usage = json.Value(ChoiceUsage);
        if (!usage.IsEmpty) Report(OpenAiUsage.Read(usage));
        Tier(json.Value(ServiceTier));
    }

    // Asked for usage, OpenAI sends "usage":null with every chunk but the last.
    private static bool HasUsageObject(ReadOnlySpan<byte> data)
    {
        while (true)
        {
            var at = data.IndexOf("\"usage\""u8);
            if (at < 0) return false;
            data = data[(at + 7)..];
            if (data.TrimStart(": \t"u8).StartsWith("{"u8)) return true;
        }
    }
}
