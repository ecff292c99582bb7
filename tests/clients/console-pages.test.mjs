// The console's pages for prices, customers, the playground, the catalogue, clocks and webhooks, in a browser over the real server: with the keyboard alone where people type, without scripts,
// and in both colours. With CONSOLE_SHOTS=DIR pictures of the pages are kept.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { openBrowser } from './lib/browser.mjs';
import { keyboardOf } from './lib/keyboard.mjs';
import { look } from './lib/look.mjs';
import { Server, isOnWorker } from './lib/server.mjs';

// The console keeps its keys in the vault, and the worker has none here.
const options = { skip: isOnWorker };
const script = '<img src=x onerror=alert(1)>';
let server, browser, context, page, state, customer, hook;

before(async () => {
  if (isOnWorker) return;
  [server, browser] = await Promise.all([Server.start({ Lava__Webhooks__AllowPrivateAddresses: 'true' }), openBrowser()]);
  context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  page = await context.newPage();
  page.on('dialog', () => assert.fail('A name became a script.'));
  await page.goto(server.consoleLink);
  state = await context.storageState();
});
test('the API reference shows the operations, and asks no other server for anything', options, async () => {
  const tab = await (await browser.newContext({ storageState: state })).newPage();
  const [asked, faults] = [[], []];
  tab.on('request', one => asked.push(one.url()));
  tab.on('console', line => { if (line.type() === 'error') faults.push(line.text()); });
  tab.on('pageerror', fault => faults.push(fault.message));
  await tab.goto(at('/console/test/developers'));
  await tab.getByRole('link', { name: 'every endpoint' }).click();
  await tab.getByRole('heading', { name: 'Lava', exact: true }).waitFor();
  await tab.getByText('/v1/chat/completions').first().waitFor();
  assert.deepEqual(asked.filter(address => !address.startsWith(at('/')) && !address.startsWith('data:')), []);
  assert.deepEqual(faults, []);
  await tab.close();
});

after(async () => {
  await browser?.close();
  await server?.stop();
  hook?.close();
});

const at = path => new URL(path, server.baseUrl).href;

const { type, press, open } = keyboardOf(() => page);

test('a meter with two tiers is drawn, made and weighed with the keyboard alone', options, async () => {
  await page.goto(at('/console/test/pricing'));
  await press('link', 'New meter');
  await type('Name', `Chat ${script}`);
  await type('Name in calls', 'chat');
  await type('Rate of tier 1', '5');
  await type('Tier 2 starts at', '1000000');
  await type('Rate of tier 2', '3');
  await press('button', 'Show the price curve');
  await page.locator('.chart canvas').waitFor();
  await press('button', 'Create meter');
  await press('link', `Chat ${script}`);
  await type('Rate of tier 1', '8');
  await press('button', 'What would it earn?');
  await page.getByText('No call has named this meter').waitFor();
  assert.deepEqual(JSON.parse(await page.locator('.chart').getAttribute('data-chart')).series.map(one => one.name), ['Now', 'Proposed']);
  const { body } = await server.api('GET', 'meters/chat');
  assert.deepEqual(body.tiers.map(tier => [tier.start, tier.rate]), [[0, '5.00'], [1000000, '3.00']]);
});

test('a plan with a bundle is made with the keyboard alone', options, async () => {
  await page.goto(at('/console/test/pricing'));
  await press('link', 'New plan');
  await type('Name', 'Pro');
  await type('Price ($)', '20');
  await type('Name of bundle 1', script);
  await type('Price of bundle 1', '6');
  await type('Credit of bundle 1', '8');
  await press('button', 'Create plan');
  await page.getByRole('link', { name: 'Pro', exact: true }).waitFor();
  const { body } = await server.api('GET', 'plans');
  assert.deepEqual([body.data[0].name, body.data[0].linked_meters.length, body.data[0].credit_bundles[0].cost], ['Pro', 1, '6.00']);
});

test('the playground streams an answer and says what it cost, for the merchant and for a customer', options, async () => {
  const { body: plans } = await server.api('GET', 'plans');
  customer = (await server.api('POST', 'customers', { reference_id: 'user-1', name: script, metadata: { note: script } })).body.customer_id;
  await server.api('POST', 'test_helpers/payment_methods', { customer_id: customer, token: 'pm_card_visa', default: true });
  await server.api('POST', 'test_helpers/subscriptions', { customer_id: customer, plan_id: plans.data[0].plan_id });
  await page.goto(at('/console/test/playground'));
  await type('Prompt', `Say ${script}`);
  await press('button', 'Send');
  await page.getByText(/tokens in, \d+ out/).waitFor();
  assert.notEqual(await page.locator('.answer .said').first().textContent(), '');
  await open('Limit and billing');
  await type('Charge a customer', 'user-1');
  await page.getByLabel('With the meter').selectOption('chat');
  await type('Prompt', 'Hello');
  await press('button', 'Send');
  await page.getByText(/charged \$0\.\d+ in credits/).waitFor();
  assert.equal(await page.locator('.answer').count(), 2);
  const { body } = await server.api('GET', 'requests?settled=true');
  assert.deepEqual(body.data.map(one => one.customer_id ?? null), [customer, null]);
  await page.locator('input[name=model]').fill('no-such-model');
  await press('button', 'Send');
  await page.locator('.bill.wrong').waitFor();
  assert.equal(await page.locator('main img').count(), 0);
});

