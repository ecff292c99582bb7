using System.Text;
using System.Text.Json;

namespace Lava.Service.Sandbox;

/// <summary>The words of an answer, one a token. They depend on the model and on what the user wrote last, and on nothing else: an opening that names the
/// model, then sentences, over and over, from a place that the user's text decides. Where JSON is wanted, or a script says what to answer, the words are the
/// pieces of that.</summary>
internal sealed class SandboxText
{
    private const int LongestModelWord = 64;

    private static readonly string[] Sentences =
    [
        "Lava forwards every call and measures what it used.", "A meter prices each call — streamed or not — and charges it exactly once.",
        "What a provider reports is what is billed, and a reported zero stays a zero.", "No byte of an answer but its last waits for metering.",
        "A balance equals the sum of its ledger entries, always.", "Nothing here was thought by a model: these are words, one for each token.",
    ];

    private static readonly string[] Words = [.. string.Join(' ', Sentences).Split(' ')];
    private static readonly byte[][] Encoded = [.. Words.Select(word => Escape(" " + word))];
    private static readonly int[] Starts = [.. Sentences.Select((_, index) => Sentences.Take(index).Sum(sentence => sentence.Split(' ').Length))];

    private readonly string[] _opening;
    private readonly int _start;
    private readonly string[]? _given;

    /// <param name="model">The model's name.</param>
    /// <param name="lastUserText">What the user wrote last.</param>
    /// <param name="given">The text or JSON that is the answer; null for words.</param>
    public SandboxText(string model, string lastUserText, string? given = null)
    {
        _given = given is null ? null : [.. SandboxJson.Pieces(given)];
        Seed = Hash(lastUserText, Hash(model, 14_695_981_039_346_656_037));
        var name = string.Concat(model.Where(c => !char.IsWhiteSpace(c) && !char.IsControl(c) && !char.IsSurrogate(c)).Take(LongestModelWord));
        _opening = ["The", "sandbox", "answers", "as", name + "."];
        _start = Starts[Seed % (ulong)Starts.Length];
    }

    /// <summary>A number of the model and the text.</summary>
    public ulong Seed { get; }

    /// <summary>How many words there are; null where they never end.</summary>
    public long? Length => _given?.Length;

    /// <summary>A word, with a space before it unless it is the first.</summary>
    public string this[long index] =>
        _given is not null ? _given[index] : index == 0 ? _opening[0] : index < _opening.Length ? " " + _opening[index] : " " + Words[Place(index)];

    /// <summary>A word as <see cref="this[long]"/>, escaped for the inside of a JSON string.</summary>
    public byte[] Json(long index) => _given is not null || index < _opening.Length ? Escape(this[index]) : Encoded[Place(index)];

    /// <summary>The first words together.</summary>
    public string First(long count)
    {
        var text = new StringBuilder();
        for (var i = 0L; i < count; i++) text.Append(this[i]);
        return text.ToString();
    }

    private int Place(long index) => (int)((index - _opening.Length + _start) % Words.Length);

    private static byte[] Escape(string text) => [.. JsonEncodedText.Encode(text, SandboxJson.Encoder).EncodedUtf8Bytes];

    /// <summary>FNV-1a over the characters.</summary>
    private static ulong Hash(string text, ulong hash)
    {
        foreach (var c in text) hash = (hash ^ c) * 1_099_511_628_211;
        return hash ^ (hash >> 32);
    }
}
