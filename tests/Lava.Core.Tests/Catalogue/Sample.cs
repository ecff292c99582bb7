using Lava.Core.Catalogue;

namespace Lava.Core.Tests.Catalogue;

/// <summary>Small providers to build catalogues of.</summary>
internal static class Sample
{
    public static CatalogueProvider Provider(string id, string host, params ProviderEndpoint[] endpoints) => new()
    {
        Id = id,
        Label = id,
        Hosts = [host],
        BaseUrl = "https://" + host.Replace("*", "x", StringComparison.Ordinal),
        Managed = true,
        Endpoints = endpoints.Length > 0 ? endpoints : [Post("/v1/chat/completions")],
    };

    public static ProviderEndpoint Post(string path, EndpointKind kind = EndpointKind.Chat) => new() { Method = "POST", Path = path, Kind = kind };

    public static CatalogueModel Model(string id, decimal input = 1, decimal output = 2, params string[] aliases) =>
        new() { Id = id, Aliases = aliases, Price = new ModelPrice { Input = input, Output = output } };
}
