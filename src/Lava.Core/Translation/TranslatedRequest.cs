using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Lava.Core.Translation.Adaptation;
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
    private readonly AnswerRules _rules;

    internal TranslatedRequest(
        Dialect client,
        Dialect provider,
        ReplyFrame frame,
        AnswerRules rules,
        ReadOnlyMemory<byte> body)
    {
        _client = client;
        _provider = provider;
        _frame = frame;
        _rules = rules;
        Body = body;
    }

    /// <summary>The model that the provider is asked for; never empty.</summary>
    public required string Model { get; init; }

    /// <summary>Whether an answer in a stream is asked for.</summary>
    public required bool Stream { get; init; }

    /// <summary>Whether the client has set a temperature above 0. The provider's request may have lost it: Claude takes none where it thinks.</summary>
    public required bool HasTemperature { get; init; }

    /// <summary>The id under which the answer is to be kept; null where it is not.</summary>
    public string? KeptId { get; init; }

    /// <summary>What was changed or left out for the sake of the model, a few words each: <c>temperature</c>, <c>reasoning_effort=low</c>.</summary>
    public required IReadOnlyList<string> Adapted { get; init; }

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
    public StreamTranslation OpenStream() => new(_client.OpenWriter(_frame), _provider, _rules);

    private void Translate(JsonElement body, IBufferWriter<byte> output, Issues issues)
    {
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            var answer = _provider.ReadAnswer(body, issues);
            if (issues.First is not null) return;
            answer = answer with { Id = string.IsNullOrEmpty(answer.Id) ? null : answer.Id, Model = string.IsNullOrEmpty(answer.Model) ? null : answer.Model };
            answer = answer with { Parts = ToolAdaptation.Restore(answer.Parts, _rules.ToolNames) };
            if (_rules.OutputTool is not null) answer = OutputTool.Unwrap(answer);
            if (_rules.Wrapped.Count > 0) answer = CustomTools.Unwrap(answer, _rules.Wrapped);
            if (_rules.Stops.Count > 0) answer = StopCutter.Cut(answer, _rules.Stops);
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
