using System.ComponentModel.DataAnnotations;
using System.Net;
using MimeKit;

namespace Lava.Service.Webhooks.Mail;

/// <summary>Settings of the mail server that alerts are sent by (<c>Lava:Mail</c>). Without a host no mail is sent.</summary>
public sealed class MailOptions : IValidatableObject
{
    /// <summary>The SMTP server.</summary>
    public string Host { get; set; } = "";

    /// <summary>Its port; 0 for the usual one: 587 with STARTTLS, 465 with TLS, 25 without either.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; }

    /// <summary>The sender: <c>alerts@example.com</c> or <c>Lava &lt;alerts@example.com&gt;</c>.</summary>
    public string From { get; set; } = "";

    /// <summary>The user name; empty where the server asks for none.</summary>
    public string User { get; set; } = "";

    /// <summary>The password; empty where it is in the vault.</summary>
    public string Password { get; set; } = "";

    /// <summary>The vault's name of the password, for servers that have a vault.</summary>
    public string PasswordSecret { get; set; } = "";

    /// <summary><c>starttls</c>, <c>tls</c> or <c>none</c>.</summary>
    public string Security { get; set; } = MailSecurity.StartTls;

    /// <summary>Whether a mail server is set up.</summary>
    internal bool IsSet => Host.Length > 0;

    /// <summary>The port to connect to.</summary>
    internal int EffectivePort => Port > 0 ? Port : Security switch { MailSecurity.Tls => 465, MailSecurity.None => 25, _ => 587 };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsSet) yield break;
        if (!MailboxAddress.TryParse(From, out _)) yield return new ValidationResult("Lava__Mail__From must be a mail address, such as alerts@example.com.");
        if (Security is not (MailSecurity.StartTls or MailSecurity.Tls or MailSecurity.None))
            yield return new ValidationResult("Lava__Mail__Security must be starttls, tls or none.");
        if (User.Length > 0 && Password.Length == 0 && PasswordSecret.Length == 0)
            yield return new ValidationResult("Lava__Mail__User needs Lava__Mail__Password, or Lava__Mail__PasswordSecret for one in the vault.");

        // A password goes to this machine at most in the clear.
        if (User.Length > 0 && Security == MailSecurity.None && !IsLoopback)
            yield return new ValidationResult("Lava__Mail__Security=none would send the password unencrypted; use starttls or tls.");
    }

    private bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));
}
