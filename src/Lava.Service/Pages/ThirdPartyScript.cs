namespace Lava.Service.Pages;

/// <summary>A script of another's that a page of ours loads before its own, and what the page then allows, each as sources of a content security
/// policy.</summary>
/// <param name="Address">The script.</param>
/// <param name="Scripts">Whence scripts are loaded.</param>
/// <param name="Frames">What may be framed.</param>
/// <param name="Connections">Whom scripts may ask.</param>
internal sealed record ThirdPartyScript(string Address, string Scripts, string Frames, string Connections);
