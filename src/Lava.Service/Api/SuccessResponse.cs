namespace Lava.Service.Api;

/// <summary>Answer where there is nothing to show (rest-api.md §1.9).</summary>
internal sealed record SuccessResponse(bool Success);
