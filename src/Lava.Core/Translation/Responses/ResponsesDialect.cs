using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.OpenAi;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation.Responses;

/// <summary>OpenAI's Responses (platform.openai.com/docs/api-reference/responses), without what is stored there.</summary>
internal sealed class ResponsesDialect : Dialect
{
    /// <summary>What the format calls what writers may refuse.</summary>
    public static FieldNames FieldNames { get; } = new("input", "stop", "tools", "tool_choice", "text.format");

    public override WireFormat Format => WireFormat.OpenAiResponses;

    public override FieldNames Names => FieldNames;

    public override Conversation ReadRequest(JsonView body) => ResponsesRequestReader.Read(body);

    public override void WriteRequest(Conversation conversation, Utf8JsonWriter json, Issues issues) =>
        ResponsesRequestWriter.Write(conversation, json, issues);

    public override Answer ReadAnswer(JsonElement body, Issues issues) => ResponsesAnswers.Read(body, issues);

    public override void WriteAnswer(Answer answer, ReplyFrame frame, Utf8JsonWriter json) => ResponsesAnswers.Write(answer, frame, json);

    public override AnswerStreamReader OpenReader(AnswerFlow flow) => new ResponsesStreamReader(flow);

    public override AnswerStreamWriter OpenWriter(ReplyFrame frame) => new ResponsesStreamWriter(frame);

    public override ProviderError ReadError(int status, JsonElement body) => OpenAiErrors.Read(status, body);

    public override void WriteError(ProviderError error, Utf8JsonWriter json) => OpenAiErrors.Write(error, json);
}
