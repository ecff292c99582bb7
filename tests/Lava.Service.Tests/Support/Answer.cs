using System.Text.Json;

namespace Lava.Service.Tests.Support;

/// <summary>An answer of the server.</summary>
public sealed record Answer(int Status, JsonElement Body, HttpResponseMessage Response)
{
    /// <summary>The error's code; empty for a success.</summary>
    public string Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString()! : "";

    /// <summary>Where the issues are, as dotted paths.</summary>
    public IReadOnlyList<string> Issues =>
        [.. Body.GetProperty("error").GetProperty("issues").EnumerateArray().Select(issue => string.Join('.', issue.GetProperty("path").EnumerateArray().Select(step => step.GetString())))];

    /// <summary>A member of the body as text: strings as they are, the rest as JSON.</summary>
    public string? this[string path]
    {
        get
        {
            var at = Body;
            foreach (var step in path.Split('.')) at = int.TryParse(step, out var index) ? at[index] : at.GetProperty(step);
            return at.ValueKind switch { JsonValueKind.String => at.GetString(), JsonValueKind.Null => null, _ => at.GetRawText() };
        }
    }

    /// <summary>A header's value; null without it.</summary>
    public string? Header(string name) =>
        Response.Headers.TryGetValues(name, out var values) || Response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;
}
