namespace Lava.Service.Webhooks.Mail;

/// <summary>To whom a merchant's alerts are mailed.</summary>
/// <param name="Addresses">Mail addresses, at most <see cref="MaxAddresses"/>.</param>
/// <param name="Events">Names of the events that are mailed.</param>
public sealed record AlertMail(IReadOnlyList<string> Addresses, IReadOnlyList<string> Events)
{
    /// <summary>Most addresses.</summary>
    public const int MaxAddresses = 10;

    /// <summary>The target of deliveries by mail, where a webhook's has the webhook's id.</summary>
    public const string Target = "email";
}
