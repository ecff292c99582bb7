using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation;

/// <summary>A request in the provider's format, and the way back for its answer. Belongs to one call.</summary>
public sealed class TranslatedRequest
{
    private readonly Dialect _client;
    private readonly Dialect _provider;
    private readonly ReplyFrame _frame;
    private readonly string? _outputTool;
    private readonly HashSet<string> _wrapped;

    internal TranslatedRequest(
        Dialect client,
        Dialect provider,
        Conversation conversation,
        ReplyFrame frame,
        string? outputTool,
        HashSet<string> wrapped,
        ReadOnlyMemory<byte> body)
    {
        _client = client;
        _provider = provider;
        _frame = frame;
        _outputTool = outputTool;
        _wrapped = wrapped;
        Model = conversation.Model;
        Stream = conversation.Stream;
        HasTemperature = conversation.Temperature > 0;
        Body = body;
    }

    /// <summary>The model that the provider is asked for; never empty.</summary>
    public string Model { get; }

    /// <summary>Whether an answer in a stream is asked for.</summary>
    public bool Stream { get; }

    /// <summary>Whether the client has set a temperature above 0. The provider's request may have lost it: Claude takes none where it thinks.</summary>
    public bool HasTemperature { get; }

    /// <summary>The provider's request, JSON in UTF-8.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Media type of the answer to the client, if the provider succeeds: of the stream where one is asked for, else of JSON.</summary>
    public string AnswerType => !Stream || _frame.AsArray ? "application/json" : _client.StreamType;

    /// <summary>Translates a whole successful answer.</summary>
    /// <param name="answer">The provider's body.</param>
    /// <param name="output">Receives the client's body; nothing where the result is false.</param>
    /// <param name="issue">What is wrong with it, if the result is false: the provider's fault, so a 502.</param>
    public bool TryTranslateAnswer(ReadOnlyMemory<byte> answer, IBufferWriter<byte> output, [NotNullWhen(false)] out TranslationIssue? issue)
    {
        var issues = new Issues(_provider.Names);
        using var document = JsonText.TryParse(answer);
        if (document is not { RootElement.ValueKind: JsonValueKind.Object }) issues.Malformed("", "The provider's answer is not a JSON object.");
        else Translate(document.RootElement, output, issues);
        issue = issues.First;
        return issue is null;
    }

    /// <summary>Opens the translation of a successful answer's stream.</summary>
    public StreamTranslation OpenStream() => new(_client.OpenWriter(_frame), _provider, _outputTool, _wrapped, _frame.AnswerId);

    private void Translate(JsonElement body, IBufferWriter<byte> output, Issues issues)
    {
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            var answer = _provider.ReadAnswer(body, issues);
            if (issues.First is not null) return;
            if (_outputTool is not null) answer = OutputTool.Unwrap(answer);
            if (_wrapped.Count > 0) answer = CustomTools.Unwrap(answer, _wrapped);
            answer = answer with { Parts = ToolIds.Name(answer.Parts, _frame.AnswerId) };
            answer = answer with { Finish = Streams.AnswerFlow.Reason(answer.Finish, answer.Parts.Any(part => part is ToolCallPart)) };
            using (var json = JsonOutput.Open(buffer)) _client.WriteAnswer(answer, _frame, json);
        }
        catch (InvalidOperationException)
        {
            // A string that is not text, such as half of a surrogate pair in an escape.
            issues.Malformed("", "The provider's answer is not text.");
            return;
        }

        output.Write(buffer.WrittenSpan);
    }
}
