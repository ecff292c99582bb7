// Live mode: the published checkout SDK, whose frame may open no window, over the Azure head with its Stripe adapter. Stripe is a fake one, and so is its script in the browser.
import assert from 'node:assert/strict';
import { after, before, test as run } from 'node:test';
import { Lava } from '@lavapayments/nodejs';
import { openBrowser } from './lib/browser.mjs';
import { Server, isOnWorker } from './lib/server.mjs';
import { openShop } from './lib/shop.mjs';
import { Stripe } from './lib/stripe.mjs';

const secret = 'an operator who tests live payments';
// Stripe's key is in a key vault, which the worker has on Azure alone.
const test = (name, body) => run(name, { skip: isOnWorker && 'the worker has no key vault here: the run without a host has these' }, body);

let stripe, server, lava, browser, shop, plan, key;

before(async () => {
  if (isOnWorker) return;
  stripe = await Stripe.start();
  [server, browser, shop] = await Promise.all([Server.start({ ...stripe.settings, Lava__AdminSecret: secret }, true), openBrowser(), openShop()]);
  key = (await server.api('POST', 'admin/merchants', { name: 'A shop' }, secret)).body.secret_key;
  lava = new Lava(key, { baseUrl: server.baseUrl });
  plan = await lava.subscriptions.createPlan({ name: 'Gold', period_amount: '25', billing_interval: 'month', rollover_type: 'full', included_credit: '20' });
});
after(async () => {
  await browser?.close();
  shop?.close();
  await server?.stop();
  await stripe?.stop();
});

async function open(more = {}, from = lava) {
  const session = await from.checkoutSessions.create({ checkout_mode: 'subscription', origin_url: shop.origin, plan_id: plan.plan_id, ...more });
  const page = await browser.newPage();
  const refused = [];
  page.on('console', line => { if (/Content Security Policy|sandbox/i.test(line.text())) refused.push(line.text()); });
  const seen = await stripe.serve(page);
  const policies = [];
  page.on('response', answer => {
    const policy = answer.headers()['content-security-policy'];
    if (policy && answer.url().includes('/embed/checkout/')) policies.push(policy);
  });
  await page.goto(`${shop.origin}/?token=${encodeURIComponent(session.checkout_session_token)}`);
  await page.click('#buy');
  const frame = page.frameLocator('iframe');
  return { session, page, frame, seen, refused, policies, number: frame.frameLocator('iframe[title="Secure payment input frame"]').getByLabel('Card number'), bank: frame.frameLocator('iframe[title="Bank"]') };
}

async function subscribed({ page, session, refused }) {
  await page.waitForFunction(() => document.getElementById('outcome').textContent !== '');
  const { success } = JSON.parse(await page.textContent('#outcome'));
  assert.equal(success.checkoutSessionId, session.checkout_session_id);
  assert.deepEqual(refused, []);
  await page.close();
  assert.equal((await lava.customers.retrieve(success.connectionId)).subscription.plan_id, plan.plan_id);
  return success.connectionId;
}

const newCustomer = async () => ({ customer_id: (await lava.customers.create({ email: 'ada@example.com' })).customer_id });
const alert = opened => opened.frame.getByRole('alert').filter({ visible: true });

