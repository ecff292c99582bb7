using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation.Gemini;

/// <summary>Google's generateContent (ai.google.dev/api/generate-content). The model and whether to stream are in the path.</summary>
internal sealed class GeminiDialect : Dialect
{
    public override WireFormat Format => WireFormat.Gemini;

    public override FieldNames Names { get; } = new(
        "contents",
        "generationConfig.stopSequences",
        "tools",
        "toolConfig.functionCallingConfig",
        "generationConfig.responseSchema");

    public override Conversation ReadRequest(JsonView body) => GeminiRequestReader.Read(body);

    public override void WriteRequest(Conversation conversation, Utf8JsonWriter json, Issues issues) => GeminiRequestWriter.Write(conversation, json, issues);

    public override Answer ReadAnswer(JsonElement body, Issues issues) => GeminiAnswers.Read(body, issues);

    public override void WriteAnswer(Answer answer, ReplyFrame frame, Utf8JsonWriter json) => GeminiAnswers.Write(answer, frame, json);

    public override AnswerStreamReader OpenReader(AnswerFlow flow) => new GeminiStreamReader(flow);

    public override AnswerStreamWriter OpenWriter(ReplyFrame frame) => new GeminiStreamWriter(frame);

    public override ProviderError ReadError(int status, JsonElement body) => GeminiErrors.Read(status, body);

    public override void WriteError(ProviderError error, Utf8JsonWriter json) => GeminiErrors.Write(error, json);
}
