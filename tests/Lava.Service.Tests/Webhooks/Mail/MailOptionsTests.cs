using System.ComponentModel.DataAnnotations;
using Lava.Service.Webhooks.Mail;

namespace Lava.Service.Tests.Webhooks.Mail;

public sealed class MailOptionsTests
{
    [Theory]
    [InlineData("", "", "", "", "starttls", null)]
    [InlineData("mail.example.com", "alerts@example.com", "", "", "none", null)]
    [InlineData("mail.example.com", "Lava <alerts@example.com>", "lava", "secret", "tls", null)]
    [InlineData("127.0.0.1", "alerts@example.com", "lava", "secret", "none", null)]
    [InlineData("mail.example.com", "", "", "", "starttls", "From")]
    [InlineData("mail.example.com", "a@example.com", "lava", "", "starttls", "Password")]
    [InlineData("mail.example.com", "a@example.com", "lava", "secret", "none", "Security")]
    [InlineData("mail.example.com", "a@example.com", "", "", "ssl", "Security")]
    public void Settings_that_cannot_work_or_would_show_the_password_are_refused(string host, string from, string user, string password, string security, string? wrong)
    {
        var options = new MailOptions { Host = host, From = from, User = user, Password = password, Security = security };
        var found = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), found, validateAllProperties: true).ShouldBe(wrong is null);
        if (wrong is not null) found.ShouldHaveSingleItem().ErrorMessage!.ShouldContain($"Lava__Mail__{wrong}");
        if (password.Length > 0) found.ShouldAllBe(one => !one.ErrorMessage!.Contains(password));
    }

    [Theory]
    [InlineData(0, "starttls", 587)]
    [InlineData(0, "tls", 465)]
    [InlineData(0, "none", 25)]
    [InlineData(2525, "none", 2525)]
    public void The_port_is_the_usual_one_unless_it_is_set(int port, string security, int expected) =>
        new MailOptions { Port = port, Security = security }.EffectivePort.ShouldBe(expected);
}
