using System.Buffers.Text;
using System.Security.Cryptography;
using Azure.Data.Tables;

namespace Lava.Functions.Storage;

/// <summary>The mark that a transaction leaves in every row that it writes, so that who lost its answer can find out whether it was carried out.</summary>
internal readonly record struct TransactionToken(string Value)
{
    /// <summary>The property that holds it.</summary>
    public const string Property = "Commit";

    public static TransactionToken Create() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12)));

    public void Mark(TableEntity entity) => entity[Property] = Value;

    public bool Marks(TableEntity entity) => entity.GetString(Property) == Value;
}
