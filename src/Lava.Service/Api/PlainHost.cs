namespace Lava.Service.Api;

/// <summary>Hosts that may stand in a page's content security policy: names and addresses of machines, and none of the policy's own signs.</summary>
internal static class PlainHost
{
    /// <summary>Whether the host of an address is one.</summary>
    public static bool Is(Uri address) =>
        Uri.CheckHostName(address.IdnHost) != UriHostNameType.Unknown
        && address.IdnHost.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or ':' or '[' or ']');
}
