using Lava.Core.Ids;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Ports.Tables;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Api.AuditLogs;

/// <summary>What the entries of a list have in common; null members for any. All conditions must hold.</summary>
internal sealed record AuditConditions
{
    /// <summary>The query parameters.</summary>
    public static readonly string[] Parameters = ["start", "end", "actor_type", "actor_id", "action", "object_id"];

    private static readonly string[] ActorTypes = ["secret_key", "member", "link", "customer", "operator"];

    private const int MaxWord = 255;

    /// <summary>Characters of a ULID that tell its time.</summary>
    private const int TimeLength = 10;

    /// <summary>Made then or later.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>Made then or earlier.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>As what it was done.</summary>
    public string? ActorType { get; init; }

    /// <summary>By which key, member or customer.</summary>
    public string? ActorId { get; init; }

    /// <summary>What was done (<c>spend_key.created</c>), or with what kind of object (<c>spend_key</c>).</summary>
    public string? Action { get; init; }

    /// <summary>To what.</summary>
    public string? ObjectId { get; init; }

    /// <summary>Reads the conditions of a query.</summary>
    public static ApiError? TryRead(IQueryCollection query, out AuditConditions conditions)
    {
        ApiError? error = null;
        DateTimeOffset? start = Time("start"), end = Time("end");
        if (end < start) Fail("end", "end must not be before start.");
        var type = Word("actor_type");
        if (type is not null && !ActorTypes.Contains(type)) Fail("actor_type", $"actor_type must be one of {string.Join(", ", ActorTypes)}.");
        conditions = new AuditConditions
        {
            Start = start, End = end, ActorType = type, ActorId = Word("actor_id"), Action = Word("action"), ObjectId = Word("object_id"),
        };
        return error;

        string? Word(string name)
        {
            if (!query.TryGetValue(name, out var value)) return null;
            var word = value.ToString();
            if (word.Length is 0 or > MaxWord) Fail(name, $"{name} must have 1 to {MaxWord} characters.");
            return word;
        }

        DateTimeOffset? Time(string name)
        {
            if (!query.TryGetValue(name, out var value)) return null;
            if (QueryTime.TryRead(value.ToString(), out var time)) return time;
            Fail(name, $"{name} must be an ISO 8601 time.");
            return null;
        }

        void Fail(string name, string message) => error ??= ApiError.Validation(Issue.At(name, message));
    }

    /// <summary>Whether they hold for an entry.</summary>
    public bool Hold(AuditEntry entry) =>
        (ActorType is null || ActorType == entry.ActorType)
        && (ActorId is null || ActorId == entry.ActorId)
        && (ObjectId is null || ObjectId == entry.ObjectId)
        && (Action is null || entry.Action == Action || entry.Action.StartsWith(Action + ".", StringComparison.Ordinal))
        && !(entry.At < Start) && !(entry.At > End);

    /// <summary>The rows in which entries of that time lie.</summary>
    public KeyRange Range => new(End is { } end ? Mirrored(end) : "", Start is { } start ? Mirrored(start) + "~" : "~");

    /// <summary>Newer entries sort first.</summary>
    private static string Mirrored(DateTimeOffset time) => Ulid.Mirror(Ulid.Create(time, stackalloc byte[10]))[..TimeLength];
}
