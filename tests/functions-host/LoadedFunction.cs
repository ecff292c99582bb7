using System.Text.Json;
using Lava.FunctionsHost.Contract;
using Microsoft.AspNetCore.Routing.Template;

namespace Lava.FunctionsHost;

/// <summary>A function of the worker: what runs it, and for an HTTP trigger the addresses that are its.</summary>
internal sealed class LoadedFunction
{
    private readonly TemplateMatcher? _route;

    public LoadedFunction(RpcFunctionMetadata metadata)
    {
        (Id, Name) = (metadata.FunctionId, metadata.Name);
        foreach (var raw in metadata.RawBindings)
        {
            using var binding = JsonDocument.Parse(raw);
            var type = binding.RootElement.GetProperty("type").GetString()!;
            if (!type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase)) continue;
            (Trigger, Parameter) = (type, binding.RootElement.GetProperty("name").GetString()!);
            if (binding.RootElement.TryGetProperty("route", out var route)) _route = new TemplateMatcher(TemplateParser.Parse(route.GetString()!), []);
        }
    }

    public string Id { get; }

    public string Name { get; }

    /// <summary>The trigger's type, as <c>httpTrigger</c>.</summary>
    public string Trigger { get; } = "";

    /// <summary>The parameter that takes what the trigger gives.</summary>
    public string Parameter { get; } = "";

    public bool Serves(PathString path) => _route is not null && _route.TryMatch(path, []);

    public bool IsTriggeredBy(string trigger) => Trigger.Equals(trigger, StringComparison.OrdinalIgnoreCase);
}
