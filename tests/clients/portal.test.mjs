// The customer portal in a browser over the real server: with the keyboard alone, without scripts, in a frame of another site's page, and in each look. With CONSOLE_SHOTS=DIR pictures are kept.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { openBrowser } from './lib/browser.mjs';
import { look } from './lib/look.mjs';
import { Server, isOnWorker } from './lib/server.mjs';

const script = '<img src=x onerror=alert(1)>';
const logo = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
let server, browser, shop, silver, gold, customer;

const made = async (path, body) => {
  const { status, body: answer } = await server.api('POST', path, body);
  assert.ok(status < 300, `${path}: ${JSON.stringify(answer)}`);
  return answer;
};
const at = path => new URL(path, server.baseUrl).href;
const openPortal = async (customerId, more = {}) => (await made('portal_sessions', { customer_id: customerId, return_url: shop.origin + '/account', ...more })).url;
const newPage = async options => {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options })).newPage();
  page.on('dialog', () => assert.fail('A name became a script.'));
  return page;
};
const subscription = async id => (await server.api('GET', `customers/${id}/subscription`)).body.subscription;

// The card's page of test mode, which stands for the processor's.
async function giveCard(page, token = 'pm_card_visa') {
  await page.getByRole('button', { name: /^(Add a card|Use another card)$/ }).click();
  await page.getByRole('link', { name: 'Continue' }).click();
  await page.getByLabel('Test card').selectOption(token);
  await page.getByRole('button', { name: 'Use this card' }).click();
  await page.getByText('Your card is saved.').waitFor();
}

before(async () => {
  [server, browser, shop] = await Promise.all([Server.start(), openBrowser(), new Promise(resolve => {
    const web = createServer((request, response) => {
      const frame = new URL(request.url, 'http://x').searchParams.get('frame');
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>Shop</title><h1>Shop</h1>${frame ? `<iframe title="Account" width="900" height="700" src="${frame}"></iframe>` : ''}`);
    }).listen(0, '127.0.0.1', () => resolve(Object.assign(web, { origin: `http://localhost:${web.address().port}`, other: `http://127.0.0.1:${web.address().port}` })));
  })]);
  await made('meters', { name: 'Chat', meter_slug: 'chat', rate_type: 'fixed', tier_type: 'tokens_1m', tiers: [{ start: '0', rate: '50' }] });
  silver = await made('plans', {
    name: 'Silver', period_amount: '10', billing_interval: 'month', included_credit: '10', rollover_type: 'full',
    credit_bundles: [{ name: 'Small pack', cost: '5', credit_amount: '6' }, { name: `Large pack ${script}`, cost: '20', credit_amount: '30' }],
  });
  gold = await made('plans', { name: 'Gold', period_amount: '25', billing_interval: 'month', included_credit: '30' });
  await made('plans', { name: 'Trial', period_amount: '0', billing_interval: 'month', included_credit: '3' });
  await made('branding', { name: 'Ada’s Chat', color: '#0f766e', logo });
  customer = (await made('customers', { reference_id: 'ada', name: 'Ada Lovelace', email: 'ada@example.com' })).customer_id;
});
after(async () => {
  await browser?.close();
  shop?.close();
  await server?.stop();
});

test('a customer gives a card, takes a plan and buys credits', async () => {
  const page = await newPage();
  await page.goto(await openPortal('ada'));
  assert.equal(page.url(), at('/portal'));
  await page.getByText('Ada Lovelace, ada@example.com').waitFor();
  await page.getByRole('link', { name: 'Payments and cards' }).click();
  await giveCard(page);
  await page.getByText('Visa •••• 4242').waitFor();

  await page.getByRole('link', { name: 'Plan and credits' }).click();
  await page.getByText('Upgrade to Silver').click();
  await page.getByText('You pay $10.00 now').waitFor();
  await page.getByRole('button', { name: 'Pay $10.00' }).click();
  await page.getByText('Your plan is changed.').waitFor();
  await page.getByText('Buy Small pack').click();
  await page.getByRole('button', { name: 'Pay $5.00' }).click();
  await page.getByText('The credits are yours.').waitFor();
  const now = await subscription(customer);

  // The credit of the Free plan has ended with it.
  assert.deepEqual([now.plan.name, now.credits.cycle_remaining, now.credits.bundle_remaining], ['Silver', '10.00', '6.00']);
  assert.equal(await page.locator('main img').count(), 0);
  await page.context().close();
});

test('what is used is seen by day and by model, without the merchant’s cost', async () => {
  await server.api('PATCH', `plans/${silver.plan_id}`, { meter_ids: [(await server.api('GET', 'meters/chat')).body.meter_id] });
  const token = Buffer.from(JSON.stringify({ secret_key: server.secret_key, customer_id: 'ada', meter_slug: 'chat' })).toString('base64');
  for (const model of ['gpt-4o-mini', 'gpt-4o-mini', 'gpt-4o']) {
    const answer = await server.forward('https://api.openai.com/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hello there' }] }, { authorization: `Bearer ${token}` });
    assert.equal(answer.status, 200, await answer.text());
  }
  const { totals } = (await server.api('GET', `usage?start=${new Date().toISOString().slice(0, 10)}&customer_id=${customer}&settled=true`)).body;
  assert.ok(Number(totals.total_charge) > 0 && totals.total_cost !== totals.total_charge);
  const page = await newPage();
  await page.goto(await openPortal('ada'));
  await page.getByRole('link', { name: 'Usage', exact: true }).first().click();
  await page.getByText('for 3 calls').waitFor();
  assert.deepEqual((await page.locator('tbody .main').allTextContents()).sort(), ['gpt-4o', 'gpt-4o-mini']);
  assert.equal((await page.content()).includes(totals.total_cost), false);
  await page.context().close();
});

