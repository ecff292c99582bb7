namespace Lava.Core.Formats.Answers;

/// <summary>Members of a JSON document that lies in memory whole.</summary>
internal sealed class JsonMembers : IDisposable
{
    /// <summary>The members of interest in OpenAI's answers.</summary>
    public static readonly byte[][] OpenAi = ["usage"u8.ToArray(), "id"u8.ToArray(), "model"u8.ToArray()];

    private readonly JsonMemberScanner _scanner;

    public JsonMembers(ReadOnlySpan<byte> json, byte[][] names)
    {
        _scanner = new JsonMemberScanner(names);
        _scanner.Scan(json);
    }

    public ReadOnlySpan<byte> Usage => _scanner.Value(0);

    public string? Id => JsonText.Read(_scanner.Value(1));

    public string? Model => JsonText.Read(_scanner.Value(2));

    public void Dispose() => _scanner.Dispose();
}
