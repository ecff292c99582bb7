using System.Globalization;

namespace Lava.Service.Sandbox;

/// <summary>What a request asks of the sandbox (docs/sandbox.md): <c>name=value</c> pairs, separated by semicolons, in the header <c>x-sandbox</c> or in the
/// text as <c>[sandbox: …]</c>. The header wins over a script's step, that over the text, and of a name given twice the last counts.</summary>
internal sealed class SandboxDirectives
{
    private const string Marker = "[sandbox:";
    private const int LongestList = 2_000;
    private const int LongestTool = 128;

    private static readonly Dictionary<string, (long Least, long Most)> Bounds = new(StringComparer.Ordinal)
    {
        ["input_tokens"] = (0, 10_000_000),
        ["output_tokens"] = (0, 100_000),
        ["cached_tokens"] = (0, 10_000_000),
        ["cache_write_tokens"] = (0, 10_000_000),
        ["cache_write_1h_tokens"] = (0, 10_000_000),
        ["reasoning_tokens"] = (0, 100_000),
        ["images"] = (0, 10),
        ["search_units"] = (1, 10_000),
        ["delay_ms"] = (0, 600_000),
        ["chunk_delay_ms"] = (0, 60_000),
        ["chunk_bytes"] = (1, 65_536),
        ["status"] = (400, 599),
        ["error_after"] = (0, 1_000_000),
        ["stall_after"] = (0, 1_000_000),
        ["cut_after"] = (0, 1_000_000),
    };

    private static readonly HashSet<string> Flags = new(StringComparer.Ordinal) { "no_usage", "refuse", "gzip", "br", "crlf", "lenient" };

    private const decimal MostSeconds = 100_000;

    private readonly Dictionary<string, long> _values = new(StringComparer.Ordinal);

    /// <summary>What is wrong with the directives; null if nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Seconds of audio; null where not asked for.</summary>
    public decimal? Seconds { get; private set; }

    /// <summary>The tool to call; empty for the first that is offered, null for none.</summary>
    public string? Tool { get; private set; }

    /// <summary>The only model for whose calls the directives are meant; null for all.</summary>
    public string? Only { get; private set; }

    /// <summary>The value of a directive that takes a whole number; null where not asked for.</summary>
    public long? this[string name] => _values.TryGetValue(name, out var value) ? value : null;

    /// <summary>Whether a flag is set.</summary>
    public bool Has(string flag) => this[flag] > 0;

    /// <summary>Reads the directives of a request.</summary>
    /// <param name="header">The header's value; null without one.</param>
    /// <param name="text">The text that may hold some: what the user wrote last.</param>
    /// <param name="model">The model called.</param>
    /// <param name="step">Those of the script's step; null without one.</param>
    public static SandboxDirectives Read(string? header, string text, string model, string? step = null)
    {
        var directives = new SandboxDirectives();
        var start = text.LastIndexOf(Marker, StringComparison.Ordinal);
        if (start >= 0)
        {
            var end = text.IndexOf(']', start);
            if (end < 0) directives.Fault = "The marker '[sandbox:' has no closing bracket.";
            else directives.Add(text[(start + Marker.Length)..end]);
        }

        if (step is not null) directives.Add(step);
        if (header is not null) directives.Add(header);
        directives.CheckTogether();
        return directives.Fault is null && directives.Only is { } only && only != model ? new SandboxDirectives() : directives;
    }

    private void Add(string list)
    {
        if (list.Length > LongestList)
        {
            Fault ??= $"The sandbox's directives are longer than {LongestList} characters.";
            return;
        }

        foreach (var item in list.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            var fault = equals < 0 ? Set(item, null) : Set(item[..equals].TrimEnd(), item[(equals + 1)..].TrimStart());
            Fault ??= fault;
        }
    }

    private string? Set(string name, string? text)
    {
        if (name == "tool")
        {
            Tool = text ?? "";
            return text is not "" && Tool.Length <= LongestTool ? null : $"The sandbox directive 'tool' takes a name of 1 to {LongestTool} characters.";
        }

        if (name == "only")
        {
            Only = text ?? "";
            return Only.Length is > 0 and <= LongestTool ? null : $"The sandbox directive 'only' takes the name of a model, of 1 to {LongestTool} characters.";
        }

        if (name == "seconds")
        {
            if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds > MostSeconds)
                return $"The sandbox directive 'seconds' takes a number from 0 to {MostSeconds}.";
            Seconds = seconds;
            return null;
        }

        if (Flags.Contains(name))
        {
            if (text is not (null or "0" or "1")) return $"The sandbox directive '{name}' stands alone, or takes 0 or 1.";
            _values[name] = text == "0" ? 0 : 1;
            return null;
        }

        if (!Bounds.TryGetValue(name, out var bound)) return $"The sandbox has no directive '{(name.Length > 64 ? name[..64] : name)}'.";
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < bound.Least || value > bound.Most)
            return $"The sandbox directive '{name}' takes a whole number from {bound.Least} to {bound.Most}.";
        _values[name] = value;
        return null;
    }

    private void CheckTogether()
    {
        if (this["cache_write_1h_tokens"] > this["cache_write_tokens"])
            Fault ??= "The sandbox directive 'cache_write_1h_tokens' is a part of 'cache_write_tokens' and cannot exceed it.";
        var write = this["cache_write_tokens"] ?? this["cache_write_1h_tokens"] ?? 0;
        if ((this["cached_tokens"] ?? 0) + write > this["input_tokens"])
            Fault ??= "The sandbox directives 'cached_tokens' and 'cache_write_tokens' are parts of 'input_tokens' and cannot exceed it.";
        if (this["reasoning_tokens"] > this["output_tokens"])
            Fault ??= "The sandbox directive 'reasoning_tokens' is a part of 'output_tokens' and cannot exceed it.";
        if (Has("gzip") && Has("br")) Fault ??= "The sandbox directives 'gzip' and 'br' exclude each other.";
    }
}
