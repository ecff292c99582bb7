using System.Text;
using Lava.Core.Catalogue;
using Lava.Core.Tests.Formats;

namespace Lava.Core.Tests.Translation;

/// <summary>Answers as the vendors' API references show them (platform.openai.com, docs.anthropic.com, ai.google.dev, docs.aws.amazon.com), cut to one case each: text and then a call of
/// a tool, 30 tokens in, 10 of them from a cache, 12 out.</summary>
public static class Samples
{
    public static string Answer(WireFormat format) => format switch
    {
        WireFormat.OpenAiChat => """
            {"id":"chatcmpl-9","object":"chat.completion","created":1,"model":"gpt-x","choices":[{"index":0,"message":{"role":"assistant","content":"Let me look.","refusal":null,
            "tool_calls":[{"id":"call_7","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Zürich\"}"}}]},"logprobs":null,"finish_reason":"tool_calls"}],
            "usage":{"prompt_tokens":30,"completion_tokens":12,"total_tokens":42,"prompt_tokens_details":{"cached_tokens":10}}}
            """,
        WireFormat.OpenAiResponses => """
            {"id":"resp_9","object":"response","created_at":1,"status":"completed","error":null,"incomplete_details":null,"model":"gpt-x","output":[
            {"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Let me look.","annotations":[]}]},
            {"id":"fc_1","type":"function_call","status":"completed","call_id":"call_7","name":"weather","arguments":"{\"city\":\"Zürich\"}"}],
            "usage":{"input_tokens":30,"input_tokens_details":{"cached_tokens":10},"output_tokens":12,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":42}}
            """,
        WireFormat.Anthropic => """
            {"id":"msg_9","type":"message","role":"assistant","model":"claude-x","content":[{"type":"text","text":"Let me look."},
            {"type":"tool_use","id":"toolu_7","name":"weather","input":{"city":"Zürich"}}],"stop_reason":"tool_use","stop_sequence":null,
            "usage":{"input_tokens":20,"cache_creation_input_tokens":0,"cache_read_input_tokens":10,"output_tokens":12}}
            """,
        WireFormat.Gemini => """
            {"candidates":[{"content":{"parts":[{"text":"Let me look."},{"functionCall":{"name":"weather","args":{"city":"Zürich"}},"thoughtSignature":"c2ln"}],"role":"model"},
            "finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":30,"candidatesTokenCount":12,"totalTokenCount":42,"cachedContentTokenCount":10},
            "modelVersion":"gemini-x","responseId":"g9"}
            """,
        _ => """
            {"output":{"message":{"role":"assistant","content":[{"text":"Let me look."},{"toolUse":{"toolUseId":"tooluse_7","name":"weather","input":{"city":"Zürich"}}}]}},
            "stopReason":"tool_use","usage":{"inputTokens":20,"outputTokens":12,"totalTokens":42,"cacheReadInputTokens":10},"metrics":{"latencyMs":1}}
            """,
    };

