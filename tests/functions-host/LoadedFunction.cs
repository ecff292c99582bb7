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
            Queue = binding.RootElement.TryGetProperty("queueName", out var queue) ? queue.GetString()! : "";
            Connection = binding.RootElement.TryGetProperty("connection", out var connection) ? connection.GetString()! : "";
            TakesMany = binding.RootElement.TryGetProperty("cardinality", out var cardinality) && cardinality.GetString() == "Many";
            if (binding.RootElement.TryGetProperty("route", out var route)) _route = new TemplateMatcher(TemplateParser.Parse(route.GetString()!), []);
        }
    }

    public string Id { get; }

    public string Name { get; }

    /// <summary>The trigger's type, as <c>httpTrigger</c>.</summary>
    public string Trigger { get; } = "";

    /// <summary>The parameter that takes what the trigger gives.</summary>
    public string Parameter { get; } = "";

    /// <summary>Of a Service Bus trigger: its queue, the setting of its namespace, and whether a run takes an array of messages.</summary>
    public string Queue { get; } = "";

    public string Connection { get; } = "";

    public bool TakesMany { get; }

    public bool Serves(PathString path) => _route is not null && _route.TryMatch(path, []);

    public bool IsTriggeredBy(string trigger) => Trigger.Equals(trigger, StringComparison.OrdinalIgnoreCase);
}
