using System.Buffers;

namespace Lava.Core.Catalogue;

/// <summary>Matches paths against the pattern of an endpoint (see <see cref="ProviderEndpoint.Path"/>).</summary>
internal sealed class PathPattern
{
    private const string ModelHole = "{model}";
    private const string IdHole = "{id}";

    /// <summary>Query, fragment, backslash, blank and control characters.</summary>
    private static readonly SearchValues<char> Forbidden = SearchValues.Create([.. "?#\\\u007f", .. Enumerable.Range(0, 33).Select(code => (char)code)]);

    private readonly string _before;
    private readonly string? _hole;
    private readonly string _after;

    /// <summary>What follows the segment of a hole that is not the last one; null for the last.</summary>
    private readonly PathPattern? _rest;

    public PathPattern(string pattern)
    {
        var model = pattern.IndexOf(ModelHole, StringComparison.Ordinal);
        var id = pattern.IndexOf(IdHole, StringComparison.Ordinal);
        var at = id >= 0 && (model < 0 || id < model) ? id : model;
        if (at < 0)
        {
            _before = pattern;
            _after = "";
            return;
        }

        _hole = at == model ? ModelHole : IdHole;
        _before = pattern[..at];
        _after = pattern[(at + _hole.Length)..];
        if (_after.Contains('{', StringComparison.Ordinal)) _rest = new PathPattern(_after);
    }

    /// <summary>Whether a text is a pattern: one slash first, no empty or dot segment, nothing that a path has only encoded, one model at the most and
    /// after every id.</summary>
    public static bool IsValid(string pattern)
    {
        var bare = pattern.Replace(ModelHole, "x", StringComparison.Ordinal).Replace(IdHole, "x", StringComparison.Ordinal);
        var ids = pattern.Split(IdHole);
        var haveOwnSegments = ids[..^1].All(before => before.EndsWith('/')) && ids[1..].All(after => after.Length == 0 || after[0] == '/');
        var areInOrder = ids[..^1].All(before => !before.Contains(ModelHole, StringComparison.Ordinal)) && ids[^1].Split(ModelHole).Length <= 2;
        return haveOwnSegments && areInOrder && bare.AsSpan().IndexOfAny("{}%") < 0 && IsPlain(bare);
    }

    /// <summary>Whether a path can be matched at all: it starts with one slash, has no empty, dot or final empty segment, and no backslash, query, fragment,
    /// blank or control character, not percent-encoded either.</summary>
    /// <remarks>Servers disagree on how they read such paths, so one of them could reach another endpoint than the one that was matched and priced.</remarks>
    public static bool IsPlain(ReadOnlySpan<char> path) => path.Length >= 2 && path[0] == '/' && HasPlainSegments(path[1..]);

    private static bool HasPlainSegments(ReadOnlySpan<char> segments)
    {
        if (segments.ContainsAny(Forbidden)) return false;
        foreach (var range in segments.Split('/'))
        {
            var segment = segments[range];
            if (segment.IsEmpty || (segment[0] is '.' or '%' && IsDots(segment)) || (segment.Contains('%') && HasHiddenCharacter(segment))) return false;
        }

        return true;
    }

    /// <summary>Whether a path that <see cref="IsPlain"/> has let through matches, and the model that it names. Nothing is normalised: another spelling of a
    /// path is another path.</summary>
    public bool IsMatch(ReadOnlySpan<char> path, out string? model)
    {
        model = null;
        if (_hole is null) return path.SequenceEqual(_before);
        if (_rest is not null) return IsMatchOfSegment(path, out model);
        if (path.Length <= _before.Length + _after.Length
            || !path.StartsWith(_before, StringComparison.Ordinal)
            || !path.EndsWith(_after, StringComparison.Ordinal))
            return false;
        var hole = path[_before.Length..^_after.Length];
        if (hole[0] == '/' || hole[^1] == '/') return false;
        if (_hole == IdHole) return !hole.Contains('/') && !hole.Contains("%2f", StringComparison.OrdinalIgnoreCase);

        // A verb behind a colon is an endpoint of its own, never part of a model's name.
        if (_after.Length == 0 && hole.Contains(':')) return false;
        model = hole.Contains('%') ? Uri.UnescapeDataString(hole) : hole.ToString();
        return HasPlainSegments(model);
    }

    /// <summary>Matches the segment of an id, and the rest of the path by the rest of the pattern.</summary>
    private bool IsMatchOfSegment(ReadOnlySpan<char> path, out string? model)
    {
        model = null;
        if (!path.StartsWith(_before, StringComparison.Ordinal)) return false;
        path = path[_before.Length..];
        var end = path.IndexOf('/');
        return end > 0 && !path[..end].Contains("%2f", StringComparison.OrdinalIgnoreCase) && _rest!.IsMatch(path[end..], out model);
    }

    /// <summary>Whether a segment is <c>.</c> or <c>..</c>, each dot plain or percent-encoded once or twice.</summary>
    private static bool IsDots(ReadOnlySpan<char> segment)
    {
        var dots = 0;
        while (!segment.IsEmpty)
        {
            var length = segment[0] == '.' ? 1
                : segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase) ? 3
                : segment.StartsWith("%252e", StringComparison.OrdinalIgnoreCase) ? 5
                : 0;
            if (length == 0) return false;
            segment = segment[length..];
            dots++;
        }

        return dots is 1 or 2;
    }

    private static bool HasHiddenCharacter(ReadOnlySpan<char> segment) =>
        segment.Contains("%5c", StringComparison.OrdinalIgnoreCase)
            || segment.Contains("%0", StringComparison.Ordinal)
            || segment.Contains("%1", StringComparison.Ordinal)
            || segment.Contains("%20", StringComparison.Ordinal) || segment.Contains(
                "%3f",
                StringComparison.OrdinalIgnoreCase) || segment.Contains("%23", StringComparison.Ordinal);
}
