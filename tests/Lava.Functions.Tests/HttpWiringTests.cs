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

    [Fact]
    public async Task Every_endpoint_of_the_service_is_reached_through_its_resources_function()
    {
        var endpoints = await ServiceEndpoints.PatternsAsync();

        endpoints.ShouldNotBeEmpty();
        foreach (var pattern in endpoints) FunctionFor(Sample(pattern)).ShouldNotBe("unknown", $"{pattern} has no function of its own");
    }

    [Fact]
    public async Task Every_function_but_the_last_resort_leads_to_an_endpoint()
    {
        var reached = (await ServiceEndpoints.PatternsAsync()).Select(pattern => FunctionFor(Sample(pattern))).ToHashSet();

        Functions.Http.Select(function => function.Name).Where(name => name != "unknown" && !reached.Contains(name)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/v1/nothing", "unknown")]
    [InlineData("/v1/customers", "customers")]
    [InlineData("/v1/customers/con_1/subscription", "customers")]
    [InlineData("/v1/forward/chat/completions", "forward")]
    public void An_address_belongs_to_the_function_of_its_first_segment(string path, string name) => FunctionFor(path).ShouldBe(name);

    private static string FunctionFor(string path) => Functions.Http
        .Select(function => (function.Name, Template: TemplateParser.Parse($"{Prefix()}/{function.Trigger.Route}".TrimStart('/'))))
        .Where(function => new TemplateMatcher(function.Template, []).TryMatch(path, []))
        .OrderBy(function => RoutePrecedence.ComputeInbound(function.Template))
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
