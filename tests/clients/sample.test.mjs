// The sample application in samples/chat as its users have it: sign-up, chat with streamed answers, the checkout SDK, the portal, and the end of the credits.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { openBrowser } from './lib/browser.mjs';
import { Server, end, launch } from './lib/server.mjs';

const sample = join(dirname(fileURLToPath(import.meta.url)), '../../samples/chat/server.mjs');
const data = mkdtempSync(join(tmpdir(), 'lava-chat-'));
let server, browser, chat, origin, page;

const start = async () => {
  const env = { ...process.env, LAVA_URL: server.baseUrl, LAVA_SECRET_KEY: server.secret_key, CHAT_DATA: data, PORT: '0' };
  const { process: started, output } = await launch('node', [sample], env, /The chat is at http.*\n/);
  chat = started;
  origin = /The chat is at (http\S+)/.exec(output)[1];
};
const customerOf = async email => (await server.api('GET', 'customers?limit=100')).body.data.find(one => one.contact.email === email);

before(async () => {
  [server, browser] = await Promise.all([Server.start(), openBrowser()]);
  await start();
  page = await (await browser.newContext({ viewport: { width: 1100, height: 800 } })).newPage();
});
after(async () => {
  await browser?.close();
  if (chat) await end(chat, 'SIGTERM');
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
});

async function say(text, where = page) {
  const before = await where.locator('li.assistant').count();
  await where.getByLabel('Message').fill(text);
  await where.getByRole('button', { name: 'Send' }).click();
  await where.locator('li.assistant').nth(before).waitFor();
  await where.getByRole('button', { name: 'Send', disabled: false }).waitFor();
}

test('somebody signs up, and says two things for a cent each', async () => {
  await page.goto(origin);
  await page.getByLabel('E-mail').fill('ada@example.com');
  await page.getByLabel('Password').fill('correct horse');
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByText('$10.00 left').waitFor();
  await say('Hello');
  await page.getByText('$9.99 left').waitFor();
  await say('And again');
  await page.getByText('$9.98 left').waitFor();
  const [last] = (await server.api('GET', 'requests?limit=1&settled=true')).body.data;
  const customer = await customerOf('ada@example.com');
  assert.deepEqual([last.customer_id, last.model, last.status, Number(last.charge.amount)], [customer.customer_id, 'gpt-4o-mini', 'completed', 0.01]);
  assert.notEqual((await page.locator('li.assistant').first().textContent()).trim(), '');
});

test('the answer comes piece by piece, and neither the page nor what it loads has the secret key', async () => {
  const [response] = await Promise.all([page.waitForResponse(one => one.url().endsWith('/api/chat')), say('Stream, please')]);
  assert.equal(response.headers()['content-length'], undefined);
  for (const path of ['', 'page.js', 'style.css', 'api/account']) {
    const answer = await page.request.get(origin + path);
    assert.equal(answer.status(), 200);
    assert.equal((await answer.text()).includes(server.secret_key), false, path);
  }
  assert.equal((await page.content()).includes('aks_test_'), false);
});

