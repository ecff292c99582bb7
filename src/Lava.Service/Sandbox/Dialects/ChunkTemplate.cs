using System.Text;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>A chunk that is sent many times with few places changed: cut once, then only copied, so that a token costs one small array.</summary>
internal sealed class ChunkTemplate
{
    /// <summary>Stands for a place to fill. A control character: JSON text never has it as it is.</summary>
    public const string Hole = "\u0001";

    private readonly byte[][] _segments;

    public ChunkTemplate(string text) => _segments = [.. text.Split('\u0001').Select(Encoding.UTF8.GetBytes)];

    /// <summary>The chunk with its places filled, in order.</summary>
    /// <param name="values">One for each hole, as it is to stand there.</param>
    public byte[] Fill(params ReadOnlySpan<byte[]> values)
    {
        var length = 0;
        foreach (var segment in _segments) length += segment.Length;
        foreach (var value in values) length += value.Length;
        var chunk = GC.AllocateUninitializedArray<byte>(length);
        var at = 0;
        for (var i = 0; i < _segments.Length; i++)
        {
            _segments[i].CopyTo(chunk, at);
            at += _segments[i].Length;
            if (i >= values.Length) continue;
            values[i].CopyTo(chunk, at);
            at += values[i].Length;
        }

        return chunk;
    }
}
