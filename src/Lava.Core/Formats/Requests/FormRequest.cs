using System.Buffers.Text;
using System.Text;
using Lava.Core.Catalogue;

namespace Lava.Core.Formats.Requests;

/// <summary>Reads a form upload (RFC 7578) for transcriptions and image edits.</summary>
internal static class FormRequest
{
    private const int MaxBoundary = 70;
    private const int MaxField = 1_024;

    /// <summary>Reads a form; null where it is none.</summary>
    public static RequestFacts? Read(ReadOnlySpan<byte> body, string contentType, EndpointKind kind)
    {
        if (Boundary(contentType) is not { } boundary) return null;
        var delimiter = Encoding.ASCII.GetBytes("--" + boundary);
        var at = body.IndexOf(delimiter);
        if (at < 0) return null;
        var facts = new RequestFacts();
        while (true)
        {
            body = body[(at + delimiter.Length)..];
            if (body.StartsWith("--"u8)) return facts;
            at = body.IndexOf(delimiter);
            if (at < 0) return null;
            facts = TakePart(facts, body[..at], kind);
        }
    }

    private static RequestFacts TakePart(RequestFacts facts, ReadOnlySpan<byte> part, EndpointKind kind)
    {
        var split = part.IndexOf("\r\n\r\n"u8);
        if (split < 0) return facts;
        var headers = part[..split];
        var content = part[(split + 4)..];
        if (content.EndsWith("\r\n"u8)) content = content[..^2];
        var name = Parameter(headers, "name=\""u8);
        if (!Parameter(headers, "filename=\""u8).IsEmpty || headers.IndexOf("filename*="u8) >= 0) return TakeFile(facts, content, kind);
        return TakeField(facts, name, content);
    }

    private static RequestFacts TakeFile(RequestFacts facts, ReadOnlySpan<byte> content, EndpointKind kind)
    {
        var isFirst = facts.MediaParts == 0;
        facts = facts with { MediaParts = facts.MediaParts + 1 };
        if (kind != EndpointKind.Transcription) return facts;

        // A second recording whose length is not known makes the whole unknown.
        var seconds = AudioLength.Read(content);
        return facts with { MediaBytes = facts.MediaBytes + content.Length, AudioSeconds = isFirst ? seconds : facts.AudioSeconds + seconds };
    }

    private static RequestFacts TakeField(RequestFacts facts, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        facts = facts with { PromptBytes = facts.PromptBytes + content.Length };
        if (content.Length > MaxField) return facts;
        if (name.SequenceEqual("model"u8) || name.SequenceEqual("model_id"u8))
        {
            // Named twice it is no model: hosts differ in which of the two they take.
            var isInvalid = content.IsEmpty || facts.Model is not null || facts.ModelIsInvalid;
            return facts with { Model = isInvalid ? null : Encoding.UTF8.GetString(content), ModelIsInvalid = isInvalid };
        }

        if (name.SequenceEqual("stream"u8)) return facts with { Stream = Ascii.EqualsIgnoreCase(content, "true"u8) };
        if (name.SequenceEqual("n"u8) && Utf8Parser.TryParse(content, out long choices, out _)) return facts with { Choices = Math.Clamp(choices, 1, 1_000_000) };
        return name.SequenceEqual("cloud_storage_url"u8) ? facts with { HasUnseenInput = true } : facts;
    }

    private static ReadOnlySpan<byte> Parameter(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name)
    {
        var rest = headers;
        while (true)
        {
            var at = rest.IndexOf(name);
            if (at < 0) return default;

            // "name" must not be found in "filename".
            var isWhole = at == 0 || rest[at - 1] is (byte)' ' or (byte)';' or (byte)'\t';
            rest = rest[(at + name.Length)..];
            if (!isWhole) continue;
            var end = rest.IndexOf((byte)'"');
            return end < 0 ? default : rest[..end];
        }
    }

    private static string? Boundary(string contentType)
    {
        var at = contentType.IndexOf("boundary=", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        var rest = contentType.AsSpan(at + 9);
        if (rest.StartsWith("\""))
        {
            rest = rest[1..];
            var quote = rest.IndexOf('"');
            if (quote < 0) return null;
            rest = rest[..quote];
        }
        else if (rest.IndexOf(';') is >= 0 and var end) rest = rest[..end];

        rest = rest.Trim();
        return rest.Length is 0 or > MaxBoundary || !Ascii.IsValid(rest) ? null : rest.ToString();
    }
}
