using System.Text.Json;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace Lava.Functions.Tests;

public sealed class HttpWiringTests
{
    [Fact]
    public void Every_HTTP_function_is_anonymous_for_Lava_checks_its_own_credentials() =>
        Functions.Http.ShouldAllBe(function => function.Trigger.AuthLevel == AuthorizationLevel.Anonymous);

    [Fact]
    public void Every_HTTP_function_takes_any_method_for_the_service_knows_which_are_right() =>
        Functions.Http.ShouldAllBe(function => function.Trigger.Methods == null || function.Trigger.Methods.Length == 0);

    [Fact]
    public void Every_HTTP_function_catches_all_below_its_resource() =>
        Functions.Http.ShouldAllBe(function => function.Trigger.Route!.EndsWith("/{*rest}", StringComparison.Ordinal));

    [Fact]
    public void No_two_functions_share_a_name_or_a_route()
    {
        Functions.All.Select(function => function.Name).ShouldBeUnique();
        Functions.Http.Select(function => function.Trigger.Route).ShouldBeUnique();
    }

    [Fact]
    public void Routes_have_no_prefix_for_official_clients_call_v1_at_the_top() => Prefix().ShouldBe("");

    // The platform has a page of its own at the top.
    [Fact]
    public async Task Every_endpoint_of_the_service_is_reached_through_a_function() =>
        (await ServiceEndpoints.AllAsync()).Where(endpoint => endpoint.Pattern != "/").Where(endpoint => FunctionFor(Sample(endpoint.Pattern)) == "no function").ShouldBeEmpty();

    [Fact]
    public async Task Calls_to_models_and_nothing_else_are_the_gateways()
    {
        var endpoints = await ServiceEndpoints.AllAsync();

        endpoints.ShouldContain(endpoint => endpoint.IsGateway);
        endpoints.ShouldContain(endpoint => !endpoint.IsGateway);
        foreach (var (pattern, isGateway) in endpoints.Where(endpoint => endpoint.Pattern != "/")) FunctionFor(Sample(pattern)).StartsWith("gateway-", StringComparison.Ordinal).ShouldBe(isGateway, pattern);
    }

    [Fact]
    public async Task Every_function_leads_to_an_endpoint()
    {
        var reached = (await ServiceEndpoints.AllAsync()).Select(endpoint => FunctionFor(Sample(endpoint.Pattern))).ToHashSet();

        Functions.Http.Select(function => function.Name).Where(name => !reached.Contains(name)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/v1/nothing", "management")]
    [InlineData("/v1/customers/con_1/subscription", "management")]
    [InlineData("/v1/usage", "management")]
    [InlineData("/v1/forward/chat/completions", "gateway-forward")]
    [InlineData("/v1/chat/completions", "gateway-chat")]
    [InlineData("/auth/connect", "pages-login")]
    [InlineData("/console", "pages-console")]
    [InlineData("/console/test/requests/req_1", "pages-console")]
    [InlineData("/portal", "pages-portal")]
    [InlineData("/stripe/webhook", "webhooks-stripe")]
    public void An_address_belongs_to_the_function_of_its_concern(string path, string name) => FunctionFor(path).ShouldBe(name);

    // The host puts routes in the order of their functions' names and takes the first that matches.
    private static string FunctionFor(string path) => Functions.Http
        .OrderBy(function => function.Name, StringComparer.Ordinal)
        .Where(function => new TemplateMatcher(TemplateParser.Parse($"{Prefix()}/{function.Trigger.Route}".TrimStart('/')), []).TryMatch(path, []))
        .Select(function => function.Name)
        .FirstOrDefault() ?? "no function";

    private static string Sample(string pattern)
    {
        var segments = TemplateParser.Parse(pattern.TrimStart('/')).Segments.Select(segment => string.Concat(segment.Parts.Select(part => part.IsParameter ? "x" : part.Text)));
        return "/" + string.Join('/', segments);
    }

    private static string? Prefix()
    {
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")));
        return host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString();
    }
}
