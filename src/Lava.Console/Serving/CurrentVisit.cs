using Lava.Console.Pages.Playground;
using Lava.Console.Sessions;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api;
using Microsoft.AspNetCore.Http;

namespace Lava.Console.Serving;

/// <summary>What the components of one page know of their request. Made with it, so that no page can ask for another merchant.</summary>
internal sealed class CurrentVisit
{
    /// <summary>The request.</summary>
    public HttpContext Http { get; set; } = null!;

    /// <summary>Who is signed in; null on the pages for everybody.</summary>
    public SignedIn? SignedIn { get; set; }

    /// <summary>The operator, on the operator's pages; null on all others.</summary>
    public OperatorVisit? Operator { get; set; }

    /// <summary>The mode that the page's address names.</summary>
    public Mode Mode { get; set; }

    /// <summary>Whose data the page shows.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
    public Tenant Tenant => new((SignedIn ?? throw new InvalidOperationException("Nobody is signed in.")).Merchant.Id, Mode);

    /// <summary>What the browser's tab says.</summary>
    public string Title { get; set; } = "";

    /// <summary>Which entry of the menu is lit: the first part of its path; empty for the overview.</summary>
    public string Section { get; set; } = "";

    /// <summary>Whether whoever is signed in may do what needs a scope.</summary>
    public bool May(string? scope) => scope is null || SignedIn?.Scopes.Allow(scope) == true;

    /// <summary>Status of the page; a page that finds nothing sets it.</summary>
    public int Status { get; set; } = 200;

    /// <summary>Whether the page has a chart.</summary>
    public bool HasChart { get; set; }

    /// <summary>The page's own script; null for none.</summary>
    public string? Script { get; set; }

    /// <summary>Keys of a merchant that are shown to the operator this once, with what they are.</summary>
    public IReadOnlyList<(string Label, string Key)> NewKeys { get; set; } = [];

    /// <summary>What a model has answered to a form of the playground; null for nothing.</summary>
    public PlaygroundAnswer? Answer { get; set; }

    /// <summary>What became of a webhook's signature that was to be checked; null for nothing.</summary>
    public (bool IsRight, string Text)? SignatureCheck { get; set; }

    /// <summary>What a page that takes another's place says.</summary>
    public string Explanation { get; set; } = "";

    /// <summary>Whether the page stands alone, without the menu.</summary>
    public bool IsBare { get; set; }

    /// <summary>What was sent with a form, and what became of it.</summary>
    public FormState Form { get; set; } = FormState.None;

    /// <summary>Names what a form asks for, so that it is done once however often the form is sent.</summary>
    public string Once => Form["once"] is { Length: > 0 and <= 64 } sent ? sent : Guid.NewGuid().ToString();

    /// <summary>Proves that a form is the page's own.</summary>
    public string FormToken { get; set; } = "";

    /// <summary>The server's own address, with a slash at its end.</summary>
    public Uri Server => ServerAddress.Of(Http.Request);

    /// <summary>The address of a page in this mode.</summary>
    /// <param name="path">Begins with a slash; empty for the overview.</param>
    public string Link(string path) => $"/console/{Mode.Word()}{path}";

    /// <summary>A value of the page's query; empty without it.</summary>
    public string Query(string name) => Http.Request.Query[name].ToString();

    /// <summary>The id in the page's address.</summary>
    public string Id => RouteText.DecodedOf(Http, "id");
}
