using Lava.Service.Sandbox.Dialects;

namespace Lava.Service.Sandbox.Strictness;

/// <summary>What Cohere, Jina and Voyage refuse: a query or documents that are missing or empty.</summary>
internal static class RerankCheck
{
    public static SandboxRefusal? Of(SandboxCall call)
    {
        var isQuery = call.Json.At("query").Word() is { Length: > 0 };
        if (isQuery && call.Json.At("documents").List().Count > 0) return null;
        return call.Dialect == SandboxDialect.Cohere
            ? new SandboxRefusal(isQuery ? "invalid request: list of documents must not be empty" : "invalid request: query must not be empty")
            : new SandboxRefusal($"Argument '{(isQuery ? "documents" : "query")}' is missing or empty.");
    }
}
