using Lava.Core.Catalogue;
using Lava.Local.Vault;
using Lava.Service.Catalogue;
using Lava.Service.Gateway.Keys;

namespace Lava.Local.Commands;

/// <summary>Keeps the operator's keys at the providers in the vault of a data directory, also beside a running server, which sees a change within a
/// minute.</summary>
internal static class ProviderCommand
{
    private const string Variable = "LAVA_PROVIDER_KEY";

    public static async Task<int> RunAsync(LocalOptions options)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var catalogue = CatalogueLoader.Load(configuration["Lava:Catalogue:Overrides"]);
        LocalServer.MakeDirectory(options.Data);
        using var vault = new FileVault(options.Data, VaultKey.Read(configuration, options.Data));
        if (options.Words[0] == "list") return await ListAsync(catalogue, vault);
        if (catalogue.FindProvider(options.Words[1]) is not { } provider)
        {
            await System.Console.Error.WriteLineAsync($"There is no provider {options.Words[1]}; GET /v1/services/providers lists them.");
            return 2;
        }

        var name = ManagedKeys.SecretName(provider);
        if (options.Words[0] == "remove")
        {
            await vault.DeleteAsync(name, CancellationToken.None);
            System.Console.WriteLine($"The key for {provider.Label} is deleted.");
            return 0;
        }

        // Not as an argument: those stand in the shell's history and in the list of processes.
        var key = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : await System.Console.In.ReadToEndAsync();
        if (string.IsNullOrWhiteSpace(key))
        {
            await System.Console.Error.WriteLineAsync($"Pass the key on standard input or in {Variable}.");
            return 2;
        }

        await vault.SetAsync(name, key.Trim(), CancellationToken.None);
        System.Console.WriteLine($"The key for {provider.Label} is stored, encrypted, in {options.Data}. A running server uses it within a minute.");
        return 0;
    }

    private static async Task<int> ListAsync(ProviderCatalogue catalogue, FileVault vault)
    {
        foreach (var provider in catalogue.Providers)
        {
            if (await vault.GetAsync(ManagedKeys.SecretName(provider), CancellationToken.None) is not null) System.Console.WriteLine(provider.Id);
        }

        return 0;
    }
}
