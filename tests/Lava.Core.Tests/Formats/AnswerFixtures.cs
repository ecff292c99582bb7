using Lava.Core.Catalogue;
using Lava.Core.Pricing;
using static Lava.Core.Tests.Formats.AnswerFixture;

namespace Lava.Core.Tests.Formats;

/// <summary>Answers in the shapes that the providers document; each names its page.</summary>
public static class AnswerFixtures
{
    private const string Json = "application/json";
    private const string Sse = "text/event-stream; charset=utf-8";

    // platform.openai.com/docs/api-reference/chat/object
    public static readonly AnswerFixture ChatJson = new("chat json", WireFormat.OpenAiChat, EndpointKind.Chat, Json, Bytes("""
        {
          "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
          "object": "chat.completion",
          "created": 1741569952,
          "model": "gpt-4.1-2025-04-14",
          "choices": [
            {
              "index": 0,
              "message": {
                "role": "assistant",
                "content": "Say \"usage\": {\"prompt_tokens\": 1} and a brace } or two ]]",
                "refusal": null,
                "annotations": []
              },
              "logprobs": null,
              "finish_reason": "stop"
            }
          ],
          "usage": {
            "prompt_tokens": 1019,
            "completion_tokens": 110,
            "total_tokens": 1129,
            "prompt_tokens_details": { "cached_tokens": 512, "audio_tokens": 7 },
            "completion_tokens_details": { "reasoning_tokens": 64, "audio_tokens": 3, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0 }
          },
          "service_tier": "default"
        }

        """), new Usage { InputTokens = 1019, OutputTokens = 110, CacheReadTokens = 512, ReasoningTokens = 64, AudioInputTokens = 7, AudioOutputTokens = 3 })
    {
        ResponseId = "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", Model = "gpt-4.1-2025-04-14",
    };

    // platform.openai.com/docs/api-reference/chat-streaming, with stream_options.include_usage
    public static readonly AnswerFixture ChatSse = new("chat events", WireFormat.OpenAiChat, EndpointKind.Chat, Sse, Bytes("""
        data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1694268190,"model":"gpt-4o-mini","system_fingerprint":"fp_44709d6fcb","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"usage":null}

        : keep-alive

        data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1694268190,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":"He said \"usage\":{} \\"},"finish_reason":null}],"usage":null}

        data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1694268190,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}

        data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1694268190,"model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":6}}}

        data: [DONE]


        """), new Usage { InputTokens = 19, OutputTokens = 10, CacheReadTokens = 4, ReasoningTokens = 6 }) { ResponseId = "chatcmpl-123", Model = "gpt-4o-mini" };

    // docs.mistral.ai/api: the usage comes with the last choice
    public static readonly AnswerFixture ChatSseUsageWithChoice = new("chat events, usage with the last choice", WireFormat.OpenAiChat, EndpointKind.Chat, Sse, Bytes("""
        data: {"id":"cmpl-e5","object":"chat.completion.chunk","model":"mistral-small-latest","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}

        data: {"id":"cmpl-e5","object":"chat.completion.chunk","model":"mistral-small-latest","choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":4,"total_tokens":6,"completion_tokens":2}}

        data: [DONE]


        """), new Usage { InputTokens = 4, OutputTokens = 2 }) { ResponseId = "cmpl-e5", Model = "mistral-small-latest" };

    // console.groq.com/docs/api-reference: x_groq; learn.microsoft.com, Azure OpenAI: a first chunk without choices
    public static readonly AnswerFixture ChatSseGroq = new("chat events, x_groq", WireFormat.OpenAiChat, EndpointKind.Chat, Sse, Bytes("""
        data: {"id":"","object":"","created":0,"model":"","prompt_filter_results":[{"prompt_index":0}],"choices":[]}

        data: {"id":"chatcmpl-f5","model":"llama-3.1-8b-instant","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}],"x_groq":{"id":"req_01"}}

        data: {"id":"chatcmpl-f5","model":"llama-3.1-8b-instant","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"req_01","usage":{"queue_time":0.03,"prompt_tokens":45,"prompt_time":0.001,"completion_tokens":9,"completion_time":0.01,"total_tokens":54}}}

        data: [DONE]

        """), new Usage { InputTokens = 45, OutputTokens = 9 }) { ResponseId = "chatcmpl-f5", Model = "llama-3.1-8b-instant" };

