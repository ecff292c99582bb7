using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Lava.Functions.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lava.Functions.Tests;

public sealed class InnerPipelineTests
{
    [Fact]
    public async Task A_request_reaches_the_services_endpoint_with_its_own_route_values()
    {
        var http = Request("GET", "/v1/things/42");

        var result = await Pipeline(routes => routes.MapGet("/v1/things/{id}", inner => inner.Response.WriteAsync($"thing {inner.Request.RouteValues["id"]}, rest {inner.Request.RouteValues["rest"]}")))
            .RunAsync(http.Request);

        result.ShouldBeOfType<EmptyResult>();
        http.Response.StatusCode.ShouldBe(200);
        Text(http).ShouldBe("thing 42, rest ");
    }

    [Fact]
    public async Task The_outer_endpoint_and_route_values_are_there_again_afterwards()
    {
        var http = Request("GET", "/v1/things/42");
        var outer = http.GetEndpoint();

        await Pipeline(routes => routes.MapGet("/v1/things/{id}", inner => inner.Response.WriteAsync(inner.GetEndpoint()!.DisplayName!))).RunAsync(http.Request);

        Text(http).ShouldContain("/v1/things/{id}");
        http.GetEndpoint().ShouldBeSameAs(outer);
        http.Request.RouteValues.ShouldBe(new Dictionary<string, object?> { ["rest"] = "outer" });
    }

    [Fact]
    public async Task They_are_there_again_after_a_fault_too()
    {
        var http = Request("GET", "/v1/things");
        var outer = http.GetEndpoint();

        await Pipeline(routes => routes.MapGet("/v1/things", Fail)).RunAsync(http.Request);

        http.GetEndpoint().ShouldBeSameAs(outer);
        http.Request.RouteValues["rest"].ShouldBe("outer");
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", 404, "not_found")]
    [InlineData("GET", "/v1/customers/x/nothing", 404, "not_found")]
    [InlineData("PUT", "/v1/customers", 405, "method_not_allowed")]
    [InlineData("GET", "/v1/customers", 401, "authentication_required")]
    public async Task What_the_service_refuses_comes_in_the_envelope(string method, string path, int status, string code)
    {
        await using var services = ServiceEndpoints.Services();
        var http = Request(method, path);

        await services.GetRequiredService<InnerPipeline>().RunAsync(http.Request);

        http.Response.StatusCode.ShouldBe(status);
        Code(http).ShouldBe(code);
        http.Request.RouteValues["rest"].ShouldBe("outer");
    }

    [Fact]
    public async Task An_escaping_exception_is_a_500_in_the_envelope_that_tells_nothing_of_it()
    {
        var http = Request("GET", "/v1/things");

        await Pipeline(routes => routes.MapGet("/v1/things", Fail)).RunAsync(http.Request);

        http.Response.StatusCode.ShouldBe(500);
        http.Response.Headers.ContainsKey("X-Half").ShouldBeFalse();
        Code(http).ShouldBe("internal_error");
        Text(http).ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_fault_after_the_first_byte_cuts_the_connection_so_that_nobody_takes_the_answer_for_whole()
    {
        var http = Request("GET", "/v1/things");
        var body = new StartedResponse();
        http.Features.Set<IHttpResponseFeature>(body);
        var lifetime = new Lifetime();
        http.Features.Set<IHttpRequestLifetimeFeature>(lifetime);

        await Pipeline(routes => routes.MapGet("/v1/things", Fail)).RunAsync(http.Request);

        lifetime.IsAborted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_chunk_goes_out_before_the_next_is_written()
    {
        var pipe = new Pipe();
        var http = Request("GET", "/v1/stream");
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(pipe.Writer.AsStream()));
        var isReadFirst = new TaskCompletionSource();

        var run = Pipeline(routes => routes.MapGet("/v1/stream", async inner =>
        {
            await inner.Response.WriteAsync("one");
            await inner.Response.Body.FlushAsync();
            await isReadFirst.Task;
            await inner.Response.WriteAsync("two");
            await inner.Response.Body.FlushAsync();
        })).RunAsync(http.Request);

        var first = await pipe.Reader.ReadAtLeastAsync(3);
        Encoding.UTF8.GetString(first.Buffer).ShouldBe("one");
        run.IsCompleted.ShouldBeFalse();
        pipe.Reader.AdvanceTo(first.Buffer.End);
        isReadFirst.SetResult();
        await run;
        Encoding.UTF8.GetString((await pipe.Reader.ReadAtLeastAsync(3)).Buffer).ShouldBe("two");
    }

    private static Task Fail(HttpContext http)
    {
        if (!http.Response.HasStarted) http.Response.Headers["X-Half"] = "done";
        throw new InvalidOperationException("secret detail");
    }

    private static InnerPipeline Pipeline(Action<IEndpointRouteBuilder> map)
    {
        var services = new ServiceCollection().AddLogging().AddRouting().AddSingleton(new DiagnosticListener("tests"));
        var app = new ApplicationBuilder(services.BuildServiceProvider());
        app.UseRouting();
        app.UseEndpoints(map);
        return new InnerPipeline(app.Build(), NullLogger.Instance);
    }

    /// <summary>A request as a function gets it: matched to the function's own catch-all route.</summary>
    private static DefaultHttpContext Request(string method, string path)
    {
        var http = new DefaultHttpContext { RequestServices = new ServiceCollection().BuildServiceProvider() };
        http.Request.Method = method;
        http.Request.Path = path;
        http.Response.Body = new MemoryStream();
        http.SetEndpoint(new Endpoint(_ => Task.CompletedTask, EndpointMetadataCollection.Empty, "the function"));
        http.Request.RouteValues = new RouteValueDictionary { ["rest"] = "outer" };
        return http;
    }

    private static string Text(HttpContext http) => Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray());

    private static string? Code(HttpContext http)
    {
        using var json = JsonDocument.Parse(Text(http));
        return json.RootElement.GetProperty("error").GetProperty("code").GetString();
    }

    private sealed class StartedResponse : HttpResponseFeature
    {
        public override bool HasStarted => true;
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }
}
