using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lava.Local;

/// <summary>The first merchant's credentials, as <c>credentials.json</c> in the data directory holds them, readable by its owner alone.</summary>
internal sealed partial record Credentials(string MerchantId, string WalletId, string SecretKey, string BaseUrl)
{
    public const string FileName = "credentials.json";

    public static Credentials? Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), CredentialsJson.Default.Credentials) : null;
    }

    public void Write(string directory)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var next = Path.Combine(directory, FileName + ".new");
        using (var stream = new FileStream(next, options)) JsonSerializer.Serialize(stream, this, CredentialsJson.Default.Credentials);
        File.Move(next, Path.Combine(directory, FileName), overwrite: true);
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
    [JsonSerializable(typeof(Credentials))]
    private sealed partial class CredentialsJson : JsonSerializerContext;
}
