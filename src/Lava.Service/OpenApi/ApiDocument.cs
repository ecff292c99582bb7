using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Lava.Service.OpenApi;

/// <summary>The API's document, made from the endpoints when it is first asked for.</summary>
internal sealed class ApiDocument
{
    /// <summary>The document's name in the framework's registry.</summary>
    internal const string Name = "v1";

    private readonly Lazy<Task<byte[]>> _made;

    /// <summary>Makes nothing yet: the document is made when it is first asked for.</summary>
    public ApiDocument(IServiceProvider services) => _made = new Lazy<Task<byte[]>>(async () =>
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync();
        var json = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1);
        return System.Text.Encoding.UTF8.GetBytes(json);
    });

    /// <summary>OpenAPI 3.1 as JSON.</summary>
    public async ValueTask<byte[]> JsonAsync() => await _made.Value;
}
