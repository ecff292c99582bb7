const problem = document.getElementById("problem"), say = text => { problem.textContent = text; problem.hidden = !text };
const go = document.getElementById("leave"), look = () => location.replace(location.pathname + "?returned=1");
if (typeof Stripe === "undefined") say("We could not reach your bank. Reload the page to try again.");
else {
  const stripe = Stripe(page.publishableKey);
  const ask = async () => {
    go.disabled = true;
    say("");
    try {
      const { error, paymentIntent } = await stripe.handleNextAction({ clientSecret: page.clientSecret });
      const payment = paymentIntent ?? error.payment_intent;
      if (payment && payment.status !== "requires_action") { look(); return }
      say(error?.message ?? "Your bank has not confirmed the payment yet.");
    } catch { say("We could not reach your bank.") }
    go.disabled = false;
  };
  go.addEventListener("click", ask);
  ask();
}
