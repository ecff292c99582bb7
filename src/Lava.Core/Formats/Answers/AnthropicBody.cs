using System.Text.Json;
using Lava.Core.Formats.Usages;

namespace Lava.Core.Formats.Answers;

/// <summary>JSON bodies of Anthropic's Messages API; token counts carry <c>input_tokens</c> but are no usage.</summary>
internal sealed class AnthropicBody : IBodyInterpreter
{
    public static readonly AnthropicBody Instance = new();

    public byte[][] Names => JsonMembers.OpenAi;

    public int Counted => -1;

    public AnswerSummary Read(JsonMemberScanner members)
    {
        var usage = default(AnthropicUsage);
        try
        {
            var reader = new Utf8JsonReader(members.Value(0));
            if (!members.Value(0).IsEmpty && reader.Read()) usage.Update(ref reader);
        }
        catch (JsonException)
        {
            usage = default;
        }

        return new AnswerSummary
        {
            Usage = usage.Usage,
            HasUsage = usage.HasUsage,
            IsInconsistent = usage.IsInconsistent,
            ResponseId = JsonText.Read(members.Value(1)),
            Model = JsonText.Read(members.Value(2)),
        };
    }
}