    // platform.moonshot.ai/docs/api/chat: the usage stands inside the choice, with cached_tokens at its top
    public static readonly AnswerFixture ChatSseMoonshot = new("chat events, usage inside the choice", WireFormat.OpenAiChat, EndpointKind.Chat, Sse, Bytes("""
        data: {"id":"cmpl-1305","object":"chat.completion.chunk","model":"kimi-k2","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

        data: {"id":"cmpl-1305","object":"chat.completion.chunk","model":"kimi-k2","choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":19,"completion_tokens":13,"total_tokens":32,"cached_tokens":11}}]}

        data: [DONE]


        """), new Usage { InputTokens = 19, OutputTokens = 13, CacheReadTokens = 11 }) { ResponseId = "cmpl-1305", Model = "kimi-k2" };

    // api-docs.deepseek.com/api/create-chat-completion
    public static readonly AnswerFixture ChatJsonDeepSeek = new("chat json, cache hits apart", WireFormat.OpenAiChat, EndpointKind.Chat, Json, Bytes(
        """{"id":"d1","choices":[{"finish_reason":"stop","index":0,"message":{"content":"Hi","role":"assistant"}}],"model":"deepseek-chat","usage":{"completion_tokens":10,"prompt_tokens":16,"prompt_cache_hit_tokens":12,"prompt_cache_miss_tokens":4,"total_tokens":26}}"""),
        new Usage { InputTokens = 16, OutputTokens = 10, CacheReadTokens = 12 }) { ResponseId = "d1", Model = "deepseek-chat" };

    // docs.x.ai/docs/api-reference: reasoning is counted beside the completion
    public static readonly AnswerFixture ChatJsonXai = new("chat json, reasoning beside the completion", WireFormat.OpenAiChat, EndpointKind.Chat, Json, Bytes(
        """{"id":"a3d1008e","model":"grok-4","choices":[{"index":0,"message":{"role":"assistant","content":"101"}}],"usage":{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,"completion_tokens_details":{"reasoning_tokens":94}}}"""),
        new Usage { InputTokens = 32, OutputTokens = 103, ReasoningTokens = 94 }) { ResponseId = "a3d1008e", Model = "grok-4" };

    public static readonly AnswerFixture ChatJsonZero = new("chat json, nothing used", WireFormat.OpenAiChat, EndpointKind.Chat, Json,
        Bytes("""{"id":"z","choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}"""), default) { ResponseId = "z" };

    // openrouter.ai/docs/api-reference/streaming: an error in the middle of a stream
    public static readonly AnswerFixture ChatSseError = new("chat events, error", WireFormat.OpenAiChat, EndpointKind.Chat, Sse, Bytes("""
        : OPENROUTER PROCESSING

        data: {"id":"gen-1","model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}

        data: {"id":"gen-1","model":"m","error":{"code":"server_error","message":"Provider disconnected"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}

        data: [DONE]


        """), default) { HasUsage = false, HasError = true, ResponseId = "gen-1", Model = "m" };

    // platform.openai.com/docs/api-reference/responses/object
    public static readonly AnswerFixture ResponsesJson = new("responses json", WireFormat.OpenAiResponses, EndpointKind.Chat, Json, Bytes("""
        {"id":"resp_67ccd2bed1ec8190","object":"response","created_at":1741476542,"status":"completed","error":null,"incomplete_details":null,"model":"gpt-4.1-2025-04-14",
        "output":[{"type":"message","id":"msg_67","status":"completed","role":"assistant","content":[{"type":"output_text","text":"In a grove","annotations":[]}]}],
        "text":{"format":{"type":"text"}},"usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":8},"output_tokens":87,"output_tokens_details":{"reasoning_tokens":20},"total_tokens":123},"user":null,"metadata":{}}
        """), new Usage { InputTokens = 36, OutputTokens = 87, CacheReadTokens = 8, ReasoningTokens = 20 }) { ResponseId = "resp_67ccd2bed1ec8190", Model = "gpt-4.1-2025-04-14" };

