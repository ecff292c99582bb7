namespace Lava.Service.Webhooks.Mail;

/// <summary>To whom alerts are mailed, on the wire.</summary>
/// <param name="Enabled">Whether mail is sent; false where there is no list, or this server has no mail server.</param>
/// <param name="Addresses">The list.</param>
/// <param name="Events">Names of the events that are mailed.</param>
internal sealed record AlertMailResponse(bool Enabled, IReadOnlyList<string> Addresses, IReadOnlyList<string> Events);
