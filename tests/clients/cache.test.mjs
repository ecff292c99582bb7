// Equal calls answered from the gateway's cache, as OpenAI's client sees them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { Server, chat, token } from './lib/server.mjs';

let server;
before(async () => { server = await Server.start(); });
after(() => server.stop());

const client = (apiKey = server.secret_key, path = '') => new OpenAI({ apiKey, baseURL: server.baseUrl.replace(/\/$/, '') + path, maxRetries: 0 });
const cached = (ttl = 600) => ({ headers: { 'x-lava-cache': `ttl=${ttl}` } });
const told = response => response.headers.get('x-lava-cache');

// An answer is kept a moment after it has gone to the client.
const untilHit = ask => server.until(async () => {
  const answer = await ask();
  return told(answer.response) === 'hit' ? answer : undefined;
}, 'a hit');

async function read(body, apiKey, path, options = cached()) {
  const { data, response } = await client(apiKey, path).chat.completions.create(body, options).withResponse();
  if (!body.stream) return { response, text: data.choices[0].message.content, usage: data.usage };
  let text = '', usage;
  for await (const chunk of data) {
    text += chunk.choices[0]?.delta.content ?? '';
    usage = chunk.usage ?? usage;
  }
  return { response, text, usage };
}

for (const [name, more, path] of [
  ['a whole answer', {}],
  ['a stream', { stream: true }],
  ['a stream with usage', { stream: true, stream_options: { include_usage: true } }],
  ['a translated answer', { model: 'claude-sonnet-4-6', max_tokens: 100 }],
  ['a translated stream', { model: 'claude-sonnet-4-6', max_tokens: 100, stream: true }, '/rewrite/openai/api.anthropic.com/v1/messages'],
]) {
  test(`${name} is the same again, and costs nothing the second time`, async () => {
    const body = chat(`${name} [sandbox: input_tokens=100; output_tokens=9]`, more);
    const first = await read(body, undefined, path);
    assert.deepEqual([told(first.response), first.text.split(' ').length], ['miss', 9]);
    const again = await untilHit(() => read(body, undefined, path));
    assert.deepEqual([again.text, again.usage], [first.text, first.usage]);
    assert.match(again.response.headers.get('age'), /^\d+$/);
    const [paid, free] = await Promise.all([first, again].map(answer => server.request(answer.response.headers.get('x-lava-request-id'))));
    assert.ok(Number(paid.cost) > 0 && paid.cached === undefined);
    assert.deepEqual([free.cached, free.cost, free.model_usage.total_cost, free.model_usage.input_tokens, free.model_usage.output_tokens], [true, '0.0000000000', '0.0000000000', 100, 9]);
  });
}

test('a temperature passes by, a header that cannot be read is an error, and an error is not kept', async () => {
  assert.equal(told((await read(chat('Hi', { temperature: 0.7 }))).response), 'bypass');
  await assert.rejects(read(chat('Hi'), undefined, undefined, { headers: { 'x-lava-cache': 'on' } }), error => error.status === 400 && error.code === 'validation_error');
  for (let i = 0; i < 2; i++) await assert.rejects(read(chat('[sandbox: status=500]')), error => error.status === 500 && error.headers.get('x-lava-cache') === 'miss');
});

test('a meter charges a customer for hits, or does not', async () => {
  await server.api('POST', 'customers', { reference_id: 'cached' });
  const body = chat('Charged? [sandbox: input_tokens=1000; output_tokens=9]');
  await untilHit(() => read(body));
  for (const charges_cached of [true, false]) {
    const meter = await server.api('POST', 'meters', { name: 'M', rate_type: 'fixed', tier_type: 'requests', tiers: [{ start: '0', rate: '0.01' }], charges_cached });
    assert.deepEqual([meter.status, meter.body.charges_cached], [201, charges_cached]);
    const { response } = await read(body, token({ secret_key: server.secret_key, customer_id: 'cached', meter_slug: meter.body.meter_slug }));
    assert.equal(told(response), 'hit');
    const request = await server.request(response.headers.get('x-lava-request-id'));
    assert.deepEqual([request.charge.amount, request.cached], [charges_cached ? '0.0100000000' : '0.0000000000', true]);
  }
  assert.equal((await server.audit()).code, 0);
});
