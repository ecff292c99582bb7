using System.Net.Sockets;
using Lava.Service.Ports.Vault;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Lava.Service.Webhooks.Mail;

/// <summary>Sends mails by the server's SMTP settings.</summary>
public sealed class Mailer(IOptions<MailOptions> options, IVault vault, TimeProvider time)
{
    /// <summary>How long the mail server may take; well below the wait before the second attempt.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Sends one mail to one address.</summary>
    /// <param name="recipient">The address.</param>
    /// <param name="text">What it says.</param>
    /// <param name="id">The mail's name, the same at every attempt, so that a mail that comes twice can be known by its Message-Id.</param>
    /// <param name="createdAt">When its event happened.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The mail server's reply code, null without one; and why it failed, null where the server took the mail.</returns>
    /// <exception cref="VaultException">The password cannot be read now.</exception>
    public async ValueTask<(int? Status, string? Error)> SendAsync(
        string recipient, AlertText text, string id, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        if (!settings.IsSet) return (null, "This server has no mail server.");
        var sender = MailboxAddress.Parse(settings.From);
        using var message = new MimeMessage { Subject = text.Subject, Date = createdAt, MessageId = $"{id}@{sender.Domain}" };
        message.Body = new TextPart("plain") { Text = text.Body };
        message.From.Add(sender);
        message.To.Add(MailboxAddress.Parse(recipient));

        // So that nobody's absence note answers (RFC 3834, 5).
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");

        using var limit = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var smtp = new SmtpClient();
        try
        {
            await smtp.ConnectAsync(settings.Host, settings.EffectivePort, SecurityOf(settings), either.Token);
            if (settings.User.Length > 0)
            {
                var password = settings.Password.Length > 0 ? settings.Password : await vault.GetAsync(settings.PasswordSecret, either.Token);
                if (password is null) return (null, "The vault has no password of the mail server.");
                await smtp.AuthenticateAsync(settings.User, password, either.Token);
            }

            await smtp.SendAsync(message, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "The mail server did not answer in time.");
        }
        catch (SmtpCommandException fault)
        {
            var what = fault.ErrorCode == SmtpErrorCode.RecipientNotAccepted ? "The mail server refused the address" : "The mail server refused the mail";
            return ((int)fault.StatusCode, $"{what} ({(int)fault.StatusCode}).");
        }
        catch (AuthenticationException)
        {
            return (535, "The mail server refused user name and password.");
        }
        catch (SslHandshakeException)
        {
            return (null, "The mail server's certificate is not trusted, or the server does not support TLS.");
        }
        catch (NotSupportedException)
        {
            return (null, "The mail server does not offer STARTTLS or the login that is configured.");
        }
        catch (Exception fault) when (fault is SocketException or IOException or ProtocolException or ServiceNotConnectedException)
        {
            return (null, "The mail server could not be reached.");
        }

        await QuitAsync(smtp, either.Token);
        return (250, null);
    }

    // The mail is taken: that the farewell fails changes nothing.
    private static async ValueTask QuitAsync(SmtpClient smtp, CancellationToken cancellationToken)
    {
        try
        {
            await smtp.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or IOException or ProtocolException or CommandException
            or ServiceNotConnectedException)
        {
            // It is over in any case.
        }
    }

    private static SecureSocketOptions SecurityOf(MailOptions settings) => settings.Security switch
    {
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };
}
