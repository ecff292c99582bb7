// Usage records on the wire: from the gateway through Service Bus's own client to a namespace that is busy, loses its answers and its connections, and from there to the metering function, whose
// worker dies. Each call is charged once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Server, chat, isOnWorker, openai, token } from './lib/server.mjs';

test('each record arrives and is charged once, whatever the namespace and the worker do', { skip: !isOnWorker && 'these heads keep their queues in tables' }, async t => {
  const server = await Server.start();
  t.after(() => server.stop());
  const { body: meter } = await server.api('POST', 'meters', { name: 'Call', rate_type: 'fixed', tier_type: 'requests', tiers: [{ start: '0', rate: '0.01' }] });
  await server.api('POST', 'customers', { reference_id: 'wired' });
  const authorization = `Bearer ${token({ secret_key: server.secret_key, customer_id: 'wired', meter_slug: meter.meter_slug })}`;
  const charged = async () => (await server.api('GET', `usage?start=${new Date(Date.now() - 3600e3).toISOString()}&customer_id=wired`)).body.totals;
  let called = 0;
  const call = async count => {
    await Promise.all(Array.from({ length: count }, async (_, i) => {
      const response = await server.forward(openai, chat('[sandbox: output_tokens=3]', { stream: i % 2 === 0 }), { authorization });
      await response.text();
      assert.equal(response.status, 200);
    }));
    called += count;
  };
  const metered = () => server.until(async () => (await charged()).total_requests === called, `${called} calls to be charged`, async () => ({ body: [await charged(), (await server.queues())['usage-records']] }));

  await call(20);
  await metered();

  await server.queues('lose?count=2');
  await call(20);
  await metered();
  assert.ok((await server.queues())['usage-records'].duplicates > 0, 'what arrived unanswered was sent again, and dropped');

  await server.queues('throttle?count=1');
  await call(5);
  await metered();
  assert.equal((await server.queues())['usage-records'].refused, 1);

  const calls = call(40);
  await server.queues('drop');
  await calls;
  await server.queues('drop');
  await metered();

  for (let round = 0; round < 3; round++) {
    await call(20);
    await server.killWorker();
  }
  await call(1);
  await metered();

  const queue = await server.until(async () => {
    const { 'usage-records': usage } = await server.queues();
    return usage.active === 0 && usage;
  }, 'the queue to be empty');
  assert.equal(queue.deadLetters, 0);
  assert.equal(queue.completed, queue.taken);
  assert.equal((await charged()).total_charge, (called * 0.01).toFixed(10));
  const { code, output } = await server.audit();
  assert.equal(code, 0, output);
});
