namespace Lava.Service.Api;

/// <summary>Answer to most deletions (rest-api.md §1.9).</summary>
internal sealed record DeletedResponse(string Id, bool Deleted);
