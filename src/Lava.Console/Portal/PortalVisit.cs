using System.Security.Cryptography;
using System.Text;
using Lava.Console.Serving;
using Lava.Core.Keys;
using Lava.Service.Accounts.Branding;
using Lava.Service.Api;
using Lava.Service.Customers;
using Lava.Service.Customers.Portal;
using Lava.Service.Payments;
using Microsoft.AspNetCore.Http;

namespace Lava.Console.Portal;

/// <summary>What the components of one page of the portal know of their request. Made with it, so that no page can ask for another customer.</summary>
internal sealed class PortalVisit
{
    /// <summary>The request.</summary>
    public HttpContext Http { get; set; } = null!;

    /// <summary>Id of the visit, a secret; empty where there is none.</summary>
    public string Id { get; set; } = "";

    /// <summary>The visit; null on pages without one.</summary>
    public PortalSession? Session { get; set; }

    /// <summary>The customer; null on pages without a visit.</summary>
    public Customer? Customer { get; set; }

    /// <summary>How the merchant shows itself.</summary>
    public BrandingSettings Branding { get; set; } = BrandingSettings.None;

    /// <summary>The name that customers know; empty on pages without a visit.</summary>
    public string Brand { get; set; } = "";

    /// <summary>What the browser's tab says.</summary>
    public string Title { get; set; } = "";

    /// <summary>Which entry of the menu is lit: its path.</summary>
    public string Section { get; set; } = "";

    /// <summary>Status of the page.</summary>
    public int Status { get; set; } = 200;

    /// <summary>What a page that takes another's place says.</summary>
    public string Explanation { get; set; } = "";

    /// <summary>Where the customer goes on, at a bank or a processor; null for nowhere.</summary>
    public Uri? Elsewhere { get; set; }

    /// <summary>What was sent with a form, and what became of it.</summary>
    public FormState Form { get; set; } = FormState.None;

    /// <summary>The customer's cards, once a part of the page has asked for them.</summary>
    public IReadOnlyList<PaymentMethodResponse>? Cards { get; set; }

    /// <summary>Whose data the page shows.</summary>
    public Tenant Tenant => Session!.Tenant;

    /// <summary>Whether a page of the merchant's frames the portal.</summary>
    public bool IsFramed => Session?.EmbedOrigin is not null;

    /// <summary>The server's own address, with a slash at its end.</summary>
    public Uri Server => ServerAddress.Of(Http.Request);

    /// <summary>Where a bank or a processor sends the customer back to.</summary>
    public Uri Back => new(Server, "portal/returned");

    /// <summary>Proves that a form is of a page of this visit. It needs no cookie of its own: browsers keep those of frames apart.</summary>
    public string FormToken => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Id), "lava portal form"u8));

    /// <summary>Whether a form is of a page of this visit.</summary>
    public bool Proves(string token) =>
        Id.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(FormToken));

    /// <summary>Path of the customer in the API.</summary>
    public string CustomerPath => "/customers/" + Session!.CustomerId;

    /// <summary>Names what a form asks for, so that it is done once however often the form is sent.</summary>
    public string Once => Form["once"] is { Length: > 0 and <= 64 } sent ? sent : Guid.NewGuid().ToString();

    /// <summary>A value of the page's query; empty without it.</summary>
    public string Query(string name) => Http.Request.Query[name].ToString();
}
