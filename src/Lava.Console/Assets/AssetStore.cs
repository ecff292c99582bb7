using System.Security.Cryptography;

namespace Lava.Console.Assets;

/// <summary>The console's style sheet, scripts and icon, which are embedded in this assembly.</summary>
internal sealed class AssetStore
{
    private static readonly string[] PageScripts = ["playground.js"];

    private readonly Dictionary<string, AssetFile> _byName;
    private readonly Dictionary<string, AssetFile> _pageScripts;

    /// <summary>Reads what every page has. The charts' script, a megabyte, is read when a page has a chart.</summary>
    public AssetStore()
    {
        Style = Read("app.css", "text/css");
        Script = Read("app.js", "text/javascript");
        Icon = Read("icon.svg", "image/svg+xml");
        PortalStyle = Read("portal.css", "text/css");
        _charts = new Lazy<AssetFile>(() => Read("charts.js", "text/javascript"));
        _pageScripts = PageScripts.ToDictionary(name => name, name => Read(name, "text/javascript"), StringComparer.Ordinal);
        _byName = new[] { Style, Script, Icon, PortalStyle }.Concat(_pageScripts.Values).ToDictionary(file => file.Name, StringComparer.Ordinal);
    }

    private readonly Lazy<AssetFile> _charts;

    /// <summary>The style sheet.</summary>
    public AssetFile Style { get; }

    /// <summary>The script.</summary>
    public AssetFile Script { get; }

    /// <summary>The icon in the browser's tab.</summary>
    public AssetFile Icon { get; }

    /// <summary>What the customer portal has beside the style sheet.</summary>
    public AssetFile PortalStyle { get; }

    /// <summary>Apache ECharts.</summary>
    public AssetFile Charts => _charts.Value;

    /// <summary>A script that one page alone has.</summary>
    public AssetFile ScriptOf(string name) => _pageScripts[name];

    /// <summary>A file by its name; null where there is none.</summary>
    public AssetFile? Find(string name) =>
        _byName.GetValueOrDefault(name) ?? (name.StartsWith("charts.", StringComparison.Ordinal) && Charts.Name == name ? Charts : null);

    private static AssetFile Read(string name, string contentType)
    {
        using var stream = typeof(AssetStore).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException("No such embedded file.", name);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
        return new AssetFile($"{Path.GetFileNameWithoutExtension(name)}.{hash}{Path.GetExtension(name)}", contentType, bytes);
    }
}
