using System.Collections.Concurrent;
using System.Globalization;
using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Service.Catalogue;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Keys;
using Lava.Service.Ports.Vault;

namespace Lava.Service.Gateway.Upstream;

/// <summary>The deployments that a call for a model may go to: those of the lowest priority take turns by their weights, and one that is out of room rests
/// while others serve. In the place of a key a call carries the deployment's id, <c>resource number/deployment</c>.</summary>
internal sealed class AzurePools
{
    private readonly IReadOnlyList<AzureResource> _resources;
    private readonly IAzureTokens? _tokens;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<(string Host, string Model, string? Deployment), KeyRing?> _pools = new();

    // Deployments rest whatever pool they are asked by.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _resting = new(StringComparer.Ordinal);

    /// <summary>Takes the resources.</summary>
    /// <param name="resources">The operator's.</param>
    /// <param name="tokens">The server's identity; null where it has none.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvalidOperationException">A resource has no key, and the server no identity.</exception>
    public AzurePools(IReadOnlyList<AzureResource> resources, IAzureTokens? tokens, TimeProvider time)
    {
        (_resources, _tokens, _time) = (resources, tokens, time);
        if (tokens is null && resources.FirstOrDefault(resource => resource.Key is null) is { } bare)
            throw new InvalidOperationException($"{bare.Name}:Key is missing, and this server has no identity in Azure to use instead.");
    }

    /// <summary>The deployments for a call; null where there are none.</summary>
    /// <param name="host">Host of the call's address: a resource's, or <see cref="AzureResources.AnyHost"/>.</param>
    /// <param name="model">The model.</param>
    /// <param name="name">The model as the caller names it: a deployment's name means that deployment alone.</param>
    public KeyRing? Find(string host, CatalogueModel model, string? name)
    {
        if (_resources.Count == 0 || (host != AzureResources.AnyHost && !_resources.Any(resource => resource.Endpoint.Host == host))) return null;
        var deployment = name is not null && _resources.Any(resource => resource.Deployments.GetValueOrDefault(model.Id) == name) && name != model.Id
            ? name
            : null;
        return _pools.GetOrAdd((host, model.Id, deployment), static (key, self) => self.Build(key.Host, key.Model, key.Deployment), this);
    }

    /// <summary>The host that a deployment's id leads to.</summary>
    public string HostOf(string id) => ResourceOf(id).Endpoint.Host;

    /// <summary>Where a call goes that carries a deployment's id.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isForm">Whether its body is form data, which names no deployment.</param>
    public Place PlaceOf(ForwardCall call, bool isForm)
    {
        var id = call.ProviderKey!;
        var resource = ResourceOf(id);
        var deployment = id[(id.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var address = resource.AddressOf(
            AzureResource.OperationOf(call.Url.AbsolutePath, call.Endpoint),
            deployment,
            !isForm,
            QueryOf(call.Url),
            out var namesDeployment);
        return new Place(resource, address, namesDeployment && call.Body.Length > 0 ? ModelPatch.Apply(call.Body, deployment) : call.Body);
    }

    /// <summary>Adds a resource's key, or the server's token, to a call.</summary>
    /// <exception cref="HttpRequestException">There is no token to be had.</exception>
    public async ValueTask AuthenticateAsync(HttpRequestMessage message, AzureResource resource, CancellationToken cancellationToken)
    {
        if (resource.Key is { } key) message.Headers.TryAddWithoutValidation("api-key", key);
        else message.Headers.TryAddWithoutValidation("Authorization", "Bearer " + await _tokens!.GetAsync(cancellationToken));
    }

    private AzureResource ResourceOf(string id) => _resources[int.Parse(id.AsSpan(0, id.IndexOf('/', StringComparison.Ordinal)), CultureInfo.InvariantCulture)];

    private KeyRing? Build(string host, string model, string? deployment)
    {
        var members = new List<KeyRing.Member>();
        for (var i = 0; i < _resources.Count; i++)
        {
            var resource = _resources[i];
            if (host != AzureResources.AnyHost && resource.Endpoint.Host != host) continue;
            if (!resource.Deployments.TryGetValue(model, out var name) || (deployment is not null && name != deployment)) continue;
            members.Add(new KeyRing.Member(FormattableString.Invariant($"{i}/{name}"), resource.Priority, resource.Weight));
        }

        return members.Count == 0 ? null : new KeyRing(members, _resting, _time);
    }

    // The resource's own version takes the place of the caller's.
    private static string QueryOf(Uri url)
    {
        if (url.Query.Length <= 1) return "";
        var kept = url.Query[1..].Split('&').Where(pair => !pair.StartsWith("api-version=", StringComparison.OrdinalIgnoreCase));
        return string.Join('&', kept) is { Length: > 0 } query ? "?" + query : "";
    }

    /// <summary>Where a call goes, and what is sent there.</summary>
    /// <param name="Resource">The resource.</param>
    /// <param name="Address">The address.</param>
    /// <param name="Body">The body, which names the deployment where the address does not.</param>
    internal readonly record struct Place(AzureResource Resource, Uri Address, ReadOnlyMemory<byte> Body);
}
