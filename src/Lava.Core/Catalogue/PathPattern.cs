namespace Lava.Core.Catalogue;

/// <summary>Matches paths against the pattern of an endpoint (see <see cref="ProviderEndpoint.Path"/>).</summary>
internal sealed class PathPattern
{
    private const string ModelHole = "{model}";
    private const string IdHole = "{id}";

    private readonly string _before;
    private readonly string? _hole;
    private readonly string _after;

    public PathPattern(string pattern)
    {
        var model = pattern.IndexOf(ModelHole, StringComparison.Ordinal);
        var id = pattern.IndexOf(IdHole, StringComparison.Ordinal);
        var at = model >= 0 ? model : id;
        if (at < 0)
        {
            _before = pattern;
            _after = "";
            return;
        }

        _hole = model >= 0 ? ModelHole : IdHole;
        _before = pattern[..at];
        _after = pattern[(at + _hole.Length)..];
    }

    /// <summary>Whether a path matches, and the model that it names. Nothing is normalised: another spelling of a path is another path.</summary>
    public bool IsMatch(ReadOnlySpan<char> path, out string? model)
    {
        model = null;
        if (_hole is null) return path.SequenceEqual(_before);
        if (path.Length <= _before.Length + _after.Length || !path.StartsWith(_before, StringComparison.Ordinal) || !path.EndsWith(_after, StringComparison.Ordinal)) return false;
        var hole = path[_before.Length..^_after.Length];
        if (hole.StartsWith('/') || hole.EndsWith('/') || hole.Contains("//", StringComparison.Ordinal)) return false;
        if (_hole == IdHole) return !hole.Contains('/');

        // A verb behind a colon is an endpoint of its own, never part of a model's name.
        if (_after.Length == 0 && hole.Contains(':')) return false;
        model = Uri.UnescapeDataString(hole.ToString());
        return true;
    }
}
