// The gateway's own promises: refusals, faults of providers, budgets under concurrency, clients that leave.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Server, chat, openai, token } from './lib/server.mjs';

let server;
before(async () => { server = await Server.start({ Lava__Gateway__IdleSeconds: '2', Lava__Gateway__DrainSeconds: '5', Lava__Gateway__MaxBodyBytes: '200000' }); });
after(() => server.stop());

const code = async response => [response.status, (await response.json()).error.code];
const call = (path, init = {}) => fetch(new URL(path, server.baseUrl), { method: 'POST', body: JSON.stringify(chat('hi')), ...init, headers: { authorization: `Bearer ${server.secret_key}`, ...init.headers } });

test('refusals come in the envelope, with a request id, and cost nothing', async () => {
  const before = (await server.api('GET', 'wallet')).body.balance;
  const target = `forward?u=${encodeURIComponent(openai)}`;
  for (const [expected, response] of [
    [[400, 'forward_endpoint_not_supported'], await call('forward')],
    [[400, 'forward_endpoint_not_supported'], await call('forward?u=https://evil.example/v1/chat/completions')],
    [[400, 'forward_endpoint_not_supported'], await call('forward?u=http://api.openai.com/v1/chat/completions')],
    [[400, 'forward_endpoint_not_supported'], await call('forward?u=https://127.0.0.1/v1/chat/completions')],
    [[400, 'forward_endpoint_not_supported'], await call('forward?u=https://api.openai.com/v1/fine_tuning/jobs')],
    [[403, 'provider_key_required'], await call('forward?u=https://api.openai.com/v1/files')],
    [[400, 'forward_endpoint_not_supported'], await call('forward?u=https://api.openai.com@evil.example/v1/chat/completions')],
    [[401, 'authentication_required'], await call(target, { headers: { authorization: '' } })],
    [[401, 'secret_key_invalid'], await call(target, { headers: { authorization: 'Bearer aks_test_nobody_has_this_key' } })],
    [[400, 'forward_token_json_invalid'], await call(target, { headers: { authorization: 'Bearer not-a-token' } })],
    [[400, 'invalid_json'], await call(target, { body: '{"model":' })],
    [[400, 'invalid_json'], await call(target, { body: '['.repeat(300) })],
    [[400, 'forward_model_invalid'], await call(target, { body: '{"messages":[]}' })],
    [[400, 'forward_model_invalid'], await call(target, { body: '{"model":7,"messages":[]}' })],
    [[400, 'forward_model_not_supported'], await call(target, { body: JSON.stringify(chat('hi', { model: 'gpt-99' })) })],
    [[400, 'forward_model_not_supported'], await call(target, { body: JSON.stringify(chat('hi', { model: 'text-embedding-3-small' })) })],
    [[413, 'payload_too_large'], await call(target, { body: JSON.stringify(chat('x'.repeat(300000))) })],
    [[400, 'validation_error'], await call(target, { headers: { 'x-lava-metadata': '{"a":1}' } })],
    [[400, 'validation_error'], await call(target, { headers: { 'x-lava-metadata-a.b': 'x' } })],
    [[400, 'validation_error'], await call(target, { headers: { authorization: `Bearer ${token({ secret_key: server.secret_key, customer_id: 'x' })}` } })],
    [[404, 'meter_not_found'], await call(target, { headers: { authorization: `Bearer ${token({ secret_key: server.secret_key, meter_slug: 'nope' })}` } })],
  ]) {
    assert.match(response.headers.get('x-lava-request-id'), /^req_(test|live)_/);
    assert.deepEqual(await code(response), expected);
  }
  assert.equal((await server.api('GET', 'wallet')).body.balance, before);
});

test('a credential is read from every carrier, and none of them reaches the provider', async () => {
  const target = `forward?u=${encodeURIComponent(openai)}`;
  const key = server.secret_key;
  for (const headers of [{ authorization: '', 'x-api-key': key }, { authorization: '', 'x-goog-api-key': key }, { authorization: '', 'xi-api-key': key }, { authorization: `Bearer ${key}`, 'x-api-key': 'sk-foreign' }]) {
    assert.equal((await call(target, { headers })).status, 200);
  }
  assert.equal((await call(`${target}&key=${key}`, { headers: { authorization: '' } })).status, 200);
  const dotted = Buffer.from(`${key}..`).toString('base64');
  assert.equal((await call(target, { headers: { authorization: `Bearer ${dotted}` } })).status, 200);
});

