// The bootstrap hooks, run with stand-ins of az, azd and the app, which note what they are called with.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Language, Parser } from 'web-tree-sitter';

const hooks = fileURLToPath(new URL('../../infra/hooks/', import.meta.url));
const folders = [];
after(() => folders.forEach(folder => rmSync(folder, { recursive: true })));

/** Runs a hook. `az` is the body of its stand-in, a script in sh; every call of az, azd and curl is a line of `calls`. */
async function run(hook, { az = '', environment = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'lava-hooks-'));
  folders.push(folder);
  const calls = join(folder, 'calls');
  const tool = (name, body) => {
    writeFileSync(join(folder, name), `#!/bin/sh\nprintf '%s\\n' "${name} $*" >> '${calls}'\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  tool('az', az.replaceAll('$FOLDER', folder));
  tool('azd', '');
  tool('curl', `PATH='${process.env.PATH}' exec curl "$@"`);
  const variables = { PATH: `${folder}:${process.env.PATH}`, LAVA_KEY_VAULT: 'kv-test', LAVA_BOOTSTRAP_PAUSE: '0', LAVA_BOOTSTRAP_TRIES: '3', ...environment };
  const outcome = await new Promise(resolve =>
    execFile('sh', [join(hooks, hook)], { env: variables }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr })));
  return { ...outcome, folder, calls: existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [] };
}

/** An app that becomes ready at the second look and answers POST /v1/admin/merchants with each status in turn. */
async function app(statuses) {
  const posts = [];
  let looks = 0;
  const server = createServer((request, response) => {
    if (request.url === '/health/ready') {
      response.writeHead(looks++ === 0 ? 503 : 200).end('{}');
      return;
    }
    let body = '';
    request.on('data', piece => (body += piece)).on('end', () => {
      posts.push({ method: request.method, url: request.url, authorization: request.headers.authorization, type: request.headers['content-type'], body });
      const status = statuses[Math.min(posts.length, statuses.length) - 1];
      response.writeHead(status, { 'content-type': 'application/json' }).end(status === 201
        ? '{"merchant_id":"mer_1","wallet_id":"wal_1", "secret_key" : "aks_live_shownonce","test_wallet_id":"wal_2","test_secret_key":"aks_test_shownonce"}'
        : '{"error":{"code":"unauthorized"}}');
    });
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return { base: `http://127.0.0.1:${server.address().port}`, posts, close: () => new Promise(resolve => server.close(resolve)) };
}

const secret = 'echo the-admin-secret';

test('The first merchant is made with the vault\'s secret, noted in the environment, and its key is shown once', async () => {
  const server = await app([201]);
  const outcome = await run('postdeploy.sh', { az: secret, environment: { LAVA_BASE_URL: server.base } });
  await server.close();

  assert.equal(outcome.code, 0, outcome.stderr);
  assert.deepEqual(server.posts, [{ method: 'POST', url: '/v1/admin/merchants', authorization: 'Bearer the-admin-secret', type: 'application/json', body: '{"name":"First merchant"}' }]);
  assert.equal(outcome.stdout.split('aks_live_shownonce').length, 2);
  assert.equal(outcome.stdout.split('aks_test_shownonce').length, 2);
  assert.match(outcome.stdout, /mer_1[^]*wal_1[^]*Secret key +aks_live_shownonce[^]*Test key +aks_test_shownonce/);
  assert.ok(outcome.calls.includes('azd env set LAVA_FIRST_MERCHANT mer_1'));
});

test('Neither the admin secret nor the merchant\'s key is on a command line, and the secret is not printed', async () => {
  const server = await app([201]);
  const outcome = await run('postdeploy.sh', { az: secret, environment: { LAVA_BASE_URL: server.base } });
  await server.close();

  assert.ok(outcome.calls.some(call => call.startsWith('curl ')));
  assert.deepEqual(outcome.calls.filter(call => /the-admin-secret|aks_/.test(call)), []);
  assert.doesNotMatch(outcome.stdout + outcome.stderr, /the-admin-secret/);
});

test('A merchant is made once: not where there is one, and not where the bootstrap is off', async () => {
  const server = await app([201]);
  const again = await run('postdeploy.sh', { az: secret, environment: { LAVA_BASE_URL: server.base, LAVA_FIRST_MERCHANT: 'mer_1' } });
  const off = await run('postdeploy.sh', { az: secret, environment: { LAVA_BASE_URL: server.base, LAVA_BOOTSTRAP: 'off' } });
  await server.close();

  assert.deepEqual([again.code, off.code, server.posts.length], [0, 0, 0]);
});

test('An app that does not know the secret yet is asked again; any other refusal ends the hook', async () => {
  const late = await app([401, 401, 201]);
  const first = await run('postdeploy.sh', { az: secret, environment: { LAVA_BASE_URL: late.base } });
  await late.close();
  const broken = await app([500]);
  const second = await run('postdeploy.sh', { az: secret, environment: { LAVA_BASE_URL: broken.base } });
  await broken.close();
  const closed = await app([401]);
  const third = await run('postdeploy.sh', { az: secret, environment: { LAVA_BASE_URL: closed.base } });
  await closed.close();

  assert.deepEqual([first.code, late.posts.length], [0, 3]);
  assert.deepEqual([second.code, broken.posts.length], [1, 1]);
  assert.deepEqual([third.code, closed.posts.length], [1, 3]);
  assert.deepEqual([...second.calls, ...third.calls].filter(call => call.startsWith('azd')), []);
});

test('An app that never becomes ready ends the hook without a merchant', async () => {
  const outcome = await run('postdeploy.sh', { az: secret, environment: { LAVA_BASE_URL: 'http://127.0.0.1:9' } });

  assert.equal(outcome.code, 1);
  assert.match(outcome.stderr, /does not become ready/);
});

test('A name that would break the request is refused', async () => {
  const server = await app([201]);
  const outcome = await run('postdeploy.sh', { az: secret, environment: { LAVA_BASE_URL: server.base, LAVA_MERCHANT_NAME: 'a","b":"' } });
  await server.close();

  assert.deepEqual([outcome.code, server.posts.length], [1, 0]);
});

const keepsSecret = 'case "$*" in *" set "*) while [ $# -gt 0 ]; do [ "$1" = --file ] && { cp "$2" $FOLDER/kept; ls -l "$2" > $FOLDER/mode; echo "$2" > $FOLDER/path; }; shift; done ;; esac';

test('The admin secret is random, kept in the vault, and leaves nothing behind', async () => {
  const outcomes = [await run('postprovision.sh', { az: keepsSecret }), await run('postprovision.sh', { az: keepsSecret })];
  const secrets = outcomes.map(outcome => readFileSync(join(outcome.folder, 'kept'), 'utf8'));

  for (const [index, outcome] of outcomes.entries()) {
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.match(secrets[index], /^[0-9a-f]{64}$/);
    assert.match(readFileSync(join(outcome.folder, 'mode'), 'utf8'), /^-rw-------/);
    assert.ok(!existsSync(readFileSync(join(outcome.folder, 'path'), 'utf8').trim()));
    assert.doesNotMatch(outcome.stdout + outcome.stderr + outcome.calls.join(), new RegExp(secrets[index]));
  }
  assert.notEqual(secrets[0], secrets[1]);
});

test('An admin secret that is there is left alone', async () => {
  const outcome = await run('postprovision.sh', { az: 'echo lava-admin-secret' });

  assert.equal(outcome.code, 0);
  assert.deepEqual(outcome.calls.filter(call => call.includes(' set ')), []);
});

test('A vault that lets nobody in yet is tried again, and then the operator is told', async () => {
  const outcome = await run('postprovision.sh', { az: 'exit 1' });

  assert.equal(outcome.code, 1);
  assert.equal(outcome.calls.length, 3);
  assert.match(outcome.stderr, /azd hooks run postprovision/);
});

test('The budget\'s first day is chosen once, and is the first of a month', async () => {
  const first = await run('preprovision.sh');
  const second = await run('preprovision.sh', { environment: { LAVA_BUDGET_START: '2026-01-01' } });

  assert.match(first.calls[0], /^azd env set LAVA_BUDGET_START \d{4}-\d{2}-01$/);
  assert.deepEqual(second.calls, []);
});

test('Every hook is there for both kinds of shell, and its PowerShell is understood', async () => {
  await Parser.init();
  const grammar = dirname(createRequire(import.meta.url).resolve('tree-sitter-powershell/package.json'));
  const parser = new Parser();
  parser.setLanguage(await Language.load(join(grammar, 'tree-sitter-powershell.wasm')));
  const parse = source => parser.parse(source).rootNode;
  const names = kind => readdirSync(hooks).filter(name => name.endsWith(kind)).map(name => name.slice(0, -kind.length)).sort();

  assert.deepEqual(names('.sh'), ['postdeploy', 'postprovision', 'preprovision']);
  assert.deepEqual(names('.ps1'), names('.sh'));
  for (const name of names('.ps1')) assert.ok(!parse(readFileSync(join(hooks, `${name}.ps1`), 'utf8')).hasError, name);
  assert.ok(parse(`${readFileSync(join(hooks, 'postdeploy.ps1'), 'utf8')}\nif ($x {`).hasError);
});

test('Both kinds of shell read the same variables', () => {
  const variables = (name, kind, pattern) => [...new Set([...readFileSync(join(hooks, name + kind), 'utf8').matchAll(pattern)].map(match => match[1]))].sort();
  for (const name of ['postdeploy', 'postprovision', 'preprovision']) assert.deepEqual(variables(name, '.ps1', /\$env:(LAVA_\w+)/g), variables(name, '.sh', /\$\{?(LAVA_\w+)/g), name);
});
