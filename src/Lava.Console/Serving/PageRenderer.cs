using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lava.Console.Serving;

/// <summary>Renders pages on the server, whole.</summary>
internal static class PageRenderer
{
    /// <summary>Renders a page in its document and writes it; the headers are there already.</summary>
    /// <param name="http">The request.</param>
    /// <param name="loggers">Hears of faults.</param>
    /// <param name="status">Status of the response, asked for when the page is rendered: a page that finds nothing sets it.</param>
    /// <typeparam name="TDocument">The document, with the page's component as its parameter <c>Page</c>.</typeparam>
    /// <typeparam name="TPage">The page.</typeparam>
    public static async Task WriteAsync<TDocument, TPage>(HttpContext http, ILoggerFactory loggers, Func<int> status)
        where TDocument : IComponent
        where TPage : IComponent
    {
        await using var renderer = new HtmlRenderer(http.RequestServices, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { ["Page"] = typeof(TPage) });
            return (await renderer.RenderComponentAsync<TDocument>(parameters)).ToHtmlString();
        });
        var bytes = Encoding.UTF8.GetBytes(html);
        http.Response.StatusCode = status();
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }
}
