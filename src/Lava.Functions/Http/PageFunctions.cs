using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lava.Functions.Http;

/// <summary>What browsers show.</summary>
public sealed class PageFunctions(InnerPipeline pipeline)
{
    /// <summary>Pages of the checkout.</summary>
    [Function("pages-checkout")]
    public Task<IActionResult> CheckoutAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "embed/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>The console.</summary>
    [Function("pages-console")]
    public Task<IActionResult> ConsoleAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "console/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>The reference of the API.</summary>
    [Function("pages-docs")]
    public Task<IActionResult> DocsAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "docs/{*rest}")] HttpRequest request) => pipeline.RunAsync(request);

    /// <summary>Pages on which a person lets a program in.</summary>
    [Function("pages-login")]
    public Task<IActionResult> LoginAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "auth/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>The customer portal.</summary>
    [Function("pages-portal")]
    public Task<IActionResult> PortalAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "portal/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>Pages of payments.</summary>
    [Function("pages-payment")]
    public Task<IActionResult> PaymentAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "pay/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);
}
