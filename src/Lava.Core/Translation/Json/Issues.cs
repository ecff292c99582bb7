namespace Lava.Core.Translation.Json;

/// <summary>Keeps the first thing that stands in the way of a translation. Readers go on after it with what they have, so that no exception is
/// needed.</summary>
/// <param name="names">What the client's format calls what a writer may refuse.</param>
internal sealed class Issues(FieldNames names)
{
    private readonly HashSet<(string? Parent, string Name)> _looked = [];

    /// <summary>What the client calls what a writer may refuse; a reader changes it where the body is of another form than the format's.</summary>
    public FieldNames Names { get; set; } = names;

    public TranslationIssue? First { get; private set; }

    /// <summary>Notes that a reader has looked for a member of the root, or of a member of the root.</summary>
    public void Look(string? parent, string name) => _looked.Add((parent, name));

    /// <summary>Whether a reader has looked for a member, so that it is known what becomes of it.</summary>
    public bool HasLooked(string? parent, string name) => _looked.Contains((parent, name));

    public void Malformed(string field, string message) => First ??= new TranslationIssue(TranslationFault.Malformed, field, message);

    /// <summary>Refuses a part of the conversation by where the client put it.</summary>
    public void Unsupported(JsonPath? origin, string why)
    {
        if (First is not null) return;
        var field = origin?.ToString() ?? Names.Messages;
        Unsupported(field, $"{field} {why}.");
    }

    public void Unsupported(string field, string message) => First ??= new TranslationIssue(TranslationFault.Unsupported, field, message);
}