test('a plan is bought with the checkout SDK', async () => {
  await page.getByRole('button', { name: 'Get Chat Plus' }).click();
  const frame = page.frameLocator('iframe');
  await frame.getByLabel('Test card').fill('4242 4242 4242 4242');
  await frame.getByRole('button', { name: 'Pay 10.00 USD per month' }).click();
  await page.getByText('Chat Plus', { exact: true }).waitFor();
  assert.equal(await page.locator('iframe').count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Get Chat Plus' }).count(), 0);
  await page.getByText('$12.00 left').waitFor();
  await say('With the plan');
  await page.getByText('$11.99 left').waitFor();
});

test('the portal shows what was used, sells credits and leads back', async () => {
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByText('ada@example.com').waitFor();
  assert.match(page.url(), /\/portal$/);
  await page.getByRole('link', { name: 'Plan and credits' }).click();
  await page.getByText('Buy 500 messages').click();
  await page.getByText('Paid with Visa •••• 4242.').first().waitFor();
  await page.getByRole('button', { name: 'Pay $5.00' }).click();
  await page.getByText('The credits are yours.').waitFor();
  await page.getByRole('link', { name: 'Usage', exact: true }).click();
  await page.getByText('$0.04 for 4 calls').waitFor();
  await page.getByRole('link', { name: /^Back to/ }).click();
  await page.getByText('$16.99 left').waitFor();
});

test('when nothing is left the model says nothing, and the page leads to the portal', async () => {
  const poor = await (await browser.newContext()).newPage();
  await poor.goto(origin);
  await poor.getByLabel('E-mail').fill('mary@example.com');
  await poor.getByLabel('Password').fill('battery staple');
  await poor.getByRole('button', { name: 'Sign up' }).click();
  await poor.getByText('$10.00 left').waitFor();
  const customer = await customerOf('mary@example.com');
  assert.equal((await server.api('POST', `customers/${customer.customer_id}/adjustments`, { amount: '-10', description: 'Used up' })).status, 201);
  await poor.getByLabel('Message').fill('Anybody there?');
  await poor.getByRole('button', { name: 'Send' }).click();
  await poor.getByText('Your credits are used up.').waitFor();
  assert.equal(await poor.locator('li.assistant').count(), 0);
  await poor.getByRole('button', { name: 'Get more' }).click();
  await poor.waitForURL(/\/portal$/);
  await poor.getByText('mary@example.com').waitFor();
  await poor.context().close();
});

test('another user has another account, a wrong password opens none, and accounts outlive a restart', async () => {
  const other = await (await browser.newContext()).newPage();
  await other.goto(origin);
  await other.getByLabel('E-mail').fill('ada@example.com');
  await other.getByLabel('Password').fill('wrong horse');
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.getByText('The address or the password is wrong.').waitFor();
  assert.equal((await other.request.get(origin + 'api/account')).status(), 401);
  assert.equal((await other.request.post(origin + 'api/portal', { data: {} })).status(), 401);
  await other.getByLabel('E-mail').fill('grace@example.com');
  await other.getByRole('button', { name: 'Sign up' }).click();
  await other.getByText('$10.00 left').waitFor();
  await other.context().close();

  await end(chat, 'SIGTERM');
  const stored = readFileSync(join(data, 'users.json'), 'utf8');
  for (const secret of ['correct horse', 'wrong horse', server.secret_key]) assert.equal(stored.includes(secret), false);
  await start();
  assert.equal((await server.api('GET', 'meters?limit=100')).body.data.filter(one => one.meter_slug === 'sample-chat').length, 1);
  assert.equal((await server.api('GET', 'plans?limit=100')).body.data.filter(one => one.name === 'Chat Plus').length, 1);
  await page.goto(origin);
  await page.getByLabel('E-mail').fill('ada@example.com');
  await page.getByLabel('Password').fill('correct horse');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Chat Plus', { exact: true }).waitFor();
});

test('its pages can be used by everybody, in both colours and on a phone', async () => {
  const shots = process.env.CONSOLE_SHOTS;
  const state = await page.context().storageState();
  for (const [width, colorScheme] of [[1100, 'light'], [390, 'dark']]) {
    for (const storageState of [undefined, state]) {
      const own = await (await browser.newContext({ viewport: { width, height: 800 }, colorScheme, storageState })).newPage();
      await own.goto(origin);
      await own.getByRole('heading').waitFor();
      assert.equal(await own.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
      const { violations } = await new AxeBuilder({ page: own }).analyze();
      assert.deepEqual(violations.filter(one => ['serious', 'critical'].includes(one.impact)).map(one => `${one.id}: ${one.nodes.map(node => node.target)}`), []);
      if (shots) await own.screenshot({ path: join(shots, `chat-${storageState ? 'in' : 'door'}-${width}-${colorScheme}.png`) });
      await own.context().close();
    }
  }
});

test('the books are sound afterwards', async () => {
  assert.equal((await server.audit()).code, 0);
});