    // platform.openai.com/docs/api-reference/responses-streaming
    public static readonly AnswerFixture ResponsesSse = new("responses events", WireFormat.OpenAiResponses, EndpointKind.Chat, Sse, Bytes("""
        event: response.created
        data: {"type":"response.created","response":{"id":"resp_1","object":"response","status":"in_progress","error":null,"model":"gpt-5","output":[],"usage":null},"sequence_number":0}

        event: response.output_text.delta
        data: {"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hi","sequence_number":4}

        event: response.completed
        data: {"type":"response.completed","response":{"id":"resp_1","object":"response","status":"completed","error":null,"model":"gpt-5","output":[{"id":"msg_1","type":"message","content":[{"type":"output_text","text":"Hi"}]}],"usage":{"input_tokens":37,"input_tokens_details":{"cached_tokens":2},"output_tokens":11,"output_tokens_details":{"reasoning_tokens":5},"total_tokens":48}},"sequence_number":9}


        """), new Usage { InputTokens = 37, OutputTokens = 11, CacheReadTokens = 2, ReasoningTokens = 5 }) { ResponseId = "resp_1", Model = "gpt-5" };

    public static readonly AnswerFixture ResponsesSseFailed = new("responses events without names, failed", WireFormat.OpenAiResponses, EndpointKind.Chat, Sse, Bytes("""
        data: {"type":"response.created","response":{"id":"resp_2","model":"gpt-5","usage":null}}

        data: {"response":{"id":"resp_2","status":"failed","error":{"code":"server_error","message":"no"},"usage":null},"type":"response.failed"}


        """), default) { HasUsage = false, HasError = true, ResponseId = "resp_2", Model = "gpt-5" };

    // docs.anthropic.com/en/api/messages
    public static readonly AnswerFixture AnthropicJson = new("anthropic json", WireFormat.Anthropic, EndpointKind.Chat, Json, Bytes(
        """{"content":[{"text":"Hi!","type":"text"}],"id":"msg_013Zva2CMHLNnXjNJJKqJ2EF","model":"claude-sonnet-4-5","role":"assistant","stop_reason":"end_turn","stop_sequence":null,"type":"message","usage":{"input_tokens":21,"cache_creation_input_tokens":300,"cache_read_input_tokens":1000,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":503,"service_tier":"standard"}}"""),
        new Usage { InputTokens = 1321, OutputTokens = 503, CacheReadTokens = 1000, CacheWriteTokens = 300, CacheWriteLongTokens = 200 })
    {
        ResponseId = "msg_013Zva2CMHLNnXjNJJKqJ2EF", Model = "claude-sonnet-4-5",
    };

    // docs.anthropic.com/en/docs/build-with-claude/streaming
    public static readonly AnswerFixture AnthropicSse = new("anthropic events", WireFormat.Anthropic, EndpointKind.Chat, Sse, Bytes("""
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyY","type":"message","role":"assistant","content":[],"model":"claude-sonnet-4-5","stop_reason":null,"usage":{"input_tokens":25,"cache_read_input_tokens":40,"cache_creation_input_tokens":0,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: ping
        data: {"type": "ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15}}

        event: message_stop
        data: {"type":"message_stop"}


        """), new Usage { InputTokens = 65, OutputTokens = 15, CacheReadTokens = 40 }) { ResponseId = "msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyY", Model = "claude-sonnet-4-5" };

    public static readonly AnswerFixture AnthropicSseError = new("anthropic events, error", WireFormat.Anthropic, EndpointKind.Chat, Sse, Bytes("""
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_2","model":"claude-haiku-4-5","usage":{"input_tokens":25,"output_tokens":1}}}

        event: error
        data: {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


        """), new Usage { InputTokens = 25, OutputTokens = 1 }) { HasError = true, HasEnd = false, ResponseId = "msg_2", Model = "claude-haiku-4-5" };