test('a new customer gives a first card in the frame and is subscribed', async () => {
  const opened = await open();
  await opened.frame.getByLabel('E-mail').fill('ada@example.com');
  await opened.frame.getByRole('button', { name: 'Add a card' }).click();
  await opened.number.fill('4242 4242 4242 4242');
  await opened.frame.getByRole('button', { name: 'Pay 25.00 USD per month' }).click();
  const customer = await subscribed(opened);
  assert.equal((await lava.customers.retrieve(customer)).contact.email, 'ada@example.com');
  assert.equal((await lava.customers.getSubscription(customer)).subscription.credits.total_remaining, '20.00');
  assert.deepEqual([...new Set(opened.seen)].sort(), ['api.stripe.com', 'js.stripe.com']);

  // Stripe is let in where its form is, and nowhere else.
  const rules = opened.policies.map(policy => Object.fromEntries(policy.split('; ').map(rule => [rule.split(' ')[0], rule.split(' ').slice(1).join(' ').replace(/'nonce-[^']+'/, 'nonce')])));
  assert.deepEqual(rules.find(rule => rule['frame-src']), {
    'default-src': "'none'",
    'style-src': 'nonce',
    'style-src-attr': "'unsafe-inline'",
    'script-src': 'nonce https://js.stripe.com https://*.js.stripe.com',
    'frame-src': 'https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com',
    'connect-src': 'https://api.stripe.com',
    'form-action': "'self'",
    'frame-ancestors': shop.origin,
    'base-uri': "'none'",
  });
  assert.equal(opened.policies[0].includes('stripe'), false);
  assert.equal(opened.policies.at(-1).includes('stripe'), false);
});

test('a card that is declined, in the form or by its first charge, is followed by another', async () => {
  const opened = await open(await newCustomer());
  await opened.frame.getByRole('button', { name: 'Add a card' }).click();
  await opened.number.fill('4000000000009995');
  await opened.frame.getByRole('button', { name: /^Pay/ }).click();
  await alert(opened).filter({ hasText: 'Your card has insufficient funds.' }).waitFor();

  await opened.number.fill('4000000000000341');
  await opened.frame.getByRole('button', { name: /^Pay/ }).click();
  await alert(opened).filter({ hasText: 'The card was declined.' }).waitFor();
  await opened.frame.getByRole('button', { name: 'Add another card' }).click();
  await opened.number.fill('4242424242424242');
  await opened.frame.getByRole('button', { name: 'Pay with another card' }).click();
  await subscribed(opened);
});

test('the bank asks in the frame, for the card and for the payment, and who fails can try again', async () => {
  const opened = await open(await newCustomer());
  await opened.frame.getByRole('button', { name: 'Add a card' }).click();
  await opened.number.fill('4000002760003184');
  await opened.frame.getByRole('button', { name: /^Pay/ }).click();
  await opened.bank.getByRole('button', { name: 'Fail' }).click();
  await alert(opened).filter({ hasText: 'unable to authenticate' }).waitFor();
  await opened.frame.getByRole('button', { name: /^Pay/ }).click();
  await opened.bank.getByRole('button', { name: 'Complete' }).click();

  await opened.frame.getByRole('heading', { name: 'Confirm this payment with your bank' }).waitFor();
  await opened.bank.getByRole('button', { name: 'Fail' }).click();
  await alert(opened).filter({ hasText: 'could not be authenticated' }).waitFor();
  await opened.frame.getByRole('button', { name: 'Pay 25.00 USD per month' }).click();
  await opened.bank.getByRole('button', { name: 'Complete' }).click();
  await subscribed(opened);
  assert.ok(opened.seen.includes('hooks.stripe.com'));
});

test('who reloads in the middle goes on where it was', async () => {
  const opened = await open(await newCustomer());
  const checkout = opened.page.frames()[1];
  const again = () => Promise.all([opened.page.waitForEvent('framenavigated', one => one === checkout), checkout.evaluate(() => location.reload())]);
  await opened.frame.getByRole('button', { name: 'Add a card' }).click();
  await opened.number.fill('4000002760003184');
  await again();
  await opened.number.fill('4000002760003184');
  await opened.frame.getByRole('button', { name: /^Pay/ }).click();
  await opened.bank.getByRole('button', { name: 'Complete' }).waitFor();
  await again();
  await opened.number.fill('4000002760003184');
  await opened.frame.getByRole('button', { name: /^Pay/ }).click();
  await opened.bank.getByRole('button', { name: 'Complete' }).click();
  await opened.frame.getByRole('heading', { name: 'Confirm this payment with your bank' }).waitFor();
  await opened.bank.getByRole('button', { name: 'Complete' }).waitFor();
  await again();
  await opened.bank.getByRole('button', { name: 'Complete' }).click();
  await subscribed(opened);
});

test('a form that does not load says so', async () => {
  const opened = await open(await newCustomer());
  await opened.page.route('https://js.stripe.com/**', route => route.abort());
  await opened.frame.getByRole('button', { name: 'Add a card' }).click();
  await alert(opened).filter({ hasText: 'could not be loaded' }).waitFor();
  assert.equal(await opened.frame.getByRole('button', { name: /^Pay/ }).isDisabled(), true);
  await opened.page.close();
});

test('without a publishable key the page leads to Stripe\'s own, and lets nothing of Stripe in', async () => {
  const plain = await server.another({ Stripe__PublishableKey: '' });
  try {
    const opened = await open(await newCustomer(), new Lava(key, { baseUrl: plain.baseUrl }));
    const give = opened.frame.getByRole('button', { name: 'Add a card' });
    assert.equal(await give.getAttribute('formtarget'), '_blank');
    assert.deepEqual([opened.seen, opened.policies.some(policy => policy.includes('stripe'))], [[], false]);
    await opened.page.close();
  } finally {
    await plain.stop();
  }
});

test('the books are sound afterwards', async () => {
  assert.equal((await server.audit()).code, 0);
});
