using System.Buffers;
using System.Buffers.Text;

namespace Lava.Core.Formats.Requests;

/// <summary>Counts the images, documents and clips of a prompt. Only what is encoded throughout is taken for media: text in such a place stays text and counts
/// as prompt.</summary>
internal struct PromptMedia
{
    /// <summary>Encoded characters that suffice to tell an image by its first bytes.</summary>
    private const int HeadCharacters = 16;

    // Some writers escape the slash.
    private static readonly SearchValues<byte> Base64Bytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_\\"u8);

    private bool _isDocument;

    /// <summary>Images, documents and clips.</summary>
    public int Parts { get; private set; }

    /// <summary>Bytes of the body that encode them.</summary>
    public long EncodedBytes { get; private set; }

    /// <summary>Those of them that are no images.</summary>
    public long DocumentBytes { get; private set; }

    /// <summary>Whether a document is referred to that the body does not hold.</summary>
    public bool HasUnseen { get; private set; }

    /// <summary>Looks at a string of the prompt.</summary>
    /// <param name="container">The member that holds the string's object or array.</param>
    /// <param name="member">The string's own member.</param>
    /// <param name="value">The string as it stands in the JSON, escapes included.</param>
    public void Take(PromptMember container, PromptMember member, ReadOnlySpan<byte> value)
    {
        switch (member)
        {
            case PromptMember.Type:
                if (value.SequenceEqual("document"u8)) _isDocument = true;
                else if (value.SequenceEqual("image"u8) || value.SequenceEqual("text"u8)) _isDocument = false;
                break;
            case PromptMember.Data when container == PromptMember.Source:
            case PromptMember.FileData:
                TakeEncoded(value);
                break;
            case PromptMember.Image:
            case PromptMember.Url when container is PromptMember.Source or PromptMember.Image:
                if (value.StartsWith("data:"u8)) TakeEncoded(value);
                else TakeReference(container == PromptMember.Source && _isDocument);
                break;
            case PromptMember.FileReference:
                TakeReference(true);
                break;
        }
    }

    private void TakeReference(bool isDocument)
    {
        Parts++;
        HasUnseen |= isDocument;
    }

    private void TakeEncoded(ReadOnlySpan<byte> value)
    {
        var data = value;
        if (value.StartsWith("data:"u8))
        {
            // The address' own head may have an escaped slash; the comma ends it.
            var comma = value.IndexOf((byte)',');
            if (comma < 0 || !value[..comma].EndsWith(";base64"u8)) return;
            data = value[(comma + 1)..];
        }

        if (data.IsEmpty || data.ContainsAnyExcept(Base64Bytes)) return;
        Parts++;
        EncodedBytes += data.Length;
        if (!IsImage(data)) DocumentBytes += data.Length;
    }

    private static bool IsImage(ReadOnlySpan<byte> data)
    {
        Span<byte> head = stackalloc byte[HeadCharacters];
        if (data.Length < HeadCharacters) return false;

        // An escaped slash ("\/") shifts what follows; JPEG's begins with one.
        if (data.StartsWith("\\/9j"u8)) return true;
        Base64.DecodeFromUtf8(data[..HeadCharacters], head, out _, out var length);
        head = head[..length];
        return head.StartsWith([(byte)0x89, (byte)'P', (byte)'N', (byte)'G']) || head.StartsWith([(byte)0xFF, (byte)0xD8, (byte)0xFF])
            || head.StartsWith("GIF8"u8) || head.StartsWith("BM"u8)
            || (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..12].SequenceEqual("WEBP"u8));
    }
}