    private const string GeminiLast =
        """{"candidates":[{"content":{"parts":[{"text":" there"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":264,"candidatesTokenCount":7,"totalTokenCount":374,"cachedContentTokenCount":100,"promptTokensDetails":[{"modality":"TEXT","tokenCount":4},{"modality":"IMAGE","tokenCount":258},{"modality":"AUDIO","tokenCount":2}],"candidatesTokensDetails":[{"modality":"TEXT","tokenCount":7}],"thoughtsTokenCount":100,"toolUsePromptTokenCount":3},"modelVersion":"gemini-2.5-flash","responseId":"r1"}""";

    private const string GeminiFirst =
        """{"candidates":[{"content":{"parts":[{"text":"Hi, [\"x\"] \u0022"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":264,"totalTokenCount":264},"modelVersion":"gemini-2.5-flash","responseId":"r1"}""";

    private static readonly Usage GeminiUsed = new()
    {
        InputTokens = 267, OutputTokens = 107, CacheReadTokens = 100, ReasoningTokens = 100, AudioInputTokens = 2, ImageInputTokens = 258,
    };

    // ai.google.dev/api/generate-content#UsageMetadata
    public static readonly AnswerFixture GeminiJson =
        new("gemini json", WireFormat.Gemini, EndpointKind.Chat, "application/json; charset=UTF-8", Bytes(GeminiLast + "\n"), GeminiUsed) { ResponseId = "r1", Model = "gemini-2.5-flash" };

    // ai.google.dev/api/generate-content, streamGenerateContent without alt=sse
    public static readonly AnswerFixture GeminiArray =
        new("gemini array", WireFormat.Gemini, EndpointKind.Chat, Json, Bytes("[" + GeminiFirst + "\n,\r\n" + GeminiLast + "\n]\n"), GeminiUsed) { ResponseId = "r1", Model = "gemini-2.5-flash" };

    // the same with alt=sse
    public static readonly AnswerFixture GeminiSse =
        new("gemini events", WireFormat.Gemini, EndpointKind.Chat, "text/event-stream", Bytes("data: " + GeminiFirst + "\r\n\r\ndata: " + GeminiLast + "\r\n\r\n"), GeminiUsed)
        {
            ResponseId = "r1", Model = "gemini-2.5-flash",
        };

    // ai.google.dev/api/embeddings
    public static readonly AnswerFixture GeminiEmbedding =
        new("gemini embedding", WireFormat.Gemini, EndpointKind.Embeddings, Json, Bytes("""{"embedding":{"values":[0.013168523,-0.008711934]}}"""), default) { HasUsage = false };

    // docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
    public static readonly AnswerFixture BedrockJson = new("converse json", WireFormat.BedrockConverse, EndpointKind.Chat, Json, Bytes(
        """{"metrics":{"latencyMs":1275},"output":{"message":{"content":[{"text":"Hi"}],"role":"assistant"}},"stopReason":"end_turn","usage":{"inputTokens":30,"outputTokens":62,"totalTokens":1092,"cacheReadInputTokens":900,"cacheWriteInputTokens":100}}"""),
        new Usage { InputTokens = 1030, OutputTokens = 62, CacheReadTokens = 900, CacheWriteTokens = 100 });

    // docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
    public static readonly AnswerFixture BedrockStream = new("converse stream", WireFormat.BedrockConverse, EndpointKind.Chat, "application/vnd.amazon.eventstream", [
        .. EventStreamFrame.Of("messageStart", """{"p":"abcdefg","role":"assistant"}"""),
        .. EventStreamFrame.Of("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"Hi"},"p":"abc"}"""),
        .. EventStreamFrame.Of("contentBlockStop", """{"contentBlockIndex":0,"p":"abcd"}"""),
        .. EventStreamFrame.Of("messageStop", """{"p":"ab","stopReason":"end_turn"}"""),
        .. EventStreamFrame.Of("metadata", """{"metrics":{"latencyMs":486},"p":"abcdefghijkl","usage":{"inputTokens":11,"outputTokens":32,"totalTokens":43}}"""),
    ], new Usage { InputTokens = 11, OutputTokens = 32 });

