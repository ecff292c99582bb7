using Lava.Core.Catalogue;
using Lava.Core.Keys;
using Lava.Service.Catalogue;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Upstream;
using Lava.Service.Payments;
using Lava.Service.Ports.Vault;
using Microsoft.Extensions.Options;

namespace Lava.Service.Gateway.Keys;

/// <summary>Finds the key that a call takes to a provider: the one that came with it, else the merchant's stored ones, else the operator's. In test mode the
/// sandbox answers for a provider that nobody has configured, by a key or by an address, so that a test key reaches nothing that costs money unasked: a key
/// that the merchant has stored in that mode asks.</summary>
internal sealed class CallKeys(
    ManagedKeys managed,
    AzurePools azure,
    StoredKeyRings stored,
    UpstreamMap upstreams,
    ProcessorByMode payments,
    IOptions<GatewayOptions> options)
{
    /// <summary>The key of a call; without a value where nobody has one.</summary>
    /// <param name="tenant">Who calls.</param>
    /// <param name="provider">Where it goes.</param>
    /// <param name="target">What it asks for there.</param>
    /// <param name="own">The key that came with it; null for none.</param>
    /// <param name="cancellationToken">Ends the wait for the vault.</param>
    /// <exception cref="VaultException">The vault is out of reach. The next owner's keys are none to take then: others would pay.</exception>
    public async ValueTask<CallKey> FindAsync(Tenant tenant, CatalogueProvider provider, KeyTarget target, string? own, CancellationToken cancellationToken)
    {
        // The host that stands for all of the operator's resources: nobody else's key goes there.
        var isOperators = target.Host == AzureResources.AnyHost;
        if (own is not null)
        {
            if (isOperators) return new CallKey(KeySource.Unmanaged, null, null);
            return tenant.Mode == Mode.Live || await IsConfiguredAsync(tenant, provider, target, cancellationToken)
                ? new CallKey(KeySource.Unmanaged, own, null)
                : new CallKey(KeySource.Unmanaged, null, null) { IsSandboxed = true };
        }

        if (!isOperators && await stored.FindAsync(tenant, provider, cancellationToken) is { } theirs)
            return new CallKey(KeySource.Stored, theirs.Next(), theirs);
        if (!ServesManaged(tenant)) return new CallKey(KeySource.Managed, null, null) { IsSandboxed = true };
        if (await ManagedAsync(provider, target, cancellationToken) is { } ours) return new CallKey(KeySource.Managed, ours.Next(), ours);
        return HasAddressOnly(provider, target)
            ? new CallKey(KeySource.Managed, null, null) { NeedsNone = true }
            : new CallKey(KeySource.Managed, null, null) { IsSandboxed = tenant.Mode == Mode.Test && !upstreams.IsRedirected(provider) };
    }

    /// <summary>By what a call without a key of its own can be made at a provider. Nobody's turn passes.</summary>
    public async ValueTask<KeyOutlook> OutlookAsync(Tenant tenant, CatalogueProvider provider, KeyTarget target, CancellationToken cancellationToken)
    {
        if (!ServesManaged(tenant)) return KeyOutlook.Sandbox;
        if (await HasAsync(tenant, provider, target, cancellationToken)) return KeyOutlook.Key;
        if (HasAddressOnly(provider, target)) return KeyOutlook.AddressAlone;
        return tenant.Mode == Mode.Test && !upstreams.IsRedirected(provider) ? KeyOutlook.Sandbox : KeyOutlook.None;
    }

    /// <summary>Whether the operator has put an address in the provider's place, where a server may stand that takes no key (vLLM, Ollama, a proxy with
    /// keys of its own). At Azure the keys are those of the resources.</summary>
    private bool HasAddressOnly(CatalogueProvider provider, KeyTarget target) =>
        upstreams.IsRedirected(provider) && provider.Id != AzureResources.Provider && target.Host != AzureResources.AnyHost;

    /// <summary>Whether the operator's keys serve a mode. Test money is given away, so they serve test mode only where the operator is the merchant: on a
    /// machine of one's own.</summary>
    private bool ServesManaged(Tenant tenant) => tenant.Mode == Mode.Live || (options.Value.ManagedTestCalls && !payments.Serves(Mode.Live));

    private async ValueTask<bool> IsConfiguredAsync(Tenant tenant, CatalogueProvider provider, KeyTarget target, CancellationToken cancellationToken) =>
        upstreams.IsRedirected(provider) || await HasAsync(tenant, provider, target, cancellationToken);

    private async ValueTask<bool> HasAsync(Tenant tenant, CatalogueProvider provider, KeyTarget target, CancellationToken cancellationToken) =>
        (target.Host != AzureResources.AnyHost && await stored.HasAsync(tenant, provider, cancellationToken))
            || await ManagedAsync(provider, target, cancellationToken) is not null;

    // At Azure it is the resource that has the key, and not every one has every model.
    private ValueTask<KeyRing?> ManagedAsync(CatalogueProvider provider, KeyTarget target, CancellationToken cancellationToken) =>
        provider.Id != AzureResources.Provider
            ? managed.FindAsync(provider, cancellationToken)
            : new(target.Model is null ? null : azure.Find(target.Host, target.Model, target.ModelName));
}