test('a plan is cancelled and kept with the keyboard alone', async () => {
  const page = await newPage();
  const press = async locator => {
    await locator.focus();
    await page.keyboard.press('Enter');
  };
  await page.goto(await openPortal('ada'));
  await press(page.getByRole('link', { name: 'Plan and credits' }));
  await press(page.locator('summary', { hasText: 'Cancel your plan' }));
  await press(page.getByRole('button', { name: 'Yes, cancel it' }));
  await page.getByText('Your plan is cancelled.').waitFor();
  assert.equal((await subscription(customer)).pending_change.type, 'cancellation');
  await press(page.getByRole('button', { name: 'Stay on Silver' }));
  await page.getByText('You stay on your plan.').waitFor();
  assert.equal((await subscription(customer)).pending_change, null);
  await page.context().close();
});

test('without scripts everything works, and a bank that asks is answered', async () => {
  const other = (await made('customers', { email: 'grace@example.com' })).customer_id;
  const page = await newPage({ javaScriptEnabled: false });
  await page.goto(await openPortal(other));
  await page.getByRole('link', { name: 'Payments and cards' }).click();
  await giveCard(page, 'pm_card_authenticationRequired');
  await page.goto(at('/portal/plan'));
  await page.getByText('Upgrade to Gold').click();
  await page.getByRole('button', { name: 'Pay $25.00' }).click();
  await page.getByRole('link', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Complete' }).click();
  await page.getByText('your payment has arrived').waitFor();
  assert.equal((await subscription(other)).plan.name, 'Gold');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out').waitFor();
  await page.goto(at('/portal'));
  await page.getByText('Your visit has ended').waitFor();
  await page.context().close();
});

test('in a frame of another site it works, cookies and forms too, and nowhere else is it shown', async () => {
  const other = (await made('customers', { email: 'mary@example.com' })).customer_id;
  const framed = async (from, embed) => {
    const page = await newPage();
    await page.goto(`${from}/?frame=${encodeURIComponent(await openPortal(other, embed ? { embed_origin: embed } : {}))}`);
    return page;
  };
  const page = await framed(shop.origin, shop.origin);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('link', { name: 'Payments and cards' }).click();
  await giveCard(frame);
  await frame.getByRole('link', { name: 'Plan and credits' }).click();
  await frame.getByText('Upgrade to Silver').click();
  await frame.getByRole('button', { name: 'Pay $10.00' }).click();
  await frame.getByText('Your plan is changed.').waitFor();
  assert.equal((await subscription(other)).plan.name, 'Silver');
  await frame.getByRole('link', { name: 'Back to Ada’s Chat' }).click();
  await page.waitForURL(shop.origin + '/account');
  await page.context().close();

  // A page of another origin is refused by the browser.
  const refused = await framed(shop.other, shop.origin);
  await server.until(() => refused.frames()[1]?.url().startsWith('chrome-error:'), 'the browser to refuse the frame');
  await refused.context().close();

  // Without an origin there is no cookie in a frame of another site, so there is nothing to be refused.
  const unwanted = await framed(shop.origin, null);
  await unwanted.frameLocator('iframe').getByText('Your visit has ended').waitFor();
  await unwanted.context().close();
});

test('a link that was opened opens nothing more', async () => {
  const link = await openPortal('ada');
  const first = await newPage();
  await first.goto(link);
  const second = await newPage();
  assert.equal((await second.goto(link)).status(), 404);
  await second.getByText('This link has been used or is too old').waitFor();
  await Promise.all([first.context().close(), second.context().close()]);
});

test('each page is whole in both colours, and at the width of a phone', async () => {
  const page = await newPage();
  await page.goto(await openPortal('ada'));
  const state = await page.context().storageState();
  const looks = isOnWorker ? [[390, 'dark']] : [[1280, 'light'], [1280, 'dark'], [390, 'light'], [390, 'dark']];
  await look({ browser, state, at, looks, paths: ['/portal', '/portal/usage', '/portal/plan', '/portal/billing', '/portal/returned', '/portal/billing?done=unpaid'], name: 'full' });
  await page.goto(await openPortal((await made('customers', { email: 'new@example.com' })).customer_id));
  await look({ browser, state: await page.context().storageState(), at, looks, paths: ['/portal', '/portal/usage', '/portal/plan', '/portal/billing'], name: 'new' });
});

test('the books are sound afterwards', async () => {
  assert.equal((await server.audit()).code, 0);
});
