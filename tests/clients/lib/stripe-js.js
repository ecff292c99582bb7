// A stand-in for Stripe.js, for a browser without Stripe: the methods that the checkout's page calls, as Stripe documents them, over the fake Stripe. The card's data are in a frame of
// js.stripe.com, the bank's questions in one of hooks.stripe.com, and both are laid out by style attributes.
window.Stripe = key => {
  const ask = async (method, path, fields) => {
    const sent = new URLSearchParams({ key, ...fields });
    const address = `https://api.stripe.com/v1/${path}`;
    return (await (method === 'GET' ? fetch(`${address}?${sent}`) : fetch(address, { method, body: sent }))).json();
  };
  const nameOf = secret => secret.slice(0, secret.indexOf('_secret_'));
  const frame = (title, source, style) => Object.assign(document.createElement('iframe'), { title, src: source }, { setUp() { this.setAttribute('style', style); return this; } }).setUp();
  const bank = id => new Promise(resolve => {
    const asking = frame('Bank', `https://hooks.stripe.com/3d_secure?intent=${id}`, 'position:fixed;inset:0;width:100%;height:100%;border:0;background:#fff');
    addEventListener('message', function answered(event) {
      if (event.source !== asking.contentWindow || event.origin !== 'https://hooks.stripe.com') return;
      removeEventListener('message', answered);
      asking.remove();
      resolve();
    });
    document.body.append(asking);
  });
  const settle = async (kind, id, secret, member) => {
    await bank(id);
    const intent = await ask('GET', `${kind}s/${id}`, { client_secret: secret });
    if (intent.status === 'succeeded') return { [member]: intent };
    return { error: { type: 'invalid_request_error', code: `${kind}_authentication_failure`, message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.', [kind]: intent } };
  };
  return {
    elements({ clientSecret }) {
      const elements = { clientSecret };
      elements.create = (type, options) => {
        if (type !== 'payment' || options.wallets.applePay !== 'never') throw new Error('IntegrationError');
        const heard = {};
        return {
          on: (event, listener) => { heard[event] = listener; },
          mount: place => {
            elements.frame = frame('Secure payment input frame', 'https://js.stripe.com/v3/elements-inner-payment.html', 'border:0;width:100%;height:4rem');
            elements.frame.addEventListener('load', () => heard.ready());
            document.querySelector(place).append(elements.frame);
          },
        };
      };
      return elements;
    },
    async confirmSetup({ elements, redirect }) {
      if (redirect !== 'if_required') throw new Error('IntegrationError');
      const token = await new Promise(resolve => {
        const channel = new MessageChannel();
        channel.port1.onmessage = event => resolve(event.data);
        elements.frame.contentWindow.postMessage('token', 'https://js.stripe.com', [channel.port2]);
      });
      const secret = elements.clientSecret;
      const intent = await ask('POST', `setup_intents/${nameOf(secret)}/confirm`, { client_secret: secret, payment_method: token, use_stripe_sdk: 'true' });
      if (intent.error) return { error: intent.error };
      return intent.status === 'requires_action' ? settle('setup_intent', intent.id, secret, 'setupIntent') : { setupIntent: intent };
    },
    async handleNextAction({ clientSecret }) {
      const intent = await ask('GET', `payment_intents/${nameOf(clientSecret)}`, { client_secret: clientSecret });
      if (intent.status !== 'requires_action' || intent.next_action.type !== 'use_stripe_sdk') throw new Error('IntegrationError');
      return settle('payment_intent', intent.id, clientSecret, 'paymentIntent');
    },
  };
};
