using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation.Anthropic;

/// <summary>Anthropic's messages (docs.anthropic.com/en/api/messages).</summary>
internal sealed class AnthropicDialect : Dialect
{
    public override WireFormat Format => WireFormat.Anthropic;

    public override FieldNames Names { get; } = new("messages", "stop_sequences", "tools", "tool_choice", "output_config.format");

    public override Conversation ReadRequest(JsonView body) => AnthropicRequestReader.Read(body);

    public override void WriteRequest(Conversation conversation, Utf8JsonWriter json, Issues issues) =>
        AnthropicRequestWriter.Write(conversation, json, issues);

    public override Answer ReadAnswer(JsonElement body, Issues issues) => AnthropicAnswers.Read(body, issues);

    public override void WriteAnswer(Answer answer, ReplyFrame frame, Utf8JsonWriter json) => AnthropicAnswers.Write(answer, frame, json);

    public override AnswerStreamReader OpenReader(AnswerFlow flow) => new AnthropicStreamReader(flow);

    public override AnswerStreamWriter OpenWriter(ReplyFrame frame) => new AnthropicStreamWriter(frame);

    public override ProviderError ReadError(int status, JsonElement body) => AnthropicErrors.Read(status, body);

    public override void WriteError(ProviderError error, Utf8JsonWriter json) => AnthropicErrors.Write(error, json);
}
