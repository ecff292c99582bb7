using System.Text;
using System.Text.Encodings.Web;
using Lava.Service.Pages;
using Microsoft.OpenApi;

namespace Lava.Service.OpenApi;

/// <summary>Renders the API's document as one page that needs no script and nothing from elsewhere.</summary>
internal static class ReferencePage
{
    private static readonly string Style = EmbeddedFile.Read("OpenApi/reference.css");

    public static byte[] Render(OpenApiDocument document)
    {
        var html = new StringBuilder();
        html.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Lava API "
            + "reference</title><style>").Append(Style);
        html.Append("</style></head><body><header><h1>Lava API reference</h1><p>")
            .Append(Encode(document.Info.Description))
            .Append(" As <a href=\"/v1/openapi.json\">OpenAPI 3.1</a>.</p><nav>");
        var operations = document.Paths.SelectMany(path => path.Value.Operations!.Select(operation =>
            (Path: path.Key, Method: operation.Key.Method, Operation: operation.Value))).ToList();
        var tags = document.Tags!.Select(tag => tag.Name!).ToList();
        foreach (var tag in tags) html.Append("<a href=\"#").Append(tag).Append("\">").Append(tag).Append("</a>");
        html.Append("</nav></header><main>");
        foreach (var tag in tags)
        {
            html.Append("<section><h2 id=\"").Append(tag).Append("\">").Append(tag).Append("</h2>");
            foreach (var (path, method, operation) in operations.Where(entry => entry.Operation.Tags!.First().Name == tag))
                Write(html, path, method, operation);
            html.Append("</section>");
        }

        return Encoding.UTF8.GetBytes(html.Append("</main></body></html>").ToString());
    }

    private static void Write(StringBuilder html, string path, string method, OpenApiOperation operation)
    {
        html.Append("<article id=\"")
            .Append(operation.OperationId)
            .Append("\"><h3><span class=\"m\">")
            .Append(method)
            .Append("</span>")
            .Append(Encode(path))
            .Append("</h3><p>");
        html.Append(Encode(operation.Summary)).Append("</p>");
        var parameters = operation.Parameters?.Where(parameter => parameter.Name != "Idempotency-Key").ToList() ?? [];
        if (parameters.Count > 0)
        {
            html.Append("<table><tr><th>Parameter<th>In<th></tr>");
            foreach (var parameter in parameters) Row(html, parameter.Name!, parameter.In.ToString()!.ToLowerInvariant(), parameter.Required);
            html.Append("</table>");
        }

        if (operation.RequestBody?.Content?.Values.FirstOrDefault()?.Schema is { Properties: { } members } body)
        {
            html.Append("<table><tr><th>Body<th>Type<th></tr>");
            foreach (var (name, schema) in members) Row(html, name, TypeOf(schema), body.Required?.Contains(name) == true);
            html.Append("</table>");
        }

        var success = operation.Responses?.FirstOrDefault(response => response.Key.StartsWith('2'));
        if (success is { Value.Content: { } content } && content.Values.FirstOrDefault()?.Schema is { Properties: { Count: > 0 } answer })
        {
            html.Append("<table><tr><th>Response ").Append(success.Value.Key).Append("<th>Type<th></tr>");
            foreach (var (name, schema) in answer) Row(html, name, TypeOf(schema), false);
            html.Append("</table>");
        }

        html.Append("</article>");
    }

    private static void Row(StringBuilder html, string name, string type, bool isRequired) =>
        html.Append("<tr><td><code>")
            .Append(Encode(name))
            .Append("</code><td>")
            .Append(Encode(type))
            .Append("<td>")
            .Append(isRequired ? "required" : "")
            .Append("</tr>");

    private static string TypeOf(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchemaReference reference) return reference.Reference.Id ?? "object";
        if (schema.Items is { } items) return TypeOf(items) + "[]";
        if (schema.OneOf is { Count: > 0 } several) return string.Join(" or ", several.Select(TypeOf));
        var type = schema.Type is { } known ? known.ToString().ToLowerInvariant().Replace(", ", " or ", StringComparison.Ordinal) : "any";
        return schema.Format is { } format ? $"{type} ({format})" : type;
    }

    private static string Encode(string? text) => HtmlEncoder.Default.Encode(text ?? "");
}
