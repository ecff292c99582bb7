namespace Lava.Core.Formats;

/// <summary>Changes a piece of a body and leaves every other byte as it is.</summary>
internal static class BodySplice
{
    /// <summary>The body with <paramref name="insert"/> in place of <paramref name="remove"/> bytes.</summary>
    public static ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> body, int at, int remove, ReadOnlySpan<byte> insert)
    {
        var result = GC.AllocateUninitializedArray<byte>(body.Length - remove + insert.Length);
        body.Span[..at].CopyTo(result);
        insert.CopyTo(result.AsSpan(at));
        body.Span[(at + remove)..].CopyTo(result.AsSpan(at + insert.Length));
        return result;
    }
}
