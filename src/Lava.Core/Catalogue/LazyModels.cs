using System.Collections;

namespace Lava.Core.Catalogue;

/// <summary>Models that are read when somebody first asks for them: most calls need those of one provider, and a start none. They have been checked before
/// they were shipped.</summary>
/// <param name="read">Reads them.</param>
/// <param name="mayHave">Whether one of them may have a name: false is certain, true is not.</param>
public sealed class LazyModels(Func<IReadOnlyList<CatalogueModel>> read, Func<string, bool> mayHave) : IReadOnlyList<CatalogueModel>
{
    private readonly Lazy<IReadOnlyList<CatalogueModel>> _models = new(read);

    /// <inheritdoc/>
    public int Count => _models.Value.Count;

    /// <inheritdoc/>
    public CatalogueModel this[int index] => _models.Value[index];

    /// <summary>Whether one of a provider's models may have a name; they are not read for that.</summary>
    public static bool MayHave(CatalogueProvider provider, string name) =>
        provider.Models is not LazyModels lazy || lazy._models.IsValueCreated || lazy.MayHaveUnread(name);

    /// <inheritdoc/>
    public IEnumerator<CatalogueModel> GetEnumerator() => _models.Value.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool MayHaveUnread(string name) => mayHave(name);
}
