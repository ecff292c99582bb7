// The official Lava SDK, unmodified, over every method that the server has so far.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Lava } from '@lavapayments/nodejs';
import { Server, chat, openai } from './lib/server.mjs';

let server, lava;
before(async () => {
  server = await Server.start();
  lava = new Lava(server.secret_key, { baseUrl: server.baseUrl });
});
after(() => server.stop());

const newMeter = (rate = '2', tier_type = 'tokens_1m', rate_type = 'fixed') => lava.meters.create({ name: 'Chat', rate_type, tier_type, tiers: [{ start: '0', rate }] });

test('gateway() with the merchant paying: the wallet pays the list price, exactly', async () => {
  const before = Number((await server.api('GET', 'wallet')).body.balance);
  const answer = await lava.gateway(openai, { body: chat('[sandbox: input_tokens=1000; output_tokens=500]') });
  assert.equal(answer.object, 'chat.completion');
  assert.equal(answer.usage.completion_tokens, 500);
  const expected = (1000 * 0.15 + 500 * 0.6) / 1e6;
  await server.until(async () => Math.abs(before - Number((await server.api('GET', 'wallet')).body.balance) - expected) < 1e-9, 'the wallet to pay');
});

test('gateway() for a customer: the credits pay the charge, the request shows it', async () => {
  const meter = await newMeter();
  const customer = await lava.customers.create({ reference_id: 'user-1', name: 'Ada Lovelace', email: 'ada@example.com' });
  const answer = await lava.gateway(openai, { body: chat('[sandbox: input_tokens=600; output_tokens=100]'), customer_id: customer.customer_id, meter_slug: meter.meter_slug });
  assert.equal(answer.usage.total_tokens, 700);
  const request = await server.until(async () => (await lava.requests.list({ customer_id: customer.customer_id })).data[0], 'the request');
  assert.equal(request.status, 'completed');
  assert.equal(request.charge.amount, '0.0014000000');
  assert.equal(request.charge.breakdown.length, 1);
  assert.equal(request.charge.breakdown[0].tokens, 700);
  assert.equal(request.cost, '0.0001500000');
  assert.equal(request.provider_key_type, 'managed');
  const { subscription } = await lava.customers.getSubscription('user-1');
  assert.equal(subscription.credits.total_remaining, '9.9986');
});

test('gateway() on a meter alone: the usage is priced and shown, no customer is charged', async () => {
  const meter = await newMeter('0.5', 'requests');
  await lava.gateway(openai, { body: chat('hello'), meter_slug: meter.meter_slug });
  const request = await server.until(async () => (await lava.requests.list({ meter_id: meter.meter_id })).data[0], 'the request');
  assert.equal(request.charge.amount, '0.5000000000');
  assert.equal(request.customer_id, undefined);
});

test('gateway() with billing disabled: the customer is recorded and not charged', async () => {
  const meter = await newMeter('1', 'requests');
  const customer = await lava.customers.create({ reference_id: 'user-free' });
  await lava.gateway(openai, { body: chat('hello'), customer_id: 'user-free', meter_slug: meter.meter_slug, disable_billing: true });
  const request = await server.until(async () => (await lava.requests.list({ customer_id: customer.customer_id })).data[0], 'the request');
  assert.equal(request.charge.amount, '1.0000000000');
  assert.equal((await lava.customers.getSubscription(customer.customer_id)).subscription.credits.total_remaining, '10.00');
});

test('gateway() with a key of the caller: unmanaged, the wallet pays nothing', async () => {
  const meter = await newMeter('1', 'requests');
  const before = (await server.api('GET', 'wallet')).body.balance;
  await lava.gateway(openai, { body: chat('hello'), meter_slug: meter.meter_slug, provider_key: 'sk-of-the-caller' });
  const request = await server.until(async () => (await lava.requests.list({ meter_id: meter.meter_id })).data[0], 'the request');
  assert.equal(request.provider_key_type, 'unmanaged');
  assert.notEqual(request.cost, '0.0000000000');
  await new Promise(resolve => setTimeout(resolve, 100));
  assert.equal((await server.api('GET', 'wallet')).body.balance, before);
});

test('a provider address with a path appended streams, event by event, to a plain fetch', async () => {
  const response = await fetch(lava.providers.openai + '/chat/completions', {
    method: 'POST',
    headers: { authorization: `Bearer ${lava.generateForwardToken({ customer_id: null, meter_slug: null, provider_key: 'sk-x' })}`, 'content-type': 'application/json' },
    body: JSON.stringify(chat('[sandbox: output_tokens=4; chunk_delay_ms=40]', { stream: true })),
  });
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type'), /text\/event-stream/);
  let reads = 0, text = '';
  for await (const bytes of response.body) {
    reads++;
    text += Buffer.from(bytes).toString();
  }
  assert.ok(reads >= 4, `it came in ${reads} reads`);
  assert.ok(text.endsWith('data: [DONE]\n\n'));
  assert.ok(!text.includes('"total_tokens"'), 'the usage chunk was not asked for');
});

test('customers: create, find by either id, list in pages, update, delete', async () => {
  const first = await lava.customers.create({ reference_id: 'page-1', metadata: { plan: 'a' } });
  assert.equal((await lava.customers.create({ reference_id: 'page-1', name: 'Other' })).customer_id, first.customer_id);
  await lava.customers.create({ reference_id: 'page-2' });
  await lava.customers.create({ reference_id: 'page-3' });
  assert.equal((await lava.customers.retrieve('page-1')).customer_id, first.customer_id);
  const seen = [];
  let cursor;
  do {
    const page = await lava.customers.list({ limit: 2, cursor });
    seen.push(...page.data.map(customer => customer.reference_id));
    cursor = page.next_cursor;
  } while (cursor);
  assert.deepEqual(seen.filter(id => id?.startsWith('page-')), ['page-3', 'page-2', 'page-1']);
  const changed = await lava.customers.update('page-1', { name: 'Grace Hopper', reference_id: 'renamed' });
  assert.equal(changed.contact.last_name, 'Hopper');
  assert.deepEqual(await lava.customers.delete('renamed'), { success: true });
  await assert.rejects(lava.customers.retrieve('renamed'), /404/);
  await assert.rejects(lava.customers.create({ reference_id: 'con_x' }), /validation_error/);
});

