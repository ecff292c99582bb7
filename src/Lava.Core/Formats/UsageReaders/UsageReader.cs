using System.Text.Json;
using Lava.Core.Formats.Answers;
using Lava.Core.Pricing;

namespace Lava.Core.Formats.UsageReaders;

/// <summary>Knows where a format's answers, whole or as events, say what they used. One instance meters one answer.</summary>
internal abstract class UsageReader
{
    private const int MaxText = 255;

    private Usage _usage;
    private NamedTerms _named;
    private decimal? _cost;
    private bool _hasUsage;
    private bool _hasError;
    private bool _isInconsistent;
    private bool _isUnreadable;
    private string? _id;
    private string? _model;

    /// <summary>The members to look for in each document.</summary>
    public abstract JsonShape Shape { get; }

    public AnswerSummary Summary => new()
    {
        Usage = _usage,
        HasUsage = _hasUsage,
        HasError = _hasError,
        Named = _named,
        Cost = _cost,
        IsInconsistent = _isInconsistent,
        IsUnreadable = _isUnreadable,
        ResponseId = _id,
        Model = _model,
    };

    /// <summary>Whether the answer's id is known already.</summary>
    protected bool HasId => _id is not null;

    /// <summary>Takes what a document said: a body, or an event's data. A body may have been cut; an event is whole.</summary>
    public void Take(JsonScanner json)
    {
        if (json.IsGivenUp) _isInconsistent = true;
        TakeMembers(json);
    }

    /// <summary>Notes that a stream carried an exception.</summary>
    public void Fail() => Fault("true"u8);

    /// <summary>Notes that a stream could not be read to its end.</summary>
    public void GiveUp() => MarkInconsistent();

    /// <summary>Whether an event cannot say anything of interest, so that it need not be scanned: decided by vectorised searches alone.</summary>
    /// <param name="name">The event's name; empty where it has none.</param>
    /// <param name="data">Its whole data.</param>
    public virtual bool IsDull(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => false;

    /// <summary>What an event's name tells of the stream's end.</summary>
    public virtual EventRole RoleOf(ReadOnlySpan<byte> name) => EventRole.Ordinary;

    /// <summary>What the members that have come so far tell of the stream's end.</summary>
    public virtual EventRole RoleOf(JsonScanner json) => EventRole.Ordinary;

    /// <summary>Whether an event is nothing but the usage that Lava asked for.</summary>
    public virtual bool IsUsageAlone(JsonScanner json) => false;

    protected abstract void TakeMembers(JsonScanner json);

    /// <summary>Takes over a report. Counts are sums so far and never fall, lest a last event that leaves one out, or says 0, makes an answer free.</summary>
    protected void Report(in UsageReport report)
    {
        _isUnreadable |= report.IsUnreadable;
        if (!report.HasUsage) return;
        _usage = Usage.Larger(_usage, report.Usage);
        _named |= report.Named;
        _cost = report.Cost ?? _cost;
        _hasUsage = true;
        _isInconsistent |= report.IsInconsistent;
    }

    /// <summary>Takes over a service tier, where it is named. The last one counts: a stream may begin with the one that was asked for.</summary>
    protected void Tier(ReadOnlySpan<byte> tier)
    {
        if (!ServedTerms.IsNamed(tier)) return;
        _named |= NamedTerms.Tier;
        _usage = _usage with { Tier = ServedTerms.Tier(tier) };
    }

    /// <summary>Takes over a speed, where it is named.</summary>
    protected void Speed(ReadOnlySpan<byte> speed)
    {
        if (!ServedTerms.IsNamed(speed)) return;
        _named |= NamedTerms.Speed;
        _usage = _usage with { Speed = ServedTerms.Speed(speed) };
    }

    /// <summary>Takes over how often the provider's tools ran, where that is more than is known yet.</summary>
    protected void Tools(in ToolCalls calls) => _usage = _usage with { Tools = ToolCalls.Larger(_usage.Tools, calls) };

    /// <summary>Notes that what was reported is not to be relied on.</summary>
    protected void MarkInconsistent() => _isInconsistent = true;

    /// <summary>Takes over the answer's id and model, where they are strings and none is known yet.</summary>
    protected void Name(ReadOnlySpan<byte> id, ReadOnlySpan<byte> model)
    {
        _id ??= Text(id);
        _model ??= Text(model);
    }

    /// <summary>Notes an error, where a member of that name says something. Some hosts put an empty one into every answer.</summary>
    protected void Fault(ReadOnlySpan<byte> error) => _hasError |= !IsNothing(error);

    private static bool IsNothing(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json.SequenceEqual("null"u8) || json.SequenceEqual("false"u8) || json.SequenceEqual("\"\""u8) || json.SequenceEqual("0"u8))
            return true;
        return (json[0] == (byte)'{' && json[^1] == (byte)'}') || (json[0] == (byte)'[' && json[^1] == (byte)']')
            ? json[1..^1].Trim(" \t\r\n"u8).IsEmpty
            : false;
    }

    /// <summary>Whether a captured value is this string.</summary>
    protected static bool Is(ReadOnlySpan<byte> json, ReadOnlySpan<byte> text) =>
        json.Length == text.Length + 2 && json[0] == (byte)'"' && json[1..^1].SequenceEqual(text);

    private static string? Text(ReadOnlySpan<byte> json)
    {
        if (json.Length < 3 || json[0] != (byte)'"') return null;
        var reader = new Utf8JsonReader(json);
        try
        {
            var text = reader.Read() ? reader.GetString() : null;
            return text is { Length: > MaxText } ? text[..MaxText] : text;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
