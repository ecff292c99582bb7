using System.IO.Compression;

namespace Lava.Console.Assets;

/// <summary>A file that browsers keep for good: its name changes with what is in it.</summary>
/// <param name="Name">Its name, with a hash.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="Bytes">What is in it.</param>
internal sealed record AssetFile(string Name, string ContentType, ReadOnlyMemory<byte> Bytes)
{
    private readonly Lazy<ReadOnlyMemory<byte>> _zipped = new(() =>
    {
        using var buffer = new MemoryStream();
        using (var zip = new GZipStream(buffer, CompressionLevel.Optimal)) zip.Write(Bytes.Span);
        return buffer.ToArray();
    });

    /// <summary>Its address for the console.</summary>
    public string Address => "/console/assets/" + Name;

    /// <summary>Its address for the customer portal.</summary>
    public string PortalAddress => "/portal/assets/" + Name;

    /// <summary>The same by gzip, made when it is first asked for.</summary>
    public ReadOnlyMemory<byte> Zipped => _zipped.Value;
}
