using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Api.Input;

/// <summary>Refuses query parameters that an endpoint does not have: a filter that is misspelled would otherwise answer with everything.</summary>
internal static class QueryCheck
{
    /// <summary>The refusal of a request's first unknown parameter; null where all are known, or where the endpoint is not described.</summary>
    /// <param name="http">The request, routed to its endpoint.</param>
    public static ApiError? FindUnknown(HttpContext http)
    {
        var query = http.Request.Query;
        if (query.Count == 0 || http.GetEndpoint()?.Metadata.GetMetadata<Operation>() is not { } operation) return null;
        foreach (var name in query.Keys)
        {
            if (operation.Query.Any(known => name.Equals(known.TrimEnd('!'), StringComparison.OrdinalIgnoreCase))) continue;
            var known = operation.Query.Length == 0
                ? "This endpoint takes no query parameters."
                : $"The parameters are: {string.Join(", ", operation.Query.Select(parameter => parameter.TrimEnd('!')))}.";
            return ApiError.Validation(Issue.At(name, $"The query parameter {ApiError.Short(name)} is unknown. {known}"));
        }

        return null;
    }
}
