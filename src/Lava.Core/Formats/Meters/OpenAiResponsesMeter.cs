using Lava.Core.Formats.Answers;
using Lava.Core.Formats.Usages;

namespace Lava.Core.Formats.Meters;

/// <summary>Meters the Responses API (platform.openai.com/docs/api-reference/responses): a body is a response; a stream's last event carries it whole.</summary>
internal sealed class OpenAiResponsesMeter : AnswerMeter
{
    private const int Type = 0, Id = 1, Model = 2, Usage = 3, Error = 4, Status = 5, InnerId = 6, InnerModel = 7, InnerUsage = 8, InnerError = 9;

    private static readonly JsonShape TheShape = new(
        "type", "id", "model", "usage", "error", "status", "response.id", "response.model", "response.usage", "response.error");

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
    }
}
