using Lava.Service.Hosting;
using Microsoft.AspNetCore.Http;

namespace Lava.Console.Sessions;

/// <summary>A cookie of the console: no script reads it, and off this machine it is sent over https alone.</summary>
internal sealed class ConsoleCookie : CookieBuilder
{
    /// <summary>Creates it.</summary>
    public ConsoleCookie(string name, SameSiteMode sameSite)
    {
        Name = name;
        Path = "/";
        HttpOnly = true;
        SameSite = sameSite;
        IsEssential = true;
    }

    /// <inheritdoc/>
    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        var options = base.Build(context, expiresFrom);
        options.Secure = context.Request.IsHttps || !SafeHeaders.IsLocal(context.Request.Host.Host);
        return options;
    }
}
