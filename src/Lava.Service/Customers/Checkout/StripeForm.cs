using System.Text.Encodings.Web;
using Lava.Service.Pages;
using Lava.Service.Ports.Payments;

namespace Lava.Service.Customers.Checkout;

/// <summary>Stripe.js in the checkout's page: it takes a card's data in a frame of Stripe's, and has the cardholder's bank ask there (Stripe.js, "Confirm a
/// setup", "Handle a next action"). What it says of the outcome is never believed: the page then asks this server, which asks Stripe.</summary>
internal static class StripeForm
{
    /// <summary>The script, which is to be loaded from Stripe and never copied (Stripe.js, "Including Stripe.js"), and what it needs ("Integration security
    /// guide", content security policy).</summary>
    public static readonly ThirdPartyScript Script = new(
        "https://js.stripe.com/v3/",
        "https://js.stripe.com https://*.js.stripe.com",
        "https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com",
        "https://api.stripe.com");

    /// <summary>What <see cref="Authenticate"/> needs.</summary>
    public const string Bank =
        """<p class="bad" role="alert" id="problem" hidden></p><button class="pay" type="button" id="leave">Continue to your bank</button>""";

    private const string Say = """const problem=document.getElementById("problem"),say=text=>{problem.textContent=text;problem.hidden=!text};""";

    /// <summary>The place of the form, below which <see cref="Give"/> runs.</summary>
    /// <param name="terms">The field with what is agreed to.</param>
    /// <param name="button">What its button says, encoded.</param>
    public static string Body(string terms, string button) => $"""
        <form method="post" id="new">{terms}<p class="bad" role="alert" id="problem" hidden></p><div id="card"></div>
        <input type="hidden" name="setup"><button class="pay" id="give" disabled>{button}</button></form>
        """;

    /// <summary>Shows the form; sends the setup's name to this server when the card is given. Cards alone: wallets and Link want rights or windows that a frame
    /// does not have.</summary>
    /// <param name="form">What the form needs.</param>
    /// <param name="back">Where a bank sends the customer back to that cannot ask in the frame; Stripe keeps it.</param>
    public static string Give(CardForm form, Uri back) => $$$"""
        {{{Say}}}
        const own=document.getElementById("new"),give=document.getElementById("give"),
          lost="The card form could not be loaded. Reload the page to try again.";
        if(typeof Stripe==="undefined")say(lost);
        else{
          const stripe=Stripe({{{Literal(form.PublishableKey)}}}),elements=stripe.elements({clientSecret:{{{Literal(form.ClientSecret)}}} });
          const element=elements.create("payment",{wallets:{applePay:"never",googlePay:"never",link:"never"}});
          element.on("ready",()=>{give.disabled=false});
          element.on("loaderror",()=>say(lost));
          element.mount("#card");
          own.addEventListener("submit",async event=>{
            event.preventDefault();
            if(give.disabled)return;
            give.disabled=true;
            say("");
            try{
              const{error,setupIntent}=await stripe.confirmSetup({elements,confirmParams:{return_url:{{{Literal(back.AbsoluteUri)}}} },redirect:"if_required"});
              const setup=setupIntent??error.setup_intent;
              if(setup?.status==="succeeded"){own.elements.setup.value=setup.id;own.submit();return}
              say(error?.message??"The card was declined.");
            }catch{say("The card could not be added. Reload the page to try again.")}
            give.disabled=false;
          });
        }

        """;

    /// <summary>Has the bank ask, at once and whenever the button <c>leave</c> is pressed, and then asks this server what became of the payment.</summary>
    public static string Authenticate(CardForm form) => $$$"""
        {{{Say}}}
        const go=document.getElementById("leave"),look=()=>location.replace(location.pathname+"?returned=1");
        if(typeof Stripe==="undefined")say("We could not reach your bank. Reload the page to try again.");
        else{
          const stripe=Stripe({{{Literal(form.PublishableKey)}}});
          const ask=async()=>{
            go.disabled=true;
            say("");
            try{
              const{error,paymentIntent}=await stripe.handleNextAction({clientSecret:{{{Literal(form.ClientSecret)}}} });
              const payment=paymentIntent??error.payment_intent;
              if(payment&&payment.status!=="requires_action"){look();return}
              say(error?.message??"Your bank has not confirmed the payment yet.");
            }catch{say("We could not reach your bank.")}
            go.disabled=false;
          };
          go.addEventListener("click",ask);
          ask();
        }

        """;

    // The encoder writes < and > as escapes, so that no text ends the script.
    private static string Literal(string text) => '"' + JavaScriptEncoder.Default.Encode(text) + '"';
}
