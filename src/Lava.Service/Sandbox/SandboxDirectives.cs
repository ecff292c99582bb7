using System.Globalization;

namespace Lava.Service.Sandbox;

/// <summary>What a request asks of the sandbox (docs/sandbox.md): <c>name=value</c> pairs, separated by semicolons, in the header <c>x-sandbox</c> or in the text as
/// <c>[sandbox: …]</c>.</summary>
internal sealed class SandboxDirectives
{
    private static readonly Dictionary<string, long> Bounds = new(StringComparer.Ordinal)
    {
        ["input_tokens"] = 10_000_000,
        ["output_tokens"] = 20_000,
        ["cached_tokens"] = 10_000_000,
        ["cache_write_tokens"] = 10_000_000,
        ["cache_write_1h_tokens"] = 10_000_000,
        ["reasoning_tokens"] = 1_000_000,
        ["seconds"] = 100_000,
        ["images"] = 10,
        ["delay_ms"] = 600_000,
        ["chunk_delay_ms"] = 60_000,
        ["chunk_bytes"] = 65_536,
        ["status"] = 599,
        ["error_after"] = 20_000,
        ["stall_after"] = 20_000,
        ["cut_after"] = 20_000,
        ["no_usage"] = 1,
        ["refuse"] = 1,
        ["gzip"] = 1,
        ["crlf"] = 1,
        ["tool"] = 1,
    };

    private readonly Dictionary<string, long> _values = new(StringComparer.Ordinal);

    /// <summary>What is wrong with the directives; null if nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads the directives of a request.</summary>
    /// <param name="header">The header's value; null without one.</param>
    /// <param name="text">The request's text, which may hold some.</param>
    public static SandboxDirectives Read(string? header, string text)
    {
        var directives = new SandboxDirectives();
        var start = text.LastIndexOf("[sandbox:", StringComparison.Ordinal);
        var end = start < 0 ? -1 : text.IndexOf(']', start);
        if (end > 0) directives.Add(text[(start + 9)..end]);
        if (header is not null) directives.Add(header);
        return directives;
    }

    public long? this[string name] => _values.TryGetValue(name, out var value) ? value : null;

    public bool Has(string name) => this[name] > 0;

    private void Add(string list)
    {
        foreach (var item in list.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? item : item[..equals].Trim();
            var text = equals < 0 ? "1" : item[(equals + 1)..].Trim();
            if (!Bounds.TryGetValue(name, out var most)) Fault = $"The sandbox knows no directive '{name}'.";
            else if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > most) Fault = $"The sandbox directive '{name}' takes a whole number up to {most}.";
            else _values[name] = value;
        }
    }
}
