using System.Buffers.Text;
using System.Text;
using Lava.Core.Catalogue;
using Lava.Core.Formats.UsageReaders;

namespace Lava.Core.Formats.Requests;

/// <summary>Reads a form upload (RFC 7578) for transcriptions and image edits. What it cannot read as a provider would is refused as a whole, so that no field
/// is seen there that was not seen here.</summary>
internal static class FormRequest
{
    private const int MaxBoundary = 70;
    private const int MaxHeaders = 4_096;
    private const int MaxField = 1_024;
    private const long MostChoices = 1_000_000;

    /// <summary>Reads a form; null where it is none.</summary>
    public static RequestFacts? Read(ReadOnlySpan<byte> body, string contentType, ProviderEndpoint endpoint)
    {
        if (Boundary(contentType) is not { } boundary) return null;
        var delimiter = Encoding.ASCII.GetBytes("\r\n--" + boundary);
        var facts = new RequestFacts();

        // The first delimiter may stand at the very start, without its line end.
        var at = body.StartsWith(delimiter.AsSpan(2)) ? -2 : Find(body, delimiter);
        if (at == -1) return null;
        while (true)
        {
            body = body[(at + delimiter.Length)..];
            if (body.StartsWith("--"u8)) return facts;
            at = Find(body, delimiter);
            if (at < 0 || TakePart(facts, body[..at], endpoint) is not { } more) return null;
            facts = more;
        }
    }

    /// <summary>Where the value of a field stands; null where there is no such field, or the body is no form.</summary>
    public static (int At, int Length)? FindField(ReadOnlySpan<byte> body, string contentType, string name)
    {
        if (Boundary(contentType) is not { } boundary) return null;
        var delimiter = Encoding.ASCII.GetBytes("\r\n--" + boundary);
        var at = body.StartsWith(delimiter.AsSpan(2)) ? -2 : Find(body, delimiter);
        while (at != -1)
        {
            var start = at + delimiter.Length;
            var length = Find(body[start..], delimiter);
            if (length < 0) return null;
            var part = body.Slice(start, length);
            var split = part.IndexOf("\r\n\r\n"u8);
            if (split is < 0 or > MaxHeaders || FormDisposition.Read(part[..split]) is not { } disposition) return null;
            if (!disposition.IsFile && disposition.Name == name) return (start + split + 4, length - split - 4);
            at = start + length;
        }

        return null;
    }

    /// <summary>Finds a delimiter that stands alone on its line; -1 where there is none.</summary>
    private static int Find(ReadOnlySpan<byte> body, ReadOnlySpan<byte> delimiter)
    {
        var from = 0;
        while (true)
        {
            var at = body[from..].IndexOf(delimiter);
            if (at < 0) return -1;
            var rest = body[(from + at + delimiter.Length)..];
            if (rest.StartsWith("\r\n"u8) || rest.StartsWith("--"u8)) return from + at;
            from += at + delimiter.Length;
        }
    }

    private static RequestFacts? TakePart(RequestFacts facts, ReadOnlySpan<byte> part, ProviderEndpoint endpoint)
    {
        var split = part.IndexOf("\r\n\r\n"u8);
        if (split is < 0 or > MaxHeaders || FormDisposition.Read(part[..split]) is not { } disposition) return null;
        var content = part[(split + 4)..];
        return disposition.IsFile ? TakeFile(facts, content, endpoint.Kind) : TakeField(facts, disposition.Name, content, endpoint);
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

    private static RequestFacts TakeField(RequestFacts facts, string name, ReadOnlySpan<byte> content, ProviderEndpoint endpoint)
    {
        facts = facts with { PromptBytes = facts.PromptBytes + content.Length };
        if (IsReference(name) && endpoint.Kind == EndpointKind.Transcription) return facts with { HasUnseenInput = true };
        if (IsExtra(name) && !IsOff(content)) return facts with { Unpriced = facts.Unpriced ?? new RequestFault(name, $"{name} has no price here.") };
        var member = RootMembers.Find(RootMembers.Of(endpoint), name, out var documented, out var isExact);
        if (!isExact)
            return facts with { Fault = facts.Fault ?? new RequestFault(documented!, $"A field that differs from {documented} only in case is not allowed.") };
        switch (member)
        {
            case RootMember.Model:
                // Named twice it is no model: hosts differ in which of the two they take.
                var isInvalid = content.Length is 0 or > MaxField || facts.Model is not null || facts.ModelIsInvalid;
                return facts with { Model = isInvalid ? null : Encoding.UTF8.GetString(content), ModelIsInvalid = isInvalid };
            case RootMember.Stream:
                return facts with { Stream = facts.Stream || Ascii.EqualsIgnoreCase(content, "true"u8) || content.SequenceEqual("1"u8) };
            case RootMember.Choices:
                return Utf8Parser.TryParse(content, out long choices, out _) ? facts with { Choices = Math.Clamp(choices, facts.Choices, MostChoices) } : facts;
            case RootMember.ServiceTier when !PricedWords.IsTier(content):
                return ServedTerms.Tier(content) is { } tier
                    ? facts with { Terms = facts.Terms with { Tier = tier } }
                    : facts with { Unpriced = facts.Unpriced ?? new RequestFault(name, "Service tiers other than the default have no price here.") };
            case RootMember.Size:
                facts = facts with { ImagePixels = Math.Max(facts.ImagePixels, PricedWords.PixelsOf(content)) };
                return PricedWords.IsPlainSize(content)
                    ? facts
                    : facts with { DearImage = new RequestFault(name, "Only images of up to 1024x1024 have a price here.") };
            case RootMember.Quality when !PricedWords.IsPlainQuality(content):
                return facts with { DearImage = new RequestFault(name, "Only images of the standard quality have a price here.") };
            case RootMember.Pixels or RootMember.Steps:
                return facts with { DearImage = new RequestFault(name, "Only images of the default size have a price here.") };
            default:
                return facts;
        }
    }

    /// <summary>Fields that name a recording elsewhere: ElevenLabs', Mistral's (docs.mistral.ai/capabilities/audio_transcription) and Groq's
    /// (console.groq.com/docs/speech-to-text).</summary>
    private static bool IsReference(string name) => name is "cloud_storage_url" or "source_url" or "file_url" or "file_id" or "url";

    /// <summary>Fields of ElevenLabs' transcriptions that cost more, or let nobody wait for the answer
    /// (elevenlabs.io/docs/api-reference/speech-to-text).</summary>
    private static bool IsExtra(string name) => name is "webhook" or "use_multi_channel" or "entity_detection" or "keyterms";

    private static bool IsOff(ReadOnlySpan<byte> content) =>
        content.IsEmpty || Ascii.EqualsIgnoreCase(content, "false"u8) || content.SequenceEqual("0"u8) || content.SequenceEqual("[]"u8);

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
