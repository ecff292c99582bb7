using System.Collections.Frozen;
using Lava.Core.Catalogue;

namespace Lava.Service.Catalogue;

/// <summary>A resource of Azure OpenAI or Microsoft Foundry, with deployments of models. No record, for those print what they hold.</summary>
internal sealed class AzureResource
{
    /// <summary>The API version of the paths by deployment where none is given: the last that is generally available (Microsoft Learn, "Azure OpenAI API
    /// version lifecycle").</summary>
    private const string DefaultVersion = "2024-10-21";

    /// <summary>Its place in the settings, as messages name it.</summary>
    public required string Name { get; init; }

    /// <summary>Its address, such as <c>https://house.openai.azure.com</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Its key; null where the server's own identity is used.</summary>
    public string? Key { get; init; }

    /// <summary>Version of the paths by deployment; null for the v1 path, which has none.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Resources of a lower priority are asked first.</summary>
    public int Priority { get; init; }

    /// <summary>How many calls it gets beside others of its priority.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The deployment of each model, by the model's id at Azure OpenAI's catalogue entry.</summary>
    public required FrozenDictionary<string, string> Deployments { get; init; }

    /// <summary>The address of an operation at a deployment.</summary>
    /// <param name="operation">What follows <c>/openai/v1/</c> or the deployment in the call's path, such as <c>chat/completions</c>.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="isJson">Whether the body is JSON, so that it can name the deployment.</param>
    /// <param name="query">The call's query with its question mark, without an API version; empty for none.</param>
    /// <param name="namesDeployment">Whether the body must name the deployment.</param>
    public Uri AddressOf(string operation, string deployment, bool isJson, string query, out bool namesDeployment)
    {
        var origin = Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/');
        namesDeployment = true;
        if (ApiVersion is null && isJson) return new Uri($"{origin}/openai/v1/{operation}{query}");
        var version = $"{(query.Length == 0 ? "?" : query + "&")}api-version={Uri.EscapeDataString(ApiVersion ?? DefaultVersion)}";

        // Responses have no path by deployment: the body names it.
        if (operation == "responses") return new Uri($"{origin}/openai/responses{version}");
        namesDeployment = false;
        return new Uri($"{origin}/openai/deployments/{Uri.EscapeDataString(deployment)}/{operation}{version}");
    }

    /// <summary>What an address of the catalogue's entry asks for: the operation.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="endpoint">Its endpoint.</param>
    public static string OperationOf(string path, ProviderEndpoint endpoint)
    {
        const string V1 = "/openai/v1/", Deployments = "/openai/deployments/";
        if (path.StartsWith(V1, StringComparison.Ordinal)) return path[V1.Length..];
        if (!endpoint.Path.StartsWith(Deployments, StringComparison.Ordinal)) return path["/openai/".Length..];
        var end = path.IndexOf('/', Deployments.Length);
        return path[(end + 1)..];
    }
}
