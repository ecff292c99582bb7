namespace Lava.Service.Webhooks.Mail;

/// <summary>How the connection to the mail server is secured.</summary>
internal static class MailSecurity
{
    /// <summary>In the clear first, then TLS; a server that does not offer it gets no mail.</summary>
    public const string StartTls = "starttls";

    /// <summary>TLS from the start.</summary>
    public const string Tls = "tls";

    /// <summary>Not at all.</summary>
    public const string None = "none";
}
