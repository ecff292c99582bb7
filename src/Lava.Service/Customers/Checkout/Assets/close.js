document.getElementById("close").addEventListener("click", () => tell({ type: "lava_checkout_cancel", checkoutSessionId: page.sessionId }));
