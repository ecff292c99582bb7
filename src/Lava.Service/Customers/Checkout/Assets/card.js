const problem = document.getElementById("problem"), say = text => { problem.textContent = text; problem.hidden = !text };
const own = document.getElementById("new"), give = document.getElementById("give");
const lost = "The card form could not be loaded. Reload the page to try again.";
if (typeof Stripe === "undefined") say(lost);
else {
  const stripe = Stripe(page.publishableKey), elements = stripe.elements({ clientSecret: page.clientSecret });

  // Cards alone: wallets and Link need rights or windows that a frame does not have.
  const element = elements.create("payment", { wallets: { applePay: "never", googlePay: "never", link: "never" } });
  element.on("ready", () => { give.disabled = false });
  element.on("loaderror", () => say(lost));
  element.mount("#card");
  own.addEventListener("submit", async event => {
    event.preventDefault();
    if (give.disabled) return;
    give.disabled = true;
    say("");
    try {
      const { error, setupIntent } = await stripe.confirmSetup({ elements, confirmParams: { return_url: page.returnUrl }, redirect: "if_required" });
      const setup = setupIntent ?? error.setup_intent;
      if (setup?.status === "succeeded") { own.elements.setup.value = setup.id; own.submit(); return }
      say(error?.message ?? "The card was declined.");
    } catch { say("The card could not be added. Reload the page to try again.") }
    give.disabled = false;
  });
}
