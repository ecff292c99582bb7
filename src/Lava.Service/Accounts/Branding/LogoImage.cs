namespace Lava.Service.Accounts.Branding;

/// <summary>Small images as <c>data:</c> addresses. Only formats that hold nothing but a picture are taken: an SVG can hold scripts and loads from
/// elsewhere.</summary>
internal static class LogoImage
{
    /// <summary>Most bytes of an image; every page of the portal carries it.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>Most characters of the address of such an image.</summary>
    public const int MaxLength = ((MaxBytes + 2) / 3 * 4) + 32;

    // How files of these formats begin (PNG 1.2, 12.12; JFIF 1.02; GIF89a, 17; the WebP container specification).
    private static readonly (string Type, byte[] Start, int At, byte[] Then)[] Formats =
    [
        ("image/png", [0x89, .. "PNG\r\n"u8, 0x1a, 0x0a], 0, []),
        ("image/jpeg", [0xff, 0xd8, 0xff], 0, []),
        ("image/gif", [.. "GIF8"u8], 0, []),
        ("image/webp", [.. "RIFF"u8], 8, [.. "WEBP"u8]),
    ];

    /// <summary>What is wrong with an address that begins with <c>data:</c>; null where it is an image.</summary>
    public static string? Fault(string address)
    {
        foreach (var (type, start, at, then) in Formats)
        {
            var head = $"data:{type};base64,";
            if (!address.StartsWith(head, StringComparison.Ordinal)) continue;
            var bytes = new byte[MaxBytes + 3];
            if (address.Length > MaxLength || !Convert.TryFromBase64Chars(address.AsSpan(head.Length), bytes, out var length) || length > MaxBytes)
                return $"The image must be valid base64 of at most {MaxBytes / 1024} KB.";
            var image = bytes.AsSpan(0, length);
            return image.StartsWith(start) && image[Math.Min(at, length)..].StartsWith(then) ? null : $"This is not an image of the type {type}.";
        }

        return "An embedded image must be PNG, JPEG, GIF or WebP as base64, such as data:image/png;base64,…";
    }
}
