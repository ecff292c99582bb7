using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lava.Service.Api.Input;

/// <summary>Reads the forms of our own pages, which are small.</summary>
internal static class SmallForm
{
    /// <summary>The form; null where there is none, or one that no page of ours has sent.</summary>
    public static async ValueTask<IFormCollection?> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return null;
        try
        {
            return await http.Request.ReadFormAsync(
                new FormOptions
                {
                    BufferBodyLengthLimit = 8 * 1024,
                    ValueLengthLimit = 1024,
                    KeyLengthLimit = 64,
                    ValueCountLimit = 16,
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
