namespace Lava.Service.Api;

/// <summary>Addresses whose host has letters beyond ASCII (<c>https://münchen.example</c>), as headers and policies carry them: the host in its ASCII form (RFC
/// 5890).</summary>
internal static class AsciiAddress
{
    /// <summary>The address with its host in ASCII; any other address as it is.</summary>
    public static Uri Of(Uri address) => address.IdnHost == address.Host ? address : new UriBuilder(address) { Host = address.IdnHost }.Uri;

    /// <summary>The origin of an address: scheme, host in ASCII, and the port where it is not the scheme's own.</summary>
    public static string Origin(Uri address) => Of(address).GetLeftPart(UriPartial.Authority);
}
