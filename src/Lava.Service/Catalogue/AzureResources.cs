using System.Collections.Frozen;
using System.Globalization;
using Lava.Core.Catalogue;
using Microsoft.Extensions.Configuration;

namespace Lava.Service.Catalogue;

/// <summary>The operator's resources of Azure OpenAI and Foundry, section <c>Lava:AzureOpenAI:Resources</c> (docs/azure-openai.md).</summary>
internal static class AzureResources
{
    /// <summary>Id of the catalogue's entry.</summary>
    public const string Provider = "azure_openai";

    /// <summary>The host of calls that go to whatever resource has the model. No resource can have it (RFC 2606), so that nobody else can.</summary>
    public const string AnyHost = "azure-openai.invalid";

    private const string Section = "Lava:AzureOpenAI:Resources";

    private static readonly string[] Settings = ["Endpoint", "Key", "ApiVersion", "Priority", "Weight", "Deployments"];

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">One is wrong; the message names it.</exception>
    public static IReadOnlyList<AzureResource> Read(IConfiguration configuration) =>
        [.. configuration.GetSection(Section)
            .GetChildren()
            .OrderBy(section => section.Key.Length)
            .ThenBy(section => section.Key, StringComparer.Ordinal)
            .Select(Read)];

    /// <summary>Puts the deployments' names into the catalogue, as names of their models, and the models of other providers that are deployed.</summary>
    /// <param name="providers">The catalogue's providers; the entry of Azure OpenAI is replaced.</param>
    /// <param name="resources">The resources.</param>
    /// <exception cref="InvalidOperationException">A deployment is of no model that the catalogue has, or its name means another.</exception>
    public static void AddTo(List<CatalogueProvider> providers, IReadOnlyList<AzureResource> resources)
    {
        if (resources.Count == 0) return;
        var index = providers.FindIndex(provider => provider.Id == Provider);
        if (index < 0) throw new InvalidOperationException($"{Section}: the catalogue has no provider {Provider}.");
        var entry = providers[index];
        var models = entry.Models.ToDictionary(model => model.Id, StringComparer.Ordinal);
        var names = entry.Models.SelectMany(model => model.Aliases.Prepend(model.Id).Select(name => (name, model.Id))).ToDictionary(
            pair => pair.name,
            pair => pair.Id,
            StringComparer.Ordinal);
        foreach (var resource in resources)
        {
            foreach (var (id, deployment) in resource.Deployments)
            {
                if (!models.TryGetValue(id, out var model))
                {
                    var foreign = Foreign(providers, id) ?? throw new InvalidOperationException(
                        $"{resource.Name}: the catalogue has no model {id}. Name the model and the deployment as gpt-4o-mini=my-deployment, a model of "
                            + $"another provider as deepseek/deepseek-chat=my-deployment.");
                    model = foreign with { Id = id, Aliases = [] };
                    models[id] = model;
                    names[id] = id;
                }

                if (!names.TryAdd(deployment, id) && names[deployment] != id)
                {
                    throw new InvalidOperationException(
                        $"{resource.Name}: the deployment {deployment} is of {id}, and its name means {names[deployment]}. Calls that name it would have the "
                            + $"wrong price: give the deployment another name.");
                }

                if (deployment != id && !model.Aliases.Contains(deployment)) models[id] = model with { Aliases = [.. model.Aliases, deployment] };
            }
        }

        providers[index] = entry with { Models = [.. models.Values] };
    }

    private static CatalogueModel? Foreign(List<CatalogueProvider> providers, string id)
    {
        var slash = id.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0) return null;
        var provider = providers.Find(candidate => candidate.Id == id[..slash] || candidate.Aliases.Contains(id[..slash], StringComparer.OrdinalIgnoreCase));
        return provider?.Models.FirstOrDefault(model => model.Id == id[(slash + 1)..] || model.Aliases.Contains(id[(slash + 1)..]));
    }

    private static AzureResource Read(IConfigurationSection section)
    {
        var name = $"{Section}:{section.Key}";
        foreach (var setting in section.GetChildren())
        {
            if (!Settings.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
                throw new InvalidOperationException($"{name}:{setting.Key} is not known. The settings of a resource are {string.Join(", ", Settings)}.");
        }

        if (!Uri.TryCreate(section["Endpoint"], UriKind.Absolute, out var endpoint)
            || endpoint.Scheme is not ("http" or "https")
            || endpoint.UserInfo.Length + endpoint.Query.Length + endpoint.Fragment.Length > 0)
            throw new InvalidOperationException($"{name}:Endpoint must be the resource's address, such as https://house.openai.azure.com.");
        var deployments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in (section["Deployments"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            var (model, deployment) = at < 0 ? (pair, pair) : (pair[..at].Trim(), pair[(at + 1)..].Trim());
            if (model.Length == 0 || !IsDeployment(deployment) || !deployments.TryAdd(model, deployment))
                throw new InvalidOperationException($"{name}:Deployments is a list such as gpt-4o-mini=my-deployment,gpt-5.4, with each model once; "
                    + $"\"{pair}\" is wrong.");
        }

        if (deployments.Count == 0) throw new InvalidOperationException($"{name}:Deployments is missing: a list such as gpt-4o-mini=my-deployment,gpt-5.4.");
        return new AzureResource
        {
            Name = name,
            Endpoint = endpoint,
            Key = Text(section["Key"]),
            ApiVersion = Text(section["ApiVersion"]),
            Priority = Number(section, name, "Priority", 0, 0, 100),
            Weight = Number(section, name, "Weight", 1, 1, 100),
            Deployments = deployments.ToFrozenDictionary(StringComparer.Ordinal),
        };
    }

    // The names that Azure lets deployments have.
    private static bool IsDeployment(string name) => name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static int Number(IConfigurationSection section, string name, string setting, int unset, int least, int most)
    {
        if (Text(section[setting]) is not { } text) return unset;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new InvalidOperationException($"{name}:{setting} must be a number from {least} to {most}.");
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
