using Lava.Service.Api;
using Lava.Service.Api.Input;

namespace Lava.Service.Accounts.Branding;

/// <summary>Reads the members of a body.</summary>
internal static class BrandingFields
{
    private const int MaxName = 60;
    private const int MaxAddress = 2048;

    /// <summary>The settings with what the body sets: missing members stay, null clears one. What is wrong is in <paramref name="fields"/>.</summary>
    public static Func<BrandingSettings, BrandingSettings> Read(RequestFields fields)
    {
        var (hasName, hasColor, hasLogo) = (fields.Has("name"), fields.Has("color"), fields.Has("logo"));
        var name = fields.Text("name", MaxName);
        if (name is { Length: > 0 } && string.IsNullOrWhiteSpace(name)) fields.Fail("name must not be blank.", "name");
        var color = fields.Text("color", 7);
        if (color is not null && !IsColor(color)) fields.Fail("color must be six hexadecimal digits after #, such as #b93c0b.", "color");
        var logo = fields.Text("logo", LogoImage.MaxLength);
        if (logo is not null && LogoFault(logo) is { } wrong) fields.Fail(wrong, "logo");
        return before => new BrandingSettings(
            hasName ? name : before.Name,
            hasColor ? color?.ToLowerInvariant() : before.Color,
            hasLogo ? logo : before.Logo);
    }

    private static bool IsColor(string text) => text.Length == 7 && text[0] == '#' && text.Skip(1).All(char.IsAsciiHexDigit);

    private static string? LogoFault(string text)
    {
        if (text.StartsWith("data:", StringComparison.Ordinal)) return LogoImage.Fault(text);

        // It becomes part of a policy of the page, so its host is a plain one.
        return text.Length <= MaxAddress
            && Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address.Scheme == "https"
            && address.UserInfo.Length == 0
            && PlainHost.Is(address)
            ? null
            : "logo must be an https address, or an image as data:image/png;base64,…";
    }
}
