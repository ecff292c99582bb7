using Lava.Service.Api.Errors;

namespace Lava.Console.Serving;

/// <summary>What the API answers a page: one of the two.</summary>
/// <param name="Value">The answer.</param>
/// <param name="Error">The refusal.</param>
internal readonly record struct Reply<T>(T? Value, ApiError? Error)
    where T : class
{
    /// <summary>The answer to what cannot be refused.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public T Required => Value ?? throw new InvalidOperationException($"The API refused what a page needs: {Error?.Code}.");
}
