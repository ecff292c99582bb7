using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation.Bedrock;

/// <summary>Amazon Bedrock's Converse and ConverseStream (docs.aws.amazon.com/bedrock/latest/APIReference). The model and whether to stream are in the
/// path.</summary>
internal sealed class BedrockDialect : Dialect
{
    public override WireFormat Format => WireFormat.BedrockConverse;

    public override FieldNames Names { get; } = new("messages", "inferenceConfig.stopSequences", "toolConfig.tools", "toolConfig.toolChoice", "outputConfig");

    public override string StreamType => "application/vnd.amazon.eventstream";

    public override Conversation ReadRequest(JsonView body) => BedrockRequestReader.Read(body);

    public override void WriteRequest(Conversation conversation, Utf8JsonWriter json, Issues issues) => BedrockRequestWriter.Write(conversation, json, issues);

    public override Answer ReadAnswer(JsonElement body, Issues issues) => BedrockAnswers.Read(body, issues);

    public override void WriteAnswer(Answer answer, ReplyFrame frame, Utf8JsonWriter json) => BedrockAnswers.Write(answer, json);

    public override AnswerStreamReader OpenReader(AnswerFlow flow) => new BedrockStreamReader(flow);

    public override AnswerStreamWriter OpenWriter(ReplyFrame frame) => new BedrockStreamWriter();

    public override ProviderError ReadError(int status, JsonElement body) => BedrockErrors.Read(status, body);

    public override void WriteError(ProviderError error, Utf8JsonWriter json) => BedrockErrors.Write(error, json);
}
