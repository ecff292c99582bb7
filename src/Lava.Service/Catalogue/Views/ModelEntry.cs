using System.Text.Json.Serialization;

namespace Lava.Service.Catalogue.Views;

/// <summary>A model in OpenAI's list shape (rest-api.md §15.1).</summary>
/// <param name="Id">The provider's name for it.</param>
/// <param name="Type">Always <c>model</c>.</param>
/// <param name="Created">Release, unix seconds; 0 where unknown.</param>
/// <param name="OwnedBy">Id of the provider that serves it.</param>
internal sealed record ModelEntry(string Id, [property: JsonPropertyName("object")] string Type, long Created, string OwnedBy);
