// The published checkout SDK in a browser: a merchant's page of another origin frames the checkout, and hears of its end.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { Lava } from '@lavapayments/nodejs';
import { openBrowser } from './lib/browser.mjs';
import { Server } from './lib/server.mjs';
import { openShop } from './lib/shop.mjs';

let server, lava, browser, shop, other, plan;

before(async () => {
  [server, browser, shop, other] = await Promise.all([Server.start(), openBrowser(), openShop(), openShop()]);
  lava = new Lava(server.secret_key, { baseUrl: server.baseUrl });
  plan = await lava.subscriptions.createPlan({
    name: 'Gold <b>', period_amount: '25', billing_interval: 'month', rollover_type: 'full', included_credit: '20', credit_bundles: [{ name: 'Small', cost: '5', credit_amount: '6' }],
  });
});
after(async () => {
  await browser?.close();
  shop?.close();
  other?.close();
  await server?.stop();
});

const subscribe = more => lava.checkoutSessions.create({ checkout_mode: 'subscription', origin_url: shop.origin + '/', plan_id: plan.plan_id, ...more });

async function open(session, from = shop) {
  const page = await browser.newPage();
  await page.goto(`${from.origin}/?token=${encodeURIComponent(session.checkout_session_token)}`);
  await page.click('#buy');
  return { page, frame: page.frameLocator('iframe') };
}

async function outcome(page) {
  await page.waitForFunction(() => document.getElementById('outcome').textContent !== '');
  const told = JSON.parse(await page.textContent('#outcome'));
  assert.equal(await page.locator('iframe').count(), 0);
  await page.close();
  return told;
}

test('the token holds what the SDK reads, and the answer what its types promise', async () => {
  const session = await subscribe();
  assert.match(session.checkout_session_id, /^cs_test_/);
  const token = JSON.parse(atob(session.checkout_session_token));
  assert.deepEqual(Object.keys(token), ['secret', 'base']);
  assert.match(token.secret, /^css_test_[\w-]{50}$/);
  assert.equal(token.base, new URL('/', server.baseUrl).href);
  assert.deepEqual([session.checkout_mode, session.origin_url, session.plan_id, session.customer_id, session.completed_at], ['subscription', shop.origin + '/', plan.plan_id, undefined, undefined]);
});

test('a new customer says who it is, pays and is subscribed; the page hears of it once', async () => {
  const session = await subscribe();
  const { page, frame } = await open(session);
  await frame.getByRole('heading', { name: 'Gold <b>' }).waitFor();
  await frame.getByLabel('E-mail').fill('ada@example.com');
  await frame.getByLabel('Name').fill('Ada Lovelace');
  await frame.getByLabel('Phone (with country code)').fill('+1 415 555 0123');
  await frame.getByLabel('Test card').fill('4242 4242 4242 4242');
  await frame.getByRole('button', { name: 'Pay 25.00 USD per month' }).click();
  const { success } = await outcome(page);
  assert.equal(success.checkoutSessionId, session.checkout_session_id);

  const customer = await lava.customers.retrieve(success.connectionId);
  assert.deepEqual(customer.contact, { phone: '+14155550123', email: 'ada@example.com', first_name: 'Ada', last_name: 'Lovelace' });
  assert.equal(customer.subscription.plan_id, plan.plan_id);
  assert.equal((await lava.customers.getSubscription(success.connectionId)).subscription.credits.total_remaining, '20.00');
  const seen = (await server.api('GET', `checkout_sessions/${session.checkout_session_id}`)).body;
  assert.equal(seen.customer_id, success.connectionId);
  assert.ok(seen.completed_at);
  assert.equal(seen.checkout_session_token, undefined);
});

