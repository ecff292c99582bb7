using System.Globalization;
using System.Text.Encodings.Web;
using Lava.Service.Pages;

namespace Lava.Service.Accounts.Login;

/// <summary>Renders the page on which a merchant lets a command-line program in.</summary>
internal static class LoginPage
{
    private static readonly string Style = EmbeddedFile.Read("Accounts/Login/login.css");

    public static HtmlPage Ask(string state, int port, string? problem)
    {
        var bad = problem is null ? "" : $"<p class=\"bad\" role=\"alert\">{HtmlEncoder.Default.Encode(problem)}</p>";
        return new HtmlPage("Authorize a program", $"""
            <h1>Authorize a program</h1>
            <p>A program on this computer asks for access to a merchant's account. If you authorize it, it gets its own secret key, named CLI.
            Authorize it only if you started it.</p>{bad}
            <form method="post"><input type="hidden" name="state" value="{state}">
            <input type="hidden" name="port" value="{port.ToString(CultureInfo.InvariantCulture)}">
            <label>Secret key of the merchant<input type="password" name="secret_key" autocomplete="off" required maxlength="200" placeholder="aks_…"></label>
            <button>Authorize</button></form>
            """) { Style = Style, FormTargets = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}") };
    }

    public static HtmlPage Invalid() =>
        new("Authorize a program", "<h1>Authorize a program</h1><p>The program's request is incomplete. Start the login again.</p>") { Style = Style };
}
