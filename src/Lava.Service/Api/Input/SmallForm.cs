using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lava.Service.Api.Input;

/// <summary>Reads the forms of our own pages, which are small.</summary>
internal static class SmallForm
{
    /// <summary>The form; null where there is none, or one that no page of ours has sent.</summary>
    /// <param name="http">The request.</param>
    /// <param name="size">How many times as much it may hold as a form of a few words and ids: texts and tables take more.</param>
    public static async ValueTask<IFormCollection?> ReadAsync(HttpContext http, int size = 1)
    {
        if (!http.Request.HasFormContentType) return null;
        try
        {
            return await http.Request.ReadFormAsync(
                new FormOptions
                {
                    BufferBodyLengthLimit = size * 8 * 1024,
                    ValueLengthLimit = size * 1024,
                    KeyLengthLimit = 64,
                    ValueCountLimit = size * 16,
                    MultipartBodyLengthLimit = 0,
                },
                http.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