test('a card that is declined can be followed by one that needs the bank, inside the frame', async () => {
  const customer = await lava.customers.create({ email: 'grace@example.com' });
  const session = await subscribe({ customer_id: customer.customer_id });
  const { page, frame } = await open(session);
  assert.equal(await frame.getByLabel('E-mail').count(), 0);
  await frame.getByLabel('Test card').fill('4000000000000002');
  await frame.getByRole('button', { name: /^Pay/ }).click();
  await frame.getByRole('alert').waitFor();
  assert.match(await frame.getByRole('alert').textContent(), /declined/);
  assert.equal((await lava.customers.retrieve(customer.customer_id)).subscription.plan_id === plan.plan_id, false);

  await frame.getByLabel('Another card').check();
  await frame.getByLabel('Test card').fill('4000002760003184');
  await frame.getByRole('button', { name: /^Pay/ }).click();
  await frame.getByRole('button', { name: 'Fail' }).click();
  await frame.getByRole('alert').waitFor();
  await frame.getByLabel('Another card').check();
  await frame.getByLabel('Test card').fill('4000002760003184');
  await frame.getByRole('button', { name: /^Pay/ }).click();
  await frame.getByRole('button', { name: 'Complete' }).click();
  assert.deepEqual((await outcome(page)).success, { checkoutSessionId: session.checkout_session_id, connectionId: customer.customer_id });
  assert.equal((await lava.customers.retrieve(customer.customer_id)).subscription.plan_id, plan.plan_id);
});

test('a bundle is bought with the card that is kept, and given up where the customer closes the page', async () => {
  const customer = await lava.customers.create({});
  await server.api('POST', 'test_helpers/payment_methods', { token: 'pm_card_visa', customer_id: customer.customer_id });
  await server.api('POST', 'test_helpers/subscriptions', { customer_id: customer.customer_id, plan_id: plan.plan_id });
  const bundle = { checkout_mode: 'credit_bundle', origin_url: shop.origin, customer_id: customer.customer_id, credit_bundle_id: plan.credit_bundles[0].credit_bundle_id };

  const closed = await lava.checkoutSessions.create(bundle);
  const first = await open(closed);
  await first.frame.getByRole('button', { name: 'Close' }).click();
  assert.deepEqual(await outcome(first.page), { cancel: { checkoutSessionId: closed.checkout_session_id } });

  const { page, frame } = await open(await lava.checkoutSessions.create(bundle));
  await frame.getByText('5.00 USD, with 6.00 of credit').waitFor();
  await frame.getByRole('button', { name: 'Pay 5.00 USD' }).click();
  assert.equal((await outcome(page)).success.connectionId, customer.customer_id);
  assert.equal((await lava.customers.getSubscription(customer.customer_id)).subscription.credits.total_remaining, '26.00');
});

test('no page of another origin can frame it', async () => {
  const page = await browser.newPage();
  const refused = page.waitForEvent('console', line => /frame-ancestors/.test(line.text()));
  await page.goto(`${other.origin}/?token=${encodeURIComponent((await subscribe()).checkout_session_token)}`);
  await page.click('#buy');
  await refused;
  const frame = page.frames().find(one => one !== page.mainFrame());
  assert.equal(await frame.getByRole('button').count(), 0);
  await page.close();
});

test('a token that is none is told as an error', async () => {
  const { page } = await open({ checkout_session_token: btoa('{"secret":"x"}') });
  assert.equal((await outcome(page)).error.error, 'Invalid checkout session token');
});

test('a program is let in by a browser and fetches a key of its own', async () => {
  const page = await browser.newPage();
  const state = 'a1'.repeat(16);
  const arrived = new Promise(resolve => {
    const listener = createServer((request, response) => {
      response.end('ok');
      if (!request.url.startsWith('/callback')) return;
      listener.close();
      resolve(new URL(request.url, 'http://127.0.0.1'));
    }).listen(0, '127.0.0.1', () => page.goto(new URL(`/auth/connect?state=${state}&port=${listener.address().port}`, server.baseUrl).href));
  });
  await page.getByLabel('Secret key of the merchant').fill('aks_test_' + 'x'.repeat(43));
  await page.getByRole('button', { name: 'Authorize' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Secret key of the merchant').fill(server.secret_key);
  await page.getByRole('button', { name: 'Authorize' }).click();
  const callback = await arrived;
  await page.close();
  assert.equal(callback.searchParams.get('state'), state);

  const code = callback.searchParams.get('code');
  const credentials = await Lava.exchangeAuthCode({ code, baseUrl: server.baseUrl });
  assert.deepEqual(Object.keys(credentials), ['wallet_id', 'secret_key_id', 'secret_key', 'merchant_id', 'account_id']);
  assert.ok((await new Lava(credentials.secret_key, { baseUrl: server.baseUrl }).secretKeys.list()).data.some(key => key.secret_key_id === credentials.secret_key_id && key.name === 'CLI'));
  await assert.rejects(Lava.exchangeAuthCode({ code, baseUrl: server.baseUrl }), /400.*already used/);
});

test('the books are sound afterwards', async () => {
  assert.equal((await server.audit()).code, 0);
});
