using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Translation.Anthropic;
using Lava.Core.Translation.Bedrock;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Gemini;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.OpenAi;
using Lava.Core.Translation.Responses;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation;

/// <summary>One format's way to and from the canonical form; stateless. With one of these for each format any two of them can talk.</summary>
internal abstract class Dialect
{
    private static readonly Dialect[] All = [new ChatDialect(), new ResponsesDialect(), new AnthropicDialect(), new GeminiDialect(), new BedrockDialect()];

    public abstract WireFormat Format { get; }

    /// <summary>What the format calls what writers may refuse.</summary>
    public abstract FieldNames Names { get; }

    /// <summary>Media type of the format's streams.</summary>
    public virtual string StreamType => "text/event-stream";

    /// <summary>The format's dialect; null for one that is not translated.</summary>
    public static Dialect? Of(WireFormat format) => Array.Find(All, dialect => dialect.Format == format);

    /// <summary>Reads a client's request; what is wrong with it goes to the view's issues.</summary>
    public abstract Conversation ReadRequest(JsonView body);

    /// <summary>Writes a request to a provider; what it cannot carry goes to <paramref name="issues"/>, and then what was written is worth nothing.</summary>
    public abstract void WriteRequest(Conversation conversation, Utf8JsonWriter json, Issues issues);

    /// <summary>Reads a provider's whole answer.</summary>
    public abstract Answer ReadAnswer(JsonElement body, Issues issues);

    /// <summary>Writes a whole answer for a client.</summary>
    public abstract void WriteAnswer(Answer answer, ReplyFrame frame, Utf8JsonWriter json);

    /// <summary>Reads a provider's stream.</summary>
    public abstract AnswerStreamReader OpenReader(AnswerFlow flow);

    /// <summary>Writes a stream for a client.</summary>
    public abstract AnswerStreamWriter OpenWriter(ReplyFrame frame);

    /// <summary>Reads a provider's error.</summary>
    /// <param name="status">HTTP status, or what stands for one in the middle of a stream.</param>
    /// <param name="body">The body; undefined where it is no JSON.</param>
    public abstract ProviderError ReadError(int status, JsonElement body);

    /// <summary>Writes an error for a client.</summary>
    public abstract void WriteError(ProviderError error, Utf8JsonWriter json);
}
