using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation.OpenAi;

/// <summary>Chat completions (platform.openai.com/docs/api-reference/chat).</summary>
internal sealed class ChatDialect : Dialect
{
    public override WireFormat Format => WireFormat.OpenAiChat;

    public override FieldNames Names { get; } = new("messages", "stop", "tools", "tool_choice", "response_format");

    public override Conversation ReadRequest(JsonView body) => ChatRequestReader.Read(body);

    public override void WriteRequest(Conversation conversation, Utf8JsonWriter json, Issues issues) => ChatRequestWriter.Write(conversation, json, issues);

    public override Answer ReadAnswer(JsonElement body, Issues issues) => ChatAnswers.Read(body, issues);

    public override void WriteAnswer(Answer answer, ReplyFrame frame, Utf8JsonWriter json) => ChatAnswers.Write(answer, frame, json);

    public override AnswerStreamReader OpenReader(AnswerFlow flow) => new ChatStreamReader(flow);

    public override AnswerStreamWriter OpenWriter(ReplyFrame frame) => new ChatStreamWriter(frame);

    public override ProviderError ReadError(int status, JsonElement body) => OpenAiErrors.Read(status, body);

    public override void WriteError(ProviderError error, Utf8JsonWriter json) => OpenAiErrors.Write(error, json);
}