    /// <summary>The same answer as a stream.</summary>
    public static byte[] Stream(WireFormat format) => format switch
    {
        WireFormat.OpenAiChat => Events(
            """{"id":"chatcmpl-9","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
            """{"id":"chatcmpl-9","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[{"index":0,"delta":{"content":"Let me"},"finish_reason":null}]}""",
            """{"id":"chatcmpl-9","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[{"index":0,"delta":{"content":" look."},"finish_reason":null}]}""",
            """{"id":"chatcmpl-9","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_7","type":"function","function":{"name":"weather","arguments":""}}]},"finish_reason":null}]}""",
            """{"id":"chatcmpl-9","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]},"finish_reason":null}]}""",
            """{"id":"chatcmpl-9","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"Zürich\"}"}}]},"finish_reason":null}]}""",
            """{"id":"chatcmpl-9","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
            """{"id":"chatcmpl-9","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[],"usage":{"prompt_tokens":30,"completion_tokens":12,"total_tokens":42,"prompt_tokens_details":{"cached_tokens":10}}}""",
            "[DONE]"),
        WireFormat.OpenAiResponses => Events(
            """{"type":"response.created","sequence_number":0,"response":{"id":"resp_9","model":"gpt-x","status":"in_progress","output":[]}}""",
            """{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}""",
            """{"type":"response.content_part.added","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":""}}""",
            """{"type":"response.output_text.delta","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Let me"}""",
            """{"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","output_index":0,"content_index":0,"delta":" look."}""",
            """{"type":"response.output_text.done","sequence_number":5,"item_id":"msg_1","output_index":0,"content_index":0,"text":"Let me look."}""",
            """{"type":"response.output_item.done","sequence_number":6,"output_index":0,"item":{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Let me look."}]}}""",
            """{"type":"response.output_item.added","sequence_number":7,"output_index":1,"item":{"id":"fc_1","type":"function_call","status":"in_progress","call_id":"call_7","name":"weather","arguments":""}}""",
            """{"type":"response.function_call_arguments.delta","sequence_number":8,"item_id":"fc_1","output_index":1,"delta":"{\"city\":"}""",
            """{"type":"response.function_call_arguments.delta","sequence_number":9,"item_id":"fc_1","output_index":1,"delta":"\"Zürich\"}"}""",
            """{"type":"response.output_item.done","sequence_number":10,"output_index":1,"item":{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_7","name":"weather","arguments":"{\"city\":\"Zürich\"}"}}""",
            """{"type":"response.completed","sequence_number":11,"response":{"id":"resp_9","model":"gpt-x","status":"completed","usage":{"input_tokens":30,"input_tokens_details":{"cached_tokens":10},"output_tokens":12,"total_tokens":42}}}"""),
        WireFormat.Anthropic => Events(
            """{"type":"message_start","message":{"id":"msg_9","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"usage":{"input_tokens":20,"cache_read_input_tokens":10,"cache_creation_input_tokens":0,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"ping"}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Let me"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" look."}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_7","name":"weather","input":{}}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"city\":"}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"\"Zürich\"}"}}""",
            """{"type":"content_block_stop","index":1}""",
            """{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":12}}""",
            """{"type":"message_stop"}"""),
        WireFormat.Gemini => Events(
            """{"candidates":[{"content":{"parts":[{"text":"Let me"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":30,"candidatesTokenCount":2,"totalTokenCount":32,"cachedContentTokenCount":10},"modelVersion":"gemini-x","responseId":"g9"}""",
            """{"candidates":[{"content":{"parts":[{"text":" look."}],"role":"model"},"index":0}],"modelVersion":"gemini-x","responseId":"g9"}""",
            """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"weather","args":{"city":"Zürich"}},"thoughtSignature":"c2ln"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":30,"candidatesTokenCount":12,"totalTokenCount":42,"cachedContentTokenCount":10},"modelVersion":"gemini-x","responseId":"g9"}"""),
        _ => Frames(
            ("messageStart", """{"role":"assistant"}"""),
            ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"Let me"},"p":"abc"}"""),
            ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":" look."}}"""),
            ("contentBlockStop", """{"contentBlockIndex":0}"""),
            ("contentBlockStart", """{"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"tooluse_7","name":"weather"}}}"""),
            ("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"city\":"}}}"""),
            ("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"toolUse":{"input":"\"Zürich\"}"}}}"""),
            ("contentBlockStop", """{"contentBlockIndex":1}"""),
            ("messageStop", """{"stopReason":"tool_use"}"""),
            ("metadata", """{"usage":{"inputTokens":20,"outputTokens":12,"totalTokens":42,"cacheReadInputTokens":10},"metrics":{"latencyMs":1}}""")),
    };

    public static byte[] Events(params string[] data) => Encoding.UTF8.GetBytes(string.Concat(data.Select(item => $"data: {item}\n\n")));

    public static byte[] Frames(params (string Type, string Payload)[] frames) => [.. frames.SelectMany(frame => EventStreamFrame.Of(frame.Type, frame.Payload))];
}