test('a payment is refunded with the keyboard alone, once', options, async () => {
  await page.goto(at(`/console/test/customers/${customer}`));
  await open('Refund');
  await type('Amount, of $20.00', '5');
  await page.keyboard.press('Enter');
  await page.getByText('The refund is booked').waitFor();
  const { body } = await server.api('GET', `customers/${customer}/payments`);
  assert.deepEqual([body.data[0].status, body.data[0].refunded], ['partially_refunded', '5.00']);
  assert.equal(await page.locator('main img').count(), 0);
});

test('a delivery is made again with the keyboard alone', options, async () => {
  const heard = [];
  hook = createServer((request, response) => { heard.push(request.url); request.resume(); response.end(); }).listen(0, '127.0.0.1');
  await new Promise(resolve => hook.once('listening', resolve));
  await page.goto(at('/console/test/webhooks'));
  await type('Name', script);
  await type('Address', `http://127.0.0.1:${hook.address().port}/lava`);
  await press('button', 'Create');
  await page.getByText('This is the only time that it is shown').waitFor();
  const webhook = page.url().includes('/webhooks') ? (await server.api('GET', 'webhooks')).body.data[0].webhook_id : '';
  await server.api('PATCH', `customers/${customer}`, { email: 'ada@example.com' });
  await server.until(() => heard.length === 1, 'the first delivery');
  await page.goto(at(`/console/test/webhooks/${webhook}`));
  await press('button', 'Deliver again');
  await server.until(() => heard.length === 2, 'the second delivery');
});

test('a spend key is rotated with the keyboard alone', options, async () => {
  const { body: key } = await server.api('POST', 'spend_keys', { name: 'Codex' });
  await page.goto(at(`/console/test/keys/${key.spend_key_id}`));
  await open('Rotate');
  await press('button', 'Rotate the key');
  const fresh = (await page.locator('.secret pre').textContent()).trim();
  assert.match(fresh, /^lava_sk_/);
  assert.notEqual(fresh, key.key);
});

test('a year of billing passes on a clock', options, async () => {
  await page.goto(at('/console/test/clocks'));
  await type('Name', script);
  await page.getByLabel('Starts at (UTC)').fill('2027-01-31T10:00');
  await press('button', 'Create');
  await type('New customer on this clock', 'ada');
  await page.keyboard.press('Enter');
  await page.getByText('28 Feb 2027, 10:00').waitFor();
  await press('button', 'a year');
  await page.getByText('31 January 2028, 10:00').waitFor();
  assert.equal(await page.locator('main img').count(), 0);
});

test('each page is whole in both colours, and at the width of a phone', options, async () => {
  const clock = (await server.api('GET', 'test_clocks')).body.data[0].test_clock_id;
  const plan = (await server.api('GET', 'plans')).body.data[0].plan_id;
  const paths = [
    '/console/test/pricing', '/console/test/pricing/meters/new', '/console/test/pricing/meters/chat', '/console/test/pricing/plans/new', `/console/test/pricing/plans/${plan}`,
    `/console/test/customers/${customer}`, '/console/test/playground', '/console/test/catalogue?find=claude', '/console/test/catalogue/providers', '/console/test/clocks', `/console/test/clocks/${clock}`,
    '/console/live/clocks',
  ];
  await look({ browser, state, at, looks: [[1280, 'light'], [390, 'dark']], paths, name: 'pages' });
});

test('without scripts the playground shows the whole answer, and a meter is edited', options, async () => {
  const plain = await (await browser.newContext({ storageState: state, javaScriptEnabled: false })).newPage();
  await plain.goto(at('/console/test/playground'));
  await plain.getByLabel('Prompt').fill('Hello');
  await plain.getByRole('button', { name: 'Send' }).click();
  await plain.getByText(/tokens in, \d+ out/).waitFor();
  await plain.goto(at('/console/test/pricing/meters/chat'));
  await plain.getByLabel('Rate of tier 2').fill('2.50');
  await plain.getByRole('button', { name: 'Save' }).click();
  await plain.getByText('The prices are saved').waitFor();
  assert.equal((await server.api('GET', 'meters/chat')).body.tiers[1].rate, '2.50');
});

test('the books are sound afterwards', options, async () => {
  assert.equal((await server.audit()).code, 0);
});