    public static readonly AnswerFixture BedrockStreamFault = new("converse stream, exception", WireFormat.BedrockConverse, EndpointKind.Chat, "application/vnd.amazon.eventstream", [
        .. EventStreamFrame.Of("messageStart", """{"role":"assistant"}"""),
        .. EventStreamFrame.Of("throttlingException", """{"message":"slow down"}""", "exception"),
    ], default) { HasUsage = false, HasError = true, HasEnd = false };

    // docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html, with the events of docs.anthropic.com/en/api/messages-streaming
    public static readonly AnswerFixture InvokeStream = new("invoke stream", WireFormat.Anthropic, EndpointKind.Chat, "application/vnd.amazon.eventstream", [
        .. Chunk("""{"type":"message_start","message":{"model":"claude-sonnet-4-6","id":"msg_bdrk_1","type":"message","role":"assistant","content":[],"usage":{"input_tokens":25,"cache_read_input_tokens":100,"output_tokens":1}}}"""),
        .. Chunk("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""),
        .. Chunk("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"usage"}}"""),
        .. Chunk("""{"type":"content_block_stop","index":0}"""),
        .. Chunk("""{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15}}"""),
        .. Chunk("""{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":25,"outputTokenCount":15,"invocationLatency":901,"firstByteLatency":300}}"""),
    ], new Usage { InputTokens = 125, OutputTokens = 15, CacheReadTokens = 100 }) { ResponseId = "msg_bdrk_1", Model = "claude-sonnet-4-6" };

    public static readonly AnswerFixture InvokeStreamFault = new("invoke stream, exception", WireFormat.Anthropic, EndpointKind.Chat, "application/vnd.amazon.eventstream", [
        .. Chunk("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""),
        .. EventStreamFrame.Of("modelStreamErrorException", """{"message":"broken"}""", "exception"),
    ], default) { HasUsage = false, HasError = true, HasEnd = false };

    // platform.openai.com/docs/api-reference/embeddings
    public static readonly AnswerFixture Embeddings = new("embeddings", WireFormat.OpenAiMedia, EndpointKind.Embeddings, Json, Bytes(
        """{"object":"list","data":[{"object":"embedding","embedding":[0.0023064255,-0.009327292],"index":0}],"model":"text-embedding-3-small","usage":{"prompt_tokens":8,"total_tokens":8}}"""),
        new Usage { InputTokens = 8 }) { Model = "text-embedding-3-small" };

    // platform.openai.com/docs/api-reference/images/object
    public static readonly AnswerFixture Images = new("images with usage", WireFormat.OpenAiMedia, EndpointKind.Images, Json, Bytes(
        """{"created":1713833628,"data":[{"b64_json":"iVBORw0KGgo="},{"b64_json":"iVBORw0KGgo="}],"usage":{"total_tokens":150,"input_tokens":50,"output_tokens":100,"input_tokens_details":{"text_tokens":10,"image_tokens":40}}}"""),
        new Usage { InputTokens = 50, OutputTokens = 100, ImageInputTokens = 40, ImageOutputTokens = 100, Images = 2 });

    public static readonly AnswerFixture ImagesCounted = new("images without usage", WireFormat.OpenAiMedia, EndpointKind.Images, Json, Bytes(
        """{"created":1589478378,"data":[{"url":"https://images.example/{1}"},{"url":"https://images.example/2"},{"url":"https://images.example/3"}]}"""), new Usage { Images = 3 });

    // platform.openai.com/docs/api-reference/images-streaming
    public static readonly AnswerFixture ImageSse = new("image events", WireFormat.OpenAiMedia, EndpointKind.Images, Sse, Bytes("""
        event: image_generation.partial_image
        data: {"type":"image_generation.partial_image","b64_json":"iVBORw0KGgo=","partial_image_index":0}

        event: image_generation.completed
        data: {"type":"image_generation.completed","b64_json":"iVBORw0KGgo=","usage":{"total_tokens":100,"input_tokens":50,"output_tokens":50,"input_tokens_details":{"text_tokens":10,"image_tokens":40}}}


        """), new Usage { InputTokens = 50, OutputTokens = 50, ImageInputTokens = 40, ImageOutputTokens = 50, Images = 1 });

    // platform.openai.com/docs/api-reference/audio/json-object
    public static readonly AnswerFixture TranscriptionTokens = new("transcription by tokens", WireFormat.OpenAiMedia, EndpointKind.Transcription, Json, Bytes(
        """{"text":"Imagine","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":10,"audio_tokens":4},"output_tokens":101,"total_tokens":115}}"""),
        new Usage { InputTokens = 14, OutputTokens = 101, AudioInputTokens = 4 });

    // platform.openai.com/docs/api-reference/audio/verbose-json-object
    public static readonly AnswerFixture TranscriptionSeconds = new("transcription by seconds", WireFormat.OpenAiMedia, EndpointKind.Transcription, Json, Bytes(
        """{"task":"transcribe","language":"english","duration":8.470000267028809,"text":"The beach","segments":[{"id":0,"duration":1}],"usage":{"type":"duration","seconds":9}}"""),
        new Usage { InputSeconds = 9 });

    public static readonly AnswerFixture TranscriptionDuration = new("transcription with a duration alone", WireFormat.OpenAiMedia, EndpointKind.Transcription, Json, Bytes(
        """{"task":"transcribe","language":"english","duration":8.47,"text":"The beach","segments":[]}"""), new Usage { InputSeconds = 8.47m });

    // platform.openai.com/docs/api-reference/audio/transcript-text-done-event
    public static readonly AnswerFixture TranscriptionSse = new("transcription events", WireFormat.OpenAiMedia, EndpointKind.Transcription, Sse, Bytes("""
        data: {"type":"transcript.text.delta","delta":"I"}

        data: {"type":"transcript.text.done","text":"I see","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":0,"audio_tokens":14},"output_tokens":45,"total_tokens":59}}


        """), new Usage { InputTokens = 14, OutputTokens = 45, AudioInputTokens = 14 });

    // elevenlabs.io/docs/api-reference/speech-to-text/convert
    public static readonly AnswerFixture ElevenLabs = new("elevenlabs transcription", WireFormat.ElevenLabs, EndpointKind.Transcription, Json, Bytes(
        """{"language_code":"en","text":"Hi","words":[{"text":"Hi","start":0.1,"end":0.4,"type":"word"}],"transcription_id":"t1","audio_duration_secs":12.5}"""),
        new Usage { InputSeconds = 12.5m }) { ResponseId = "t1" };

    public static readonly AnswerFixture Speech = new("speech", WireFormat.OpenAiMedia, EndpointKind.Speech, "audio/mpeg", [0xFF, 0xFB, 0x90, 0x00, 0x0D, 0x0A, 0x0A, 0x7B], default)
    {
        HasUsage = false, HasEnd = false,
    };

    public static readonly AnswerFixture ErrorPage =
        new("error page", WireFormat.OpenAiChat, EndpointKind.Chat, "text/html", Bytes("<html>\"usage\":{\"prompt_tokens\":1}</html>"), default) { HasUsage = false, HasEnd = false };

    private static byte[] Chunk(string data) => EventStreamFrame.Of("chunk", $$"""{"bytes":"{{Convert.ToBase64String(Bytes(data))}}","p":"abcdef"}""");

    public static IReadOnlyList<AnswerFixture> All { get; } =
    [
        ChatJson, ChatSse, ChatSseUsageWithChoice, ChatSseGroq, ChatSseMoonshot, ChatJsonDeepSeek, ChatJsonXai, ChatJsonZero, ChatSseError,
        ResponsesJson, ResponsesSse, ResponsesSseFailed, AnthropicJson, AnthropicSse, AnthropicSseError,
        GeminiJson, GeminiArray, GeminiSse, GeminiEmbedding, BedrockJson, BedrockStream, BedrockStreamFault, InvokeStream, InvokeStreamFault,
        Embeddings, Images, ImagesCounted, ImageSse, TranscriptionTokens, TranscriptionSeconds, TranscriptionDuration, TranscriptionSse, ElevenLabs, Speech, ErrorPage,
    ];
}
