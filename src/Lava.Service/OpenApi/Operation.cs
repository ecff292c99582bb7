namespace Lava.Service.OpenApi;

/// <summary>What the API's document says of an endpoint.</summary>
/// <param name="Id">Its name, unique.</param>
/// <param name="Tag">The resource to which it belongs.</param>
/// <param name="Summary">What it does, in a sentence.</param>
/// <param name="Body">Shape of the request's body; null for none.</param>
/// <param name="Response">Shape of the answer; null for one that is not Lava's own.</param>
/// <param name="Status">Status of the answer.</param>
/// <param name="Query">Query parameters; a required one ends in an exclamation mark.</param>
/// <param name="IsPublic">Whether it needs no credential.</param>
internal sealed record Operation(string Id, string Tag, string Summary, Type? Body, Type? Response, int Status, string[] Query, bool IsPublic);