test('metadata comes from three channels, the more specific wins', async () => {
  const response = await call(`forward?u=${encodeURIComponent(openai)}&metadata=${encodeURIComponent('{"a":"q","b":"q","c":"q"}')}`, { headers: { 'x-lava-metadata': '{"b":"j","c":"j"}', 'X-Lava-Metadata-C': 'k', 'x-lava-metadata-user-id': '7' } });
  const request = await server.request(response.headers.get('x-lava-request-id'));
  assert.deepEqual(request.metadata, { a: 'q', b: 'j', c: 'k', user_id: '7' });
});

test("a provider's error passes as it is, is recorded and costs nothing", async () => {
  const response = await server.forward(openai, chat('[sandbox: status=429]'));
  assert.equal(response.status, 429);
  assert.equal(response.headers.get('retry-after'), '1');
  assert.equal((await response.json()).error.type, 'rate_limit_error');
  const request = await server.request(response.headers.get('x-lava-request-id'), 'error');
  assert.equal(request.cost, '0.0000000000');
});

for (const [what, directive, status, error] of [
  ['cannot be reached', 'refuse', 502, 'provider_unreachable'],
  ['is silent', 'delay_ms=600000', 504, 'provider_timeout'],
]) {
  test(`a provider that ${what} is a ${status}`, async () => {
    assert.deepEqual(await code(await server.forward(openai, chat(`[sandbox: ${directive}]`))), [status, error]);
  });
}

for (const directive of ['cut_after=3', 'stall_after=3', 'error_after=3', 'cut_after=0']) {
  test(`a stream that fails (${directive}) is not charged and is seen to fail`, async () => {
    const before = (await server.api('GET', 'wallet')).body.balance;
    const response = await server.forward(openai, chat(`[sandbox: ${directive}; output_tokens=10]`, { stream: true }));
    const text = await response.text().catch(() => 'cut');
    assert.ok(!text.includes('[DONE]'));
    await server.request(response.headers.get('x-lava-request-id'), 'error');
    assert.equal((await server.api('GET', 'wallet')).body.balance, before);
  });
}

test('a client that leaves early is charged what the provider reports', async () => {
  const leave = new AbortController();
  const response = await server.forward(openai, chat('[sandbox: input_tokens=9; output_tokens=12; chunk_delay_ms=20]', { stream: true }), {}, { signal: leave.signal });
  const reader = response.body.getReader();
  await reader.read();
  leave.abort();
  const request = await server.request(response.headers.get('x-lava-request-id'));
  assert.deepEqual([request.model_usage.input_tokens, request.model_usage.output_tokens], [9, 12]);
});

test('100 calls at once on credit for 10: exactly 10 are charged, the others get 402', async () => {
  const { body: meter } = await server.api('POST', 'meters', { name: 'Call', rate_type: 'fixed', tier_type: 'requests', tiers: [{ start: '0', rate: '1' }] });
  const { body: customer } = await server.api('POST', 'customers', { reference_id: 'crowd' });
  const credential = token({ secret_key: server.secret_key, customer_id: 'crowd', meter_slug: meter.meter_slug });
  const statuses = await Promise.all(Array.from({ length: 100 }, async () => {
    const response = await server.forward(openai, chat('[sandbox: delay_ms=50]'), { authorization: `Bearer ${credential}` });
    await response.text();
    return response.status;
  }));
  assert.equal(statuses.filter(status => status === 200).length, 10);
  assert.equal(statuses.filter(status => status === 402).length, 90);
  await server.until(async () => (await server.api('GET', `customers/${customer.customer_id}/subscription`)).body.subscription.credits.total_remaining === '0.00', 'the credits to be spent');
  assert.deepEqual(await code(await server.forward(openai, chat('hi'), { authorization: `Bearer ${credential}` })), [402, 'insufficient_credits']);
});

test('nothing stays reserved after failures: a budget for one call serves one after another', async () => {
  const { body: meter } = await server.api('POST', 'meters', { name: 'Dear', rate_type: 'fixed', tier_type: 'requests', tiers: [{ start: '0', rate: '10' }] });
  await server.api('POST', 'customers', { reference_id: 'single' });
  const authorization = `Bearer ${token({ secret_key: server.secret_key, customer_id: 'single', meter_slug: meter.meter_slug })}`;
  for (const directive of ['status=500', 'refuse', 'status=400', 'cut_after=0']) await (await server.forward(openai, chat(`[sandbox: ${directive}]`), { authorization })).text().catch(() => {});
  assert.equal((await server.forward(openai, chat('hi'), { authorization })).status, 200);
});

test('the books are clean', async () => {
  await new Promise(resolve => setTimeout(resolve, 300));
  const { code: exit, output } = await server.audit();
  assert.equal(exit, 0, output);
});
