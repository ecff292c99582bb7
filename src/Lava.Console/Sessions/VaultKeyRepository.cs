using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Lava.Console.Sessions;

/// <summary>The keys that protect cookies and forms, for every instance: each is a secret of the vault, and a table has their names, for a vault lists nothing.
/// The framework reads them when it starts and once a day, and makes one in ninety days.</summary>
internal sealed class VaultKeyRepository(ITableStore tables, IVault vault) : IXmlRepository
{
    private const string Partition = "console-keys";

    /// <summary>More than are made in ten years.</summary>
    private const int MostKeys = 100;

    // The framework's interface waits; nothing of ours runs on the thread that does.
    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements() => Task.Run(ReadAsync).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName) => Task.Run(() => WriteAsync(element)).GetAwaiter().GetResult();

    private async Task<IReadOnlyCollection<XElement>> ReadAsync()
    {
        var elements = new List<XElement>();
        var rows = await tables.QueryAsync(TableNames.Merchants, Partition, KeyRange.Prefix("key|"), MostKeys, CancellationToken.None);
        foreach (var row in rows)
        {
            if (await vault.GetAsync(NameOf(row.Key), CancellationToken.None) is { } text) elements.Add(XElement.Parse(text));
        }

        return elements;
    }

    // The secret first: a name without one would be read in vain for ever, a secret without a name is only dead weight.
    private async Task WriteAsync(XElement element)
    {
        var text = element.ToString(SaveOptions.DisableFormatting);
        var row = "key|" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
        await vault.SetAsync(NameOf(row), text, CancellationToken.None);
        await tables.CommitAsync(TableNames.Merchants, Partition, [TableWrite.Put(row, "{}"u8.ToArray())], CancellationToken.None);
    }

    private static string NameOf(string row) => "console-" + row.Replace('|', '-');
}
