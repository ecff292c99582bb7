namespace Azure.Data.Tables;

/// <summary>A storage connection string's account, key and table address.</summary>
internal sealed record ConnectionString(string Account, byte[] Key, Uri Endpoint)
{
    // The emulator's account is public: Microsoft Learn, "Use the Azurite emulator", well-known storage account and key.
    private const string Emulator =
        "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;TableEndpoint=http://127.0.0.1:10002/devstoreaccount1";

    public static ConnectionString Parse(string text)
    {
        var parts = Split(text);
        if (parts.GetValueOrDefault("UseDevelopmentStorage") == "true") parts = Split(Emulator);
        if (!parts.TryGetValue("AccountName", out var account) || !parts.TryGetValue("AccountKey", out var key)) throw new FormatException("The connection string needs AccountName and AccountKey.");
        var endpoint = parts.GetValueOrDefault("TableEndpoint")
            ?? $"{parts.GetValueOrDefault("DefaultEndpointsProtocol") ?? "https"}://{account}.table.{parts.GetValueOrDefault("EndpointSuffix") ?? "core.windows.net"}";
        return new ConnectionString(account, Convert.FromBase64String(key), new Uri(endpoint.TrimEnd('/')));
    }

    private static Dictionary<string, string> Split(string text) => text
        .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(part => part.Split('=', 2))
        .Where(pair => pair.Length == 2)
        .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
}
