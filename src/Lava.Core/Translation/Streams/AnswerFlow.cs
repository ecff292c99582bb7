using Lava.Core.Pricing;
using Lava.Core.Translation.Adaptation;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Streams;

/// <summary>Takes what a provider's stream says, in whatever order, and tells a writer a well-formed answer: one beginning, one part after the other, one end.
/// Of parts that interleave, the first open one flows and the others wait for its end. What
/// the request was made into is undone by <paramref name="rules"/>.</summary>
internal sealed class AnswerFlow(AnswerStreamWriter writer, AnswerRules rules) : IDisposable
{
    /// <summary>Most bytes that wait for the end of a part before them.</summary>
    private const long MaxWaiting = 16 * 1024 * 1024;

    /// <summary>Most parts at once that are not ended.</summary>
    private const int MaxOpen = 1024;

    private readonly List<OpenPart> _open = [];
    private long _waiting;
    private bool _hasBegun;
    private bool _hasCalls;
    private int _calls;
    private StopCutter? _cutter;
    private FinishReason? _finish;
    private string? _stopSequence;
    private Usage? _usage;

    /// <summary>Whether the answer has ended or failed; nothing counts afterwards.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Whether the provider has said why the answer ends.</summary>
    public bool IsFinished => _finish is not null;

    /// <summary>Whether it ended in an error.</summary>
    public bool HasFailed { get; private set; }

    public void Begin(string? id, string? model)
    {
        if (_hasBegun || IsEnded) return;
        _hasBegun = true;

        // Azure's first chunk has an empty id and model.
        writer.Begin(string.IsNullOrEmpty(id) ? null : id, string.IsNullOrEmpty(model) ? null : model, _usage);
    }

    /// <summary>Whether a part of that key is open.</summary>
    public bool IsOpen(int key) => Find(key) is not null;

    /// <summary>Opens a part under a key of the reader's choice, unique among the open ones.</summary>
    public void Open(int key, StreamPart part)
    {
        if (IsEnded || IsStopped) return;
        Begin(null, null);
        if (_open.Count == MaxOpen)
        {
            Fail(new ProviderError(502, "The provider's answer has too many parts at once."));
            return;
        }

        WrappedInput? input = null;
        if (part.Kind == PartKind.ToolCall)
        {
            if (part.Name is { } told && rules.ToolNames.TryGetValue(told, out var clients)) part = part with { Name = clients };
            if (rules.OutputTool is not null && part.Name == rules.OutputTool) part = new StreamPart(PartKind.Text);
            else
            {
                _hasCalls = true;
                _calls++;
                if (string.IsNullOrEmpty(part.Id)) part = part with { Id = ToolIds.Make(rules.AnswerId, _calls) };
                if (!part.IsCustom && rules.Wrapped.Contains(part.Name ?? ""))
                {
                    part = part with { IsCustom = true };
                    input = new WrappedInput();
                }
            }
        }

        _open.Add(new OpenPart(key, part, input));
        if (_open.Count == 1) writer.BeginPart(part);
    }

    /// <summary>Adds to an open part; what belongs to none is lost with it.</summary>
    /// <param name="key">The part.</param>
    /// <param name="token">A JSON string with its quotes.</param>
    public void Delta(int key, ReadOnlySpan<byte> token)
    {
        if (IsEnded || IsStopped || token.Length <= 2 || Find(key) is not { IsClosed: false } part) return;
        part.HasDelta = true;
        if (part.Part.Kind == PartKind.Text && rules.Stops.Count > 0)
        {
            _cutter ??= new StopCutter(rules.Stops);
            token = JsonToken.Of(_cutter.Take(JsonToken.CharactersOf(token)));
            if (token.Length > 2) Pass(part, token);
            return;
        }

        if (part.Input is { } input)
        {
            token = JsonToken.Of(input.Take(JsonToken.CharactersOf(token)));
            if (token.Length <= 2) return;
        }

        Pass(part, token);
    }

    public void Sign(int key, string? signature)
    {
        if (!IsEnded && Find(key) is { } part && !string.IsNullOrEmpty(signature)) part.Signature = signature;
    }

