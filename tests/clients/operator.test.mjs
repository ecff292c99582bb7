// The operator's pages and limited keys, in a browser over the real server: with the keyboard alone, in each look. With CONSOLE_SHOTS=DIR pictures of the pages are kept.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from './lib/browser.mjs';
import { keyboardOf } from './lib/keyboard.mjs';
import { look } from './lib/look.mjs';
import { Server, isOnWorker } from './lib/server.mjs';

// The console keeps its keys in the vault, and the worker has none here.
const options = { skip: isOnWorker };
const secret = 's'.repeat(64);
const script = '<img src=x onerror=alert(1)>';
const looks = [[1280, 'light'], [1280, 'dark'], [390, 'light'], [390, 'dark']];
let server, browser, page;

before(async () => {
  if (isOnWorker) return;
  [server, browser] = await Promise.all([Server.start({ Lava__AdminSecret: secret }), openBrowser()]);
  page = await (await browser.newContext({ viewport: { width: 1280, height: 860 } })).newPage();
  page.on('dialog', () => assert.fail('A name became a script.'));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const at = path => new URL(path, server.baseUrl).href;

const { type, press, open } = keyboardOf(() => page);

test('the operator makes, corrects, suspends and resumes a merchant with the keyboard alone', options, async () => {
  await page.goto(at('/console/operator'));
  await type('Admin secret', secret);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Queues' }).waitFor();
  await press('link', 'Merchants');
  await page.getByLabel('Name', { exact: true }).focus();
  await page.keyboard.type(`Acme ${script}`);
  await page.getByRole('button', { name: 'Create merchant' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Copy what is shown here now' }).waitFor();
  const key = (await page.locator('.secret').innerText()).match(/aks_test_[\w-]{43}/)[0];
  await press('link', `Acme ${script}`);
  await page.getByLabel('Wallet').selectOption('test');
  await type('US dollars', '-25.50');
  await type('Reason', 'Charged twice');
  await press('button', 'Correct the wallet');
  await page.getByText('$974.50').waitFor();

  const wallet = () => fetch(at('/v1/wallet'), { headers: { authorization: `Bearer ${key}` } }).then(answer => answer.json());
  assert.equal((await wallet()).balance, '974.50');
  await open('Suspend');
  await page.locator('details[open] input[name=reason]').fill('Unpaid invoice');
  await press('button', `Suspend “Acme ${script}”`);
  await page.getByText('Unpaid invoice').waitFor();
  assert.equal((await wallet()).error.code, 'merchant_suspended');
  if (process.env.CONSOLE_SHOTS) await page.screenshot({ path: `${process.env.CONSOLE_SHOTS}/operator-suspended.png`, fullPage: true });
  await press('button', `Resume “Acme ${script}”`);
  await page.getByRole('heading', { name: /active/ }).waitFor();
  assert.equal((await wallet()).balance, '974.50');
});

test('every page of the operator holds in each look', options, async () => {
  const state = await page.context().storageState();
  const merchant = new URL(page.url()).pathname;
  await look({
    browser, state, at, looks, name: 'operator',
    paths: ['/console/operator', '/console/operator/merchants', merchant, '/console/operator/dead-letters', '/console/operator/log', '/console/operator/sign-in'],
  });
});

test('a key with scopes is made with the keyboard alone, and opens what it may', options, async () => {
  await page.goto(server.consoleLink);
  await page.goto(at('/console/test/keys'));
  await type('New secret key', 'Reports');
  await page.getByLabel('It may').selectOption('limited');
  await open('Scopes of a limited key');
  await page.getByLabel('Requests', { exact: false }).last().selectOption('read');
  await page.getByLabel('Calls to models').selectOption('call');
  await press('button', 'Create');
  await page.getByRole('heading', { name: 'Copy “Reports” now' }).waitFor();
  const key = (await page.locator('.secret').innerText()).match(/aks_test_[\w-]{43}/)[0];
  const state = await page.context().storageState();
  await look({ browser, state, at, looks, name: 'keys', paths: ['/console/test/keys'] });

  const limited = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  const tab = await limited.newPage();
  await tab.goto(at('/console/sign-in'));
  await tab.getByLabel('Secret key').fill(key);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByRole('heading', { name: 'Overview' }).waitFor();
  assert.deepEqual(await tab.locator('.menu-wide nav[aria-label=Console] a').allInnerTexts(), ['Overview', 'Requests', 'Playground', 'Developers']);
  assert.equal((await tab.goto(at('/console/test/wallet'))).status(), 403);
  await tab.getByText('lacks the scope wallet:read').waitFor();
  if (process.env.CONSOLE_SHOTS) await tab.screenshot({ path: `${process.env.CONSOLE_SHOTS}/forbidden.png`, fullPage: true });
  await limited.close();
});
