using System.Text.Json;
using Lava.Service.Pages;
using Lava.Service.Ports.Payments;

namespace Lava.Service.Customers.Checkout;

/// <summary>The scripts of the checkout's page: files, after the values that they read as <c>page</c>.</summary>
internal static class CheckoutScript
{
    private static readonly string Frame = Read("frame.js");
    private static readonly string Done = Read("done.js");
    private static readonly string Close = Read("close.js");
    private static readonly string Keep = Read("keep.js");
    private static readonly string Back = Read("returned.js");
    private static readonly string Leave = Read("leave.js");

    /// <summary>The scripts of a checkout's own page.</summary>
    /// <param name="view">How far the checkout is.</param>
    /// <param name="back">Where a bank sends the customer back to.</param>
    public static string Of(CheckoutView view, Uri back)
    {
        if (view.Stage == CheckoutStage.Completed) return Values(view) + Frame + Done;
        var script = Values(view, view.Form, back) + Frame + (view.Stage == CheckoutStage.Closed ? "" : Keep) + Close;
        if (view.Form is not null) return script + (view.Stage == CheckoutStage.Open ? StripeForm.Give : StripeForm.Authenticate);
        var leaves = view.Session.IsLive
            && ((view.Stage == CheckoutStage.Open && !view.HasForm) || view is { Stage: CheckoutStage.Authenticating, ActionUrl: not null });
        return leaves ? script + Leave : script;
    }

    /// <summary>The scripts of the page to which a bank or the processor sends the customer back.</summary>
    public static string Returned(CheckoutView view) => Values(view) + Frame + (view.Stage == CheckoutStage.Completed ? Done : Back + Close);

    // The serializer writes < and > as escapes, so that no text ends the script.
    private static string Values(CheckoutView view, CardForm? form = null, Uri? back = null)
    {
        var values = new CheckoutPageValues(
            view.Session.Origin,
            view.Session.Id,
            view.Stage == CheckoutStage.Completed ? view.Session.CustomerId : null,
            form?.PublishableKey,
            form?.ClientSecret,
            form is null ? null : back?.AbsoluteUri);
        return $"const page = {JsonSerializer.Serialize(values, CheckoutPageJson.Default.CheckoutPageValues)};\n";
    }

    private static string Read(string name) => EmbeddedFile.Read("Customers/Checkout/Assets/" + name);
}