    public void Close(int key)
    {
        if (IsEnded || Find(key) is not { } part) return;
        FinishText(part);
        part.IsClosed = true;
        while (!IsEnded && _open.Count > 0 && _open[0].IsClosed) EndFirst();
    }

    public void CloseAll()
    {
        foreach (var part in _open)
        {
            FinishText(part);
            part.IsClosed = true;
        }

        while (!IsEnded && _open.Count > 0) EndFirst();
    }

    /// <summary>Takes usage; what is reported later replaces it.</summary>
    public void Report(in Usage usage) => _usage = usage;

    public void Finish(FinishReason reason, string? stopSequence = null)
    {
        _finish = reason;
        _stopSequence = stopSequence;
    }

    /// <summary>Ends the answer.</summary>
    public void End()
    {
        if (IsEnded) return;
        Begin(null, null);
        CloseAll();
        if (IsEnded) return;
        IsEnded = true;
        if (IsStopped) writer.End(FinishReason.StopSequence, _cutter!.Found, _usage);
        else writer.End(Reason(_finish ?? FinishReason.Stop, _hasCalls), _stopSequence, _usage);
    }

    public void Fail(ProviderError error)
    {
        if (IsEnded) return;
        IsEnded = true;
        HasFailed = true;
        writer.Fail(error);
    }

    public void Ping()
    {
        if (_hasBegun && !IsEnded) writer.Ping();
    }

    public void Dispose()
    {
        foreach (var part in _open) part.Dispose();
        _open.Clear();
    }

    /// <summary>The reason as the parts have it: Gemini and some hosts of OpenAI's format say stop where a tool is called, and where the only tool was the
    /// schema's there was none.</summary>
    public static FinishReason Reason(FinishReason said, bool hasCalls) => said switch
    {
        FinishReason.Stop when hasCalls => FinishReason.ToolCalls,
        FinishReason.ToolCalls when !hasCalls => FinishReason.Stop,
        _ => said,
    };

    /// <summary>Whether the text has come to a stop sequence that the provider does not end at: what follows counts for usage only.</summary>
    private bool IsStopped => _cutter?.Found is not null;

    /// <summary>Passes on the end of a text that has waited for the rest of a stop sequence.</summary>
    private void FinishText(OpenPart part)
    {
        if (_cutter is null || part.IsClosed || part.Part.Kind != PartKind.Text) return;
        if (JsonToken.Of(_cutter.Finish()) is var rest && rest.Length > 2) Pass(part, rest);
    }

    /// <summary>Writes a piece of the first open part; pieces of others wait.</summary>
    private void Pass(OpenPart part, ReadOnlySpan<byte> token)
    {
        if (part == _open[0])
        {
            writer.Delta(token);
            if (writer.IsFull) Fail(new ProviderError(502, "The provider's response is too large to be translated."));
            return;
        }

        _waiting += token.Length;
        if (_waiting > MaxWaiting) Fail(new ProviderError(502, "The provider's response interleaves more parts than can be put in order."));
        else part.Hold(token);
    }

    private OpenPart? Find(int key)
    {
        foreach (var part in _open)
        {
            if (part.Key == key) return part;
        }

        return null;
    }

    private void EndFirst()
    {
        var part = _open[0];

        if (part.Input is { } input && JsonToken.Of(input.Finish()) is var rest && rest.Length > 2) writer.Delta(rest);

        // A call without arguments is one with none; clients parse what they get.
        if (part is { HasDelta: false, Part: { Kind: PartKind.ToolCall, IsCustom: false } }) writer.Delta("\"{}\""u8);
        if (part.Signature is { } signature) writer.Sign(signature);
        writer.EndPart();
        _open.RemoveAt(0);
        part.Dispose();
        if (_open.Count == 0) return;
        var next = _open[0];
        writer.BeginPart(next.Part);
        if (next.Held is not { } held) return;
        _waiting -= held.Length;
        writer.Delta(held.Span);
        next.Release();
    }
}
