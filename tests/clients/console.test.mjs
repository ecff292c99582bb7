// The console in a browser, over the real server: signing in, what a newcomer does first, and every page at two widths, light and dark. With CONSOLE_SHOTS=DIR pictures of the pages are kept.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { openBrowser } from './lib/browser.mjs';
import { look as lookAt } from './lib/look.mjs';
import { Server, chat, isOnWorker, openai, token } from './lib/server.mjs';

// The console keeps its keys in the vault, and the worker has none here.
const options = { skip: isOnWorker };
const looks = [[1280, 'light'], [1280, 'dark'], [390, 'light'], [390, 'dark']];
let server, browser, context, page, state;

before(async () => {
  if (isOnWorker) return;
  [server, browser] = await Promise.all([Server.start(), openBrowser()]);
  context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  page = await context.newPage();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const at = path => new URL(path, server.baseUrl).href;
const look = (paths, name) => lookAt({ browser, state, at, looks, paths, name });

test('the front door leads to the sign-in page, and the link of the start in', options, async () => {
  await page.goto(at('/'));
  assert.equal(new URL(page.url()).pathname, '/console/sign-in');
  await page.goto(server.consoleLink);
  assert.equal(page.url(), at('/console/test'));
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  state = await context.storageState();
  assert.ok(state.cookies.every(cookie => cookie.httpOnly && cookie.sameSite !== 'None'));
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(server.consoleLink);
  await stranger.getByText('This link has been used').waitFor();
});

test('with nothing stored every page says what to do next', options, async () => {
  await page.getByText(`curl ${new URL('/', server.baseUrl).href}v1/chat/completions`).waitFor();
  await look(['/console/test', '/console/test/requests', '/console/test/customers', '/console/test/keys', '/console/test/keys/new', '/console/test/wallet', '/console/test/pricing', '/console/test/webhooks', '/console/live', '/console/sign-in'], 'empty');
});

test('a spend key is made with the keyboard alone, and a tool calls with what the page says', options, async () => {
  await page.goto(at('/console/test/keys'));
  await page.getByRole('link', { name: 'New spend key' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Name', { exact: true }).focus();
  await page.keyboard.type('Codex <b>');
  for (let i = 0; i < 2; i++) await page.keyboard.press('Tab');
  await page.keyboard.type('25');
  await page.keyboard.press('Enter');
  await page.getByText('This is the only time that it is shown').waitFor();
  const key = (await page.locator('.secret pre').textContent()).trim();
  assert.match(key, /^lava_sk_/);
  assert.ok((await page.locator('main').textContent()).includes(`LAVA_KEY=${key} codex`));
  const answer = await fetch(at('/v1/chat/completions'), { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify(chat('Hello')) });
  assert.equal(answer.status, 200);
  await page.goto(at('/console/test/keys'));
  await page.getByRole('link', { name: 'Codex <b>' }).waitFor();
  assert.ok(!(await page.content()).includes(key));
});

test('a customer is made, charged, given credits, and each of its requests explains its cost', options, async () => {
  await server.api('POST', 'meters', { name: 'Chat', meter_slug: 'chat', rate_type: 'fixed', tier_type: 'tokens_1m', tiers: [{ start: '0', rate: '5' }] });
  await page.goto(at('/console/test/customers'));
  await page.getByLabel('Your reference').fill('user-1');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'user-1' }).waitFor();
  const bearer = token({ secret_key: server.secret_key, customer_id: 'user-1', meter_slug: 'chat' });
  const called = await server.forward(openai, chat('Hello'), { authorization: `Bearer ${bearer}` });
  const request = await server.request(called.headers.get('x-lava-request-id'));
  await page.getByLabel(/^Give or take credits/).fill('5.00');
  await page.getByLabel('Why').fill('Goodwill');
  await page.getByRole('button', { name: 'Adjust' }).click();
  await page.getByText('+$5.00').waitFor();
  await page.goto(at(`/console/test/requests/${request.request_id}`));
  const shown = `$${Number(request.cost).toFixed(10).replace(/0+$/, '')}`;
  await page.getByText(shown).first().waitFor();
});

test('a card is added on the processor\'s page, and funds the wallet', options, async () => {
  await page.goto(at('/console/test/wallet'));
  await page.getByRole('button', { name: 'Add a card' }).click();
  await page.getByLabel('Test card').selectOption('pm_card_visa');
  await page.getByRole('button', { name: 'Use this card' }).click();
  await page.getByText('The card is saved').waitFor();
  const before = (await server.api('GET', 'wallet')).body.balance;
  await page.getByRole('button', { name: 'Fund the wallet' }).click();
  await page.getByText('The payment was made').waitFor();
  const after = (await server.api('GET', 'wallet?settled=true')).body.balance;
  assert.equal((Number(after) - Number(before)).toFixed(2), '50.00');
});

test('an invoice of the payment is a page to print and a PDF, without leaving the server', options, async () => {
  const { body: { data: [invoice] } } = await server.api('GET', 'wallet/invoices');
  assert.deepEqual([invoice.total, invoice.number], ['50.00', 'TEST-000001']);
  await page.goto(at('/console/test/wallet'));
  await page.getByRole('link', { name: 'TEST-000001', exact: true }).click();
  await page.getByRole('heading', { name: 'Receipt' }).waitFor();
  await look([`/console/test/wallet/invoices/${invoice.invoice_id}`], 'invoice');
  const pdf = await page.request.get(at(`/console/test/wallet/invoices/${invoice.invoice_id}/pdf`));
  assert.equal(pdf.headers()['content-type'], 'application/pdf');
  assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-');
});

test('with data every page is whole, in every look, and the chart is drawn', options, async () => {
  const { body: customers } = await server.api('GET', 'customers');
  const { body: keys } = await server.api('GET', 'spend_keys');
  const { body: requests } = await server.api('GET', 'requests');
  const { body: webhook } = await server.api('POST', 'webhooks', { name: 'Billing', url: 'https://example.com/lava' });
  await look([
    '/console/test?period=day', '/console/test?period=month&by=customer', '/console/test/requests', `/console/test/requests/${requests.data[0].request_id}`, '/console/test/customers',
    `/console/test/customers/${customers.data[0].customer_id}`, '/console/test/keys', `/console/test/keys/${keys.data[0].spend_key_id}`, '/console/test/wallet',
    '/console/test/pricing', '/console/test/webhooks', `/console/test/webhooks/${webhook.webhook_id}`,
  ], 'full');
  await page.goto(at('/console/test?period=day'));
  assert.equal(await page.locator('.chart canvas').count(), 2);
});

test('the requests are kept up to date where it is wanted, and saved whole', options, async () => {
  await page.goto(at('/console/test/requests'));
  const before = await page.locator('#list tbody tr').count();
  await page.getByRole('button', { name: 'Live' }).click();
  await server.forward(openai, chat('One more'));
  await page.locator('#list tbody tr').nth(before).waitFor();
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'JSON lines' }).click()]);
  assert.equal(saved.suggestedFilename(), 'requests.jsonl');
  const lines = readFileSync(await saved.path(), 'utf8').trimEnd().split('\n');
  assert.equal(lines.length, before + 1);
  assert.equal(JSON.parse(lines[0]).model, 'gpt-4o-mini');
});

test('it works without scripts', options, async () => {
  const plain = await (await browser.newContext({ storageState: state, javaScriptEnabled: false })).newPage();
  await plain.goto(at('/console/test'));
  await plain.getByText('Figures').click();
  await plain.getByRole('cell').first().waitFor();
  await plain.goto(at('/console/test/requests'));
  await plain.getByLabel('Customer').fill('user-1');
  await plain.getByRole('button', { name: 'Filter' }).click();
  assert.equal(await plain.locator('tbody tr').count(), 1);
});

test('signed out, a page asks to sign in, and a key leads back to it', options, async () => {
  await page.goto(at('/console/test/keys'));
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByText('You are signed out').waitFor();
  await page.goto(at('/console/test/wallet'));
  await page.getByLabel('Secret key').fill(server.secret_key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  assert.equal(page.url(), at('/console/test/wallet'));
  await page.goto(at('/console/live/wallet'));
  await page.getByText('You are not signed in for live mode').waitFor();
});

test('the books are sound afterwards', options, async () => {
  assert.equal((await server.audit()).code, 0);
});
