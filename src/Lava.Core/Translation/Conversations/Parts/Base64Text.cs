using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Lava.Core.Translation.Conversations.Parts;

/// <summary>Text that a document carries in base64.</summary>
internal static class Base64Text
{
    public static bool TryDecode(string? base64, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (base64 is null) return false;
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var count) || !System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(0, count))) return false;
        text = Encoding.UTF8.GetString(bytes, 0, count);
        return true;
    }
}
