// The published SDK reads connectionId, its documentation customerId.
tell({ type: "lava_checkout_success", checkoutSessionId: page.sessionId, connectionId: page.customerId, customerId: page.customerId });
