using System.Text.Json.Serialization;

namespace Lava.Service.Accounts.Branding;

/// <summary>How a merchant shows itself to its customers, in one mode.</summary>
/// <param name="Name">Its name; null for the merchant's own.</param>
/// <param name="Color">The colour of buttons and links, as <c>#rrggbb</c>; null for ours.</param>
/// <param name="Logo">A small image as a <c>data:</c> address, or the https address of one; null for none.</param>
public sealed record BrandingSettings(string? Name, string? Color, string? Logo)
{
    /// <summary>Nothing is set.</summary>
    public static readonly BrandingSettings None = new(null, null, null);

    /// <summary>The logo's own address where it is fetched from elsewhere; null where there is none or it is in the page.</summary>
    [JsonIgnore]
    public Uri? LogoAddress => Logo is not null && Uri.TryCreate(Logo, UriKind.Absolute, out var address) && address.Scheme == "https" ? address : null;
}
