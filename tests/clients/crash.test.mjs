// kill -9 in the middle of load, several rounds: every answer that came whole is charged exactly once, any other at most once, and the books stay clean.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Server, chat, openai, token } from './lib/server.mjs';

async function list(server) {
  const requests = new Map();
  let cursor = '';
  do {
    const { body } = await server.api('GET', `requests?limit=100${cursor && `&cursor=${cursor}`}`);
    for (const request of body.data) {
      assert.ok(!requests.has(request.request_id), 'a request is listed once');
      requests.set(request.request_id, request);
    }
    cursor = body.next_cursor;
  } while (cursor);
  return requests;
}

test('killed in the middle of load, four rounds', async t => {
  const server = await Server.start({ Lava__Gateway__SweepAfterSeconds: '2' });
  t.after(() => server.stop());
  const { body: meter } = await server.api('POST', 'meters', { name: 'Token', rate_type: 'fixed', tier_type: 'tokens_1m', tiers: [{ start: '0', rate: '1' }] });
  await server.api('POST', 'customers', { reference_id: 'crash' });
  const authorization = () => `Bearer ${token({ secret_key: server.secret_key, customer_id: 'crash', meter_slug: meter.meter_slug })}`;
  const whole = new Set();
  const begun = new Set();

  for (let round = 0; round < 4; round++) {
    let isUp = true;
    const work = Array.from({ length: 24 }, async (_, worker) => {
      while (isUp) {
        try {
          const stream = worker % 2 === 0;
          const response = await server.forward(openai, chat(`[sandbox: input_tokens=10; output_tokens=8${worker % 3 === 0 ? '; chunk_delay_ms=15' : ''}]`, { stream }), { authorization: authorization() });
          const id = response.headers.get('x-lava-request-id');
          begun.add(id);
          const text = await response.text();
          if (response.status === 200 && (stream ? text.endsWith('data: [DONE]\n\n') : JSON.parse(text).usage)) whole.add(id);
        } catch {
          // Cut off by the kill.
        }
      }
    });
    // On however slow a machine, some answers have come whole and others are on their way.
    const enough = 30 * (round + 1);
    await server.until(() => whole.size >= enough, 'answers');
    await new Promise(resolve => setTimeout(resolve, 500 + 300 * round));
    // Where a host has a worker, the worker alone or both.
    await (round % 2 === 0 ? server.killWorker() : server.kill());
    isUp = false;
    await Promise.all(work);
    await server.start();
  }

  // What was in the queue is metered when the dead receiver's hold has run out; what was in flight is closed by the sweep.
  assert.ok(whole.size > 100, `${whole.size} answers came whole`);
  const seen = await server.until(async () => {
    const requests = await list(server);
    return [...whole].every(id => requests.get(id)?.status === 'completed') && requests;
  }, 'every whole answer to be charged');
  for (const request of seen.values()) assert.ok(['completed', 'error'].includes(request.status));
  const { code, output } = await server.audit();
  assert.equal(code, 0, output);

  const usage = (await server.api('GET', `usage?start=${new Date(Date.now() - 3600e3).toISOString()}&customer_id=crash`)).body.totals;
  assert.ok(usage.total_requests >= whole.size, 'each whole answer is charged');
  assert.ok(usage.total_requests <= begun.size + 24 * 4, 'and none twice');
  assert.equal(usage.total_charge, (usage.total_requests * 18 / 1e6).toFixed(10));
});
