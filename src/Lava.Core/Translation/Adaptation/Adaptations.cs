namespace Lava.Core.Translation.Adaptation;

/// <summary>What was changed or left out of a request for the sake of its model, in a few words each, so that the caller can be told.</summary>
internal sealed class Adaptations
{
    /// <summary>Most facts that are told; a header has its bounds.</summary>
    private const int Most = 32;

    private readonly List<string> _facts = [];

    /// <summary>The facts in order, each once: a parameter that was left out (<c>temperature</c>) or its new value (<c>reasoning_effort=low</c>).</summary>
    public IReadOnlyList<string> Facts => _facts;

    public void Add(string fact)
    {
        if (_facts.Count < Most && !_facts.Contains(fact)) _facts.Add(fact);
    }

    /// <summary>Adds a parameter with its new value.</summary>
    public void Add(string name, object value) => Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}={value}"));
}
