using System.Text.Json;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;

namespace Lava.Service.Api.Input;

/// <summary>Refuses members of a body that an endpoint does not have: a limit whose name is misspelled would otherwise be no limit.</summary>
internal static class BodyCheck
{
    /// <summary>The refusal of a body's first unknown member; null where all are known, or where the endpoint checks them itself.</summary>
    /// <param name="body">The body.</param>
    /// <param name="operation">The endpoint.</param>
    public static ApiError? FindUnknown(JsonElement body, Operation operation)
    {
        if (operation.ChecksBody) return null;

        // An object that was read can be changed and sent back as it is. Where one is created, a member that nobody reads is a mistake.
        return FindUnknown(body, operation.Body, operation.Status == 201 ? null : operation.Object ?? operation.Response);
    }

    /// <summary>The refusal of a body's first unknown member; null where all are known.</summary>
    /// <param name="body">The body, or a part of it.</param>
    /// <param name="shape">The type that the API's document shows; null where there is no body.</param>
    /// <param name="sent">The object as the API sends it, whose members pass unread.</param>
    public static ApiError? FindUnknown(JsonElement body, Type? shape, Type? sent = null)
    {
        if (BodyShape.Of(shape, sent).FindUnknown(body) is not { } found) return null;
        var known = found.Names.Count == 0 ? "There are no members here." : $"The members are: {string.Join(", ", found.Names)}.";
        return ApiError.Validation(new Issue(found.Path, $"The member {ApiError.Short(string.Join('.', found.Path))} is unknown. {known}"));
    }
}