test('meters: create, read, list, update; what never changes is refused', async () => {
  const meter = await lava.meters.create({ name: 'Tiered', meter_slug: 'tiered', rate_type: 'fixed', tier_type: 'tokens_1m', tiers: [{ start: '0', rate: '5' }, { start: '1000000', rate: '3' }] });
  assert.deepEqual(meter.tiers, [{ start: 0, rate: '5.00', type: 'tokens_1m' }, { start: 1000000, rate: '3.00', type: 'tokens_1m' }]);
  assert.equal((await lava.meters.retrieve('tiered')).meter_id, meter.meter_id);
  assert.equal((await lava.meters.update(meter.meter_id, { name: 'Renamed' })).name, 'Renamed');
  assert.ok((await lava.meters.list({ limit: 100 })).data.some(one => one.meter_id === meter.meter_id));
  await assert.rejects(lava.meters.create({ name: 'Again', meter_slug: 'tiered', rate_type: 'fixed', tier_type: 'requests', tiers: [{ start: '0', rate: '1' }] }), /meter_slug_taken/);
  await assert.rejects(lava.meters.delete(meter.meter_id), /deletion_cooldown/);
});

test('secret keys: a new key works, its raw value is shown once, a fresh one cannot be revoked yet', async () => {
  const key = await lava.secretKeys.create({ name: 'Second' });
  assert.match(key.secret_key, /^aks_test_/);
  assert.ok(await new Lava(key.secret_key, { baseUrl: server.baseUrl }).meters.list());
  const listed = (await lava.secretKeys.list()).data.find(one => one.secret_key_id === key.secret_key_id);
  assert.equal(listed.secret_key, undefined);
  assert.equal(listed.secret_key_hint, key.secret_key.slice(-4));
  await assert.rejects(lava.secretKeys.delete(key.secret_key_id), /deletion_cooldown/);
});

test('requests: reported usage is charged once for each id', async () => {
  const meter = await newMeter('1000', 'tokens_1m');
  const customer = await lava.customers.create({ reference_id: 'reporter' });
  const report = { request_id: 'my request/1', customer_id: 'reporter', meter_slug: meter.meter_slug, input_tokens: 100, output_tokens: 50, metadata: { feature: 'codegen' } };
  const first = await lava.requests.create(report);
  assert.equal(first.charge.amount, '0.1500000000');
  assert.equal(first.provider, 'other');
  assert.deepEqual(await lava.requests.create(report), first);
  await assert.rejects(lava.requests.create({ ...report, input_tokens: 101 }), /request_id_conflict/);
  assert.equal((await lava.customers.getSubscription(customer.customer_id)).subscription.credits.total_remaining, '9.85');
  const found = await lava.requests.list({ metadata_filters: { feature: 'codegen' } });
  assert.deepEqual(found.data.map(one => one.request_id), ['my request/1']);
});

test('usage: days in the zone of the start, filters, totals', async () => {
  const meter = await newMeter('1', 'requests');
  await lava.customers.create({ reference_id: 'usage-user' });
  for (let i = 0; i < 3; i++) await lava.requests.create({ request_id: `usage-${i}`, customer_id: 'usage-user', meter_slug: meter.meter_slug, input_tokens: 10, metadata: { cohort: i < 2 ? 'a' : 'b' } });
  const start = new Date(Date.now() - 2 * 86400e3).toISOString();
  const all = await lava.usage.retrieve({ start, customer_id: 'usage-user' });
  assert.equal(all.totals.total_requests, 3);
  assert.equal(all.totals.total_usage_tokens, 30);
  assert.equal(all.totals.total_charge, '3.0000000000');
  assert.equal(all.items.length, 3);
  assert.equal((await lava.usage.retrieve({ start, meter_id: meter.meter_id })).totals.total_requests, 3);
  assert.equal((await lava.usage.retrieve({ start, metadata_filters: { cohort: 'a' } })).totals.total_requests, 2);
  const zoned = await server.api('GET', `usage?start=${encodeURIComponent('2026-01-01T00:00:00+05:45')}&end=${encodeURIComponent('2026-01-03T12:00:00+05:45')}`);
  assert.deepEqual(zoned.body.items.map(item => item.date), ['2026-01-01', '2026-01-02', '2026-01-03']);
  assert.equal(zoned.body.items[0].start, '2026-01-01T00:00:00+05:45');
});

test('plans: the Free plan is listed, read and changed', async () => {
  const plan = (await lava.subscriptions.listPlans()).data[0];
  assert.equal(plan.name, 'Free');
  assert.equal((await lava.subscriptions.retrievePlan(plan.plan_id)).plan_id, plan.plan_id);
  const changed = await lava.subscriptions.updatePlan(plan.plan_id, { included_credit: '12.5' });
  assert.equal(changed.included_credit, '12.50');
  await lava.subscriptions.updatePlan(plan.plan_id, { included_credit: '10' });
});

test('models: the list of the catalogue', async () => {
  const { data } = await lava.models.list();
  assert.ok(data.length > 80);
  assert.ok(data.some(model => model.id === 'gpt-4o-mini' && model.owned_by === 'openai'));
});
