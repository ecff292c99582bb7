// The fake Stripe of tests/fake-stripe as a process, and Stripe's hosts in a browser: its script is the stand-in beside this file, its API the fake one.
import { readFileSync } from 'node:fs';
import { end, launch, stripe as program } from './server.mjs';

const script = readFileSync(new URL('stripe-js.js', import.meta.url));

// Numbers of Stripe's test cards (Stripe, "Testing").
const tokens = {
  '4242424242424242': 'pm_card_visa', '4000000000000002': 'pm_card_chargeDeclined', '4000000000009995': 'pm_card_chargeDeclinedInsufficientFunds',
  '4000000000000341': 'pm_card_chargeCustomerFail', '4000002760003184': 'pm_card_authenticationRequired',
};
const card = `<!doctype html><label>Card number<input id="number"></label><script>
  const tokens = ${JSON.stringify(tokens)};
  addEventListener('message', event => event.ports[0].postMessage(tokens[document.getElementById('number').value.replaceAll(' ', '')]));
</script>`;
const bank = `<!doctype html><h1>Your bank</h1><button>Complete</button><button>Fail</button><script>
  for (const button of document.querySelectorAll('button')) button.addEventListener('click', async () => {
    await fetch('/answer' + location.search + '&approved=' + (button.textContent === 'Complete'), { method: 'POST' });
    parent.postMessage('answered', '*');
  });
</script>`;

export class Stripe {
  static async start() {
    const { process: server, output } = await launch('dotnet', [program], process.env, /serves http.*\n/);
    return Object.assign(new Stripe(), { process: server, address: /serves (http\S+)/.exec(output)[1] });
  }

  get settings() {
    return { Test__StripeKey: 'sk_live_fake', Stripe__ApiKeySecret: 'stripe-api-key', Stripe__PublishableKey: 'pk_live_fake', Stripe__ApiBase: this.address, Stripe__PublicUrl: 'http://127.0.0.1' };
  }

  stop() {
    return end(this.process, 'SIGTERM');
  }

  /** Everything that the page asks of a host that is not this machine is answered here, or fails. */
  async serve(page) {
    const seen = [];
    await page.route(url => url.hostname !== '127.0.0.1', async route => {
      const request = route.request();
      const url = new URL(request.url());
      seen.push(url.host);
      const html = body => route.fulfill({ contentType: 'text/html', body });
      if (request.url() === 'https://js.stripe.com/v3/') return route.fulfill({ contentType: 'text/javascript', body: script });
      if (url.host === 'js.stripe.com') return html(card);
      if (url.host === 'hooks.stripe.com' && url.pathname === '/3d_secure') return html(bank);
      if (url.host === 'hooks.stripe.com') return this.#pass(route, `bank/${url.searchParams.get('intent')}?approved=${url.searchParams.get('approved')}`);
      if (url.host === 'api.stripe.com') return this.#pass(route, url.pathname.slice(1) + url.search);
      return route.abort();
    });
    return seen;
  }

  async #pass(route, path) {
    const request = route.request();
    const answer = await fetch(new URL(path, this.address), { method: request.method(), body: request.postData() ?? undefined, headers: request.postData() ? { 'content-type': 'application/x-www-form-urlencoded' } : {} });
    await route.fulfill({ status: answer.status, contentType: 'application/json', headers: { 'access-control-allow-origin': '*' }, body: await answer.text() });
  }
}
