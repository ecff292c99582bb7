using System.Text;
using Lava.Core.Formats.Requests;

namespace Lava.Core.Formats;

/// <summary>Puts another model into a form upload and leaves every other byte as it is.</summary>
public static class FormPatch
{
    /// <summary>Whether a body is a form.</summary>
    /// <param name="contentType">Its media type with its parameters; null where the client names none.</param>
    public static bool IsForm(string? contentType) =>
        contentType is not null && contentType.AsSpan().TrimStart().StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <summary>The patched body; the same memory where it names no model, or that one already.</summary>
    /// <param name="body">A form that <see cref="RequestReader"/> has accepted, so that it has the field once at most.</param>
    /// <param name="contentType">Its media type with its parameters.</param>
    /// <param name="model">The model.</param>
    public static ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> body, string contentType, string model)
    {
        if (FormRequest.FindField(body.Span, contentType, "model") is not var (at, length)) return body;
        var value = Encoding.UTF8.GetBytes(model);
        return body.Span.Slice(at, length).SequenceEqual(value) ? body : BodySplice.Apply(body, at, length, value);
    }
}
