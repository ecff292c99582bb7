// The rest of the official Lava SDK's methods, typed: this file is compiled against the SDK's own definitions before it runs.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { Lava } from '@lavapayments/nodejs';
import { Server, chat, isOnWorker, openai } from './lib/server.mjs';

let server: Server;
let lava: Lava;
before(async () => {
  server = await Server.start({ Lava__Webhooks__AllowPrivateAddresses: 'true' });
  lava = new Lava(server.secret_key, { baseUrl: server.baseUrl });
});
after(() => server.stop());

const gold = () => lava.subscriptions.createPlan({
  name: 'Gold', period_amount: '25', billing_interval: 'month', rollover_type: 'full', included_credit: '20',
  credit_bundles: [{ name: 'Small', cost: '5', credit_amount: '6' }, { name: 'Large', cost: '20.00', credit_amount: '30' }], default_auto_top_up_bundle_index: 0,
});

test('plans: create with bundles and meters, read, list, reconcile, delete', async () => {
  const meter = await lava.meters.create({ name: 'Chat', rate_type: 'fixed', tier_type: 'requests', tiers: [{ start: '0', rate: '1' }] });
  const plan = await gold();
  assert.equal(plan.period_amount, '25.00');
  assert.equal(plan.included_credit, '20.00');
  assert.equal(plan.bundle_rollover_type, 'full');
  assert.deepEqual(plan.credit_bundles.map(bundle => [bundle.name, bundle.cost, bundle.credit_amount]), [['Small', '5.00', '6.00'], ['Large', '20.00', '30.00']]);
  assert.equal(plan.default_auto_top_up_bundle_id, plan.credit_bundles[0]?.credit_bundle_id);

  const [small, large] = plan.credit_bundles;
  const changed = await lava.subscriptions.updatePlan(plan.plan_id, {
    name: 'Golden', meter_ids: [meter.meter_id], included_credit: '22',
    credit_bundles: [
      { credit_bundle_id: small!.credit_bundle_id, name: 'Small', cost: '5', credit_amount: '6', is_deleted: true },
      { credit_bundle_id: large!.credit_bundle_id, name: 'Larger', cost: '25', credit_amount: '40' },
      { name: 'New', cost: '1', credit_amount: '1' },
    ],
  });
  assert.deepEqual(changed.linked_meters, [{ meter_id: meter.meter_id, name: 'Chat' }]);
  assert.deepEqual(changed.credit_bundles.map(bundle => bundle.name), ['Larger', 'New']);
  assert.equal(changed.default_auto_top_up_bundle_id, null);
  assert.deepEqual(await lava.subscriptions.retrievePlan(plan.plan_id), changed);
  assert.ok((await lava.subscriptions.listPlans({ limit: 100 })).data.some(other => other.plan_id === plan.plan_id));

  const bundles = await lava.creditBundles.list({ plan_id: plan.plan_id, limit: 1 });
  assert.equal(bundles.has_more, true);
  assert.equal((await lava.creditBundles.list({ plan_id: plan.plan_id, limit: 1, cursor: bundles.next_cursor! })).has_more, false);
  assert.equal((await lava.creditBundles.retrieve(large!.credit_bundle_id)).credit_amount, '40.00');
  await assert.rejects(lava.creditBundles.retrieve(small!.credit_bundle_id), /404/);
  await assert.rejects(lava.subscriptions.createPlan({ name: 'x', period_amount: '-1', billing_interval: 'month' }), /validation_error/);

  assert.deepEqual(await lava.subscriptions.deletePlan(plan.plan_id), { id: plan.plan_id, deleted: true });
  await assert.rejects(lava.subscriptions.retrievePlan(plan.plan_id), /404/);
  await assert.rejects(lava.creditBundles.retrieve(large!.credit_bundle_id), /404/);
});

test('checkout: a session for a plan, refused for what is not there', async () => {
  const plan = await gold();
  const session = await lava.checkoutSessions.create({ checkout_mode: 'subscription', origin_url: 'https://shop.example', plan_id: plan.plan_id });
  assert.equal(session.plan_id, plan.plan_id);
  assert.match(session.checkout_session_token, /^[A-Za-z0-9+/]+=*$/);
  await assert.rejects(lava.checkoutSessions.create({ checkout_mode: 'credit_bundle', origin_url: 'https://shop.example', customer_id: 'nobody', credit_bundle_id: plan.credit_bundles[0]!.credit_bundle_id }), /404/);
  await assert.rejects(Lava.exchangeAuthCode({ code: 'nonsense', baseUrl: server.baseUrl }), /400/);
});

test('subscriptions: assign, list, choose the top-up, cancel; a paid plan is refused', async () => {
  const customer = await lava.customers.create({ reference_id: 'sub-1' });
  const free = await lava.subscriptions.createPlan({ name: 'Starter', period_amount: '0', included_credit: '1', billing_interval: 'month', credit_bundles: [{ name: 'b', cost: '2', credit_amount: '2' }] });
  const { subscription } = await lava.subscriptions.create({ customer_id: 'sub-1', plan_id: free.plan_id });
  assert.equal(subscription.plan.name, 'Starter');
  assert.equal(subscription.credits.total_remaining, '1.00');
  assert.equal((await lava.customers.retrieve(customer.customer_id)).subscription?.plan_id, free.plan_id);
  await assert.rejects(lava.subscriptions.create({ customer_id: 'sub-1', plan_id: (await gold()).plan_id }), /plan_not_free/);

  const bundle = free.credit_bundles[0]!.credit_bundle_id;
  assert.deepEqual(await lava.subscriptions.update(subscription.subscription_id, { auto_top_up_bundle_id: bundle }), { success: true });
  assert.deepEqual(await lava.subscriptions.update(subscription.subscription_id, {}), { success: true });
  const listed = (await lava.subscriptions.list({ customer_id: 'sub-1' })).data;
  assert.equal(listed.length, 1);
  assert.equal(listed[0]!.auto_top_up_bundle_id, bundle);
  assert.equal(listed[0]!.customer_id, customer.customer_id);
  assert.ok((await lava.subscriptions.list({ limit: 100 })).data.some(other => other.subscription_id === subscription.subscription_id));

  assert.deepEqual(await lava.subscriptions.cancel(subscription.subscription_id), { success: true });
  const cancelled = (await lava.customers.getSubscription('sub-1')).subscription!;
  assert.equal(cancelled.status, 'active');
  assert.equal(cancelled.pending_change?.type, 'cancellation');
  assert.equal(cancelled.pending_change?.effective_at, cancelled.cycle_end_at);
});

test('a year on a test clock: renewals, rollover, a top-up, a downgrade, a cancellation, every cent explained', async () => {
  const clock = (await server.api('POST', 'test_clocks', { frozen_time: '2027-01-31T00:00:00Z', name: 'A year' })).body;
  const customer = (await server.api('POST', 'customers', { reference_id: 'clocked', test_clock_id: clock.test_clock_id })).body;
  const card = await server.api('POST', 'test_helpers/payment_methods', { customer_id: 'clocked', token: 'pm_card_visa' });
  assert.equal(card.status, 201);
  const plan = await gold();
  const subscribed = await server.api('POST', 'test_helpers/subscriptions', { customer_id: 'clocked', plan_id: plan.plan_id });
  assert.equal(subscribed.status, 201, JSON.stringify(subscribed.body));
  const advance = (to: string) => server.api('POST', `test_clocks/${clock.test_clock_id}/advance`, { frozen_time: to });
  const current = async () => (await lava.customers.getSubscription('clocked')).subscription!;
  const credit = async () => Number((await current()).credits.total_remaining);

  const start = await credit();
  const moved = await advance('2028-01-30T00:00:00Z');
  assert.equal(moved.body.status, 'ready', JSON.stringify(moved.body));
  assert.equal(await credit(), start + 11 * 20);
  assert.equal((await current()).cycle_start_at, '2027-12-31T00:00:00.000Z');
  assert.equal((await current()).cycle_end_at, '2028-01-31T00:00:00.000Z');

  // A use that leaves 20.00 owed: four bundles of 6.00 for 5.00 bring the credits to 4.00, in one charge.
  const big = (await credit()) + 20;
  const meter = await lava.meters.create({ name: 'Calls', rate_type: 'fixed', tier_type: 'requests', tiers: [{ start: '0', rate: String(big) }] });
  await lava.subscriptions.updatePlan(plan.plan_id, { meter_ids: [meter.meter_id] });
  await lava.requests.create({ request_id: 'big-one', customer_id: 'clocked', meter_slug: meter.meter_slug });
  const topped = await server.until(async () => {
    const subscription = await current();
    return Number(subscription.credits.total_remaining) > 0 && subscription;
  }, 'the top-up that pays the debt');
  assert.equal(topped.credits.total_remaining, '4.00');

  await lava.subscriptions.cancel(topped.subscription_id);
  await advance('2028-03-01T00:00:00Z');
  const fallen = await current();
  assert.equal(fallen.plan.name, 'Free');
  assert.equal((await lava.subscriptions.list({ customer_id: 'clocked', status: 'cancelled' })).data[0]?.subscription_id, topped.subscription_id);

  const entries = [];
  for (let cursor = ''; ;) {
    const page = (await server.api('GET', `ledger?customer_id=clocked&limit=100${cursor && `&cursor=${cursor}`}`)).body;
    entries.push(...page.data);
    if (!page.has_more) break;
    cursor = page.next_cursor;
  }
  const sum = entries.flatMap(entry => entry.postings).filter(posting => posting.account === 'credits').reduce((total, posting) => total + Number(posting.amount), 0);
  assert.equal(sum.toFixed(6), Number(fallen.credits.total_remaining).toFixed(6));
  assert.equal(entries.filter(entry => entry.reason === 'card_charge' && entry.postings[1].account === 'subscription-fees').length, 12);
  assert.deepEqual(entries.filter(entry => entry.reason === 'card_charge' && entry.postings[1].account === 'bundle-sales').map(entry => entry.postings[1].amount), ['20.00']);
  const charge = entries.find(entry => entry.reason === 'usage_charge');
  assert.deepEqual(charge.requests, [{ request_id: 'big-one', amount: big.toFixed(2) }]);
  assert.deepEqual((await server.api('GET', 'requests/big-one')).body.ledger_entries, [charge.entry_id]);
  assert.equal((await server.api('GET', `ledger/${charge.entry_id}`)).body.sequence, charge.sequence);
  assert.equal(customer.test_clock_id, clock.test_clock_id);
});

test('webhooks: create, read, list, change, delete; events arrive signed', { skip: isOnWorker && 'their secrets are in a key vault, which the worker has on Azure alone' }, async () => {
  const received: { headers: IncomingMessage['headers']; body: string }[] = [];
  let refuse = true;
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      if (!refuse) received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(refuse ? 500 : 200).end();
    });
  });
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    const webhook = await lava.webhooks.create({ name: 'Mine', url });
    assert.match(webhook.webhook_secret, /^whs_/);
    assert.deepEqual(await lava.webhooks.retrieve(webhook.webhook_id), { webhook_id: webhook.webhook_id, name: 'Mine', url, created_at: webhook.created_at });
    assert.equal((await lava.webhooks.update(webhook.webhook_id, { name: 'Ours' })).name, 'Ours');
    assert.equal((await lava.webhooks.list()).data.length, 1);
    await lava.webhooks.create({ name: 'b', url: 'https://example.com/b' });
    await lava.webhooks.create({ name: 'c', url: 'https://example.com/c' });
    await assert.rejects(lava.webhooks.create({ name: 'd', url }), /webhook_limit_reached/);

    const customer = await lava.customers.create({ reference_id: 'hooked' });
    const failed = await server.until(async () => {
      const { body } = await server.api('GET', `webhooks/${webhook.webhook_id}/deliveries`);
      return body.data.find((delivery: any) => delivery.event === 'customer.created' && delivery.last_status_code === 500);
    }, 'a first attempt that is refused');
    assert.equal(failed.status, 'pending');
    refuse = false;
    assert.equal((await server.api('POST', `webhooks/${webhook.webhook_id}/deliveries/${failed.delivery_id}/redeliver`)).status, 200);
    const { headers, body } = await server.until(async () => received.find(one => one.body.includes('customer.created')), 'the event');
    assert.equal(headers['x-webhook-signature'], createHmac('sha256', webhook.webhook_secret).update(body).digest('hex'));
    const [, time, signature] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(String(headers['x-webhook-signature-v2']))!;
    assert.equal(signature, createHmac('sha256', webhook.webhook_secret).update(`${time}.${body}`).digest('hex'));
    const event = JSON.parse(body);
    assert.equal(event.event, 'customer.created');
    assert.equal(event.data.customer_id, customer.customer_id);
    assert.equal(event.data.customer.subscription.credits.total_remaining, '10.00');

    const rotated = (await server.api('POST', `webhooks/${webhook.webhook_id}/rotate`, { overlap_seconds: 3600 })).body;
    assert.match(rotated.webhook_secret, /^whs_/);
    assert.ok(Date.parse(rotated.previous_secret_expires_at) > Date.now());
    assert.equal((await server.api('GET', `webhooks/${webhook.webhook_id}`)).body.webhook_secret, undefined);

    await lava.customers.update('hooked', { name: 'Grace Hopper' });
    await lava.customers.delete('hooked');
    const updated = await server.until(async () => received.find(one => one.body.includes('customer.updated')), 'an event during the overlap');
    const signed = (secret: string) => createHmac('sha256', secret).update(`${updated.headers['x-webhook-timestamp']}.${updated.body}`).digest('hex');
    assert.equal(updated.headers['x-webhook-signature-v2'], `t=${updated.headers['x-webhook-timestamp']},v1=${signed(rotated.webhook_secret)},v1=${signed(webhook.webhook_secret)}`);
    for (const name of ['customer.updated', 'subscription.cancelled', 'customer.deleted'])
      assert.equal(JSON.parse((await server.until(async () => received.find(one => one.body.includes(name)), name)).body).data.contact.first_name, 'Grace');
    assert.deepEqual(await lava.webhooks.delete(webhook.webhook_id), { id: webhook.webhook_id, deleted: true });
    await assert.rejects(lava.webhooks.retrieve(webhook.webhook_id), /404/);
  } finally {
    receiver.close();
  }
});

test('spend keys: create, read, list, update, rotate, revoke; models are filtered', async () => {
  const made = await lava.spendKeys.create({
    name: 'Agent', request_shape: 'anthropic', allowed_models: ['gpt-4o-mini', 'anthropic/claude-haiku-4-5'], spend_limit: { amount: '50', cycle: 'weekly' },
    request_limit: { count: 1000, cycle: 'daily' }, rate_limit: { rpm: 60, burst: 5 },
  });
  assert.match(made.key, /^lava_sk_.{40,}$/);
  assert.equal(made.key_preview, `${made.key.slice(0, 16)}****`);
  assert.deepEqual(made.spend_limit, { amount: '50.00', cycle: 'weekly' });
  assert.equal(made.current_spend, '0.00');
  const { key, ...shown } = made;
  assert.deepEqual(await lava.spendKeys.retrieve(made.spend_key_id), shown);
  const models = await (await fetch(new URL('models', server.baseUrl), { headers: { authorization: `Bearer ${key}` } })).json();
  assert.ok(models.data.length >= 1 && models.data.every((model: any) => ['gpt-4o-mini', 'claude-haiku-4-5'].includes(model.id)));

  const changed = await lava.spendKeys.update(made.spend_key_id, { status: 'paused', spend_limit: null });
  assert.equal(changed.status, 'paused');
  assert.equal(changed.spend_limit, null);
  assert.deepEqual(changed.rate_limit, { rpm: 60, burst: 5 });
  const rotated = await lava.spendKeys.rotate(made.spend_key_id);
  assert.notEqual(rotated.key, made.key);
  assert.equal((await server.api('GET', 'models', undefined, made.key)).status, 401);
  assert.equal((await server.api('GET', 'models', undefined, rotated.key)).status, 200);
  assert.equal((await server.api('GET', 'customers', undefined, rotated.key)).status, 401);
  assert.equal((await lava.spendKeys.list()).data.length, 1);
  assert.deepEqual(await lava.spendKeys.revoke(made.spend_key_id), { success: true });
  assert.equal((await server.api('GET', 'models', undefined, rotated.key)).status, 401);
  await assert.rejects(lava.spendKeys.retrieve(made.spend_key_id), /404/);
});

test('the wallet is funded by card; a decline and an authentication are told', async () => {
  const methods = (await server.api('GET', 'payment_methods')).body.data;
  const card = (error: string | null, last4: string) => methods.find((method: any) => method.last4 === last4 && method.error_code === error)!.payment_method_id;
  const balance = async () => Number((await server.api('GET', 'wallet')).body.balance);
  const before = await balance();
  const paid = (await server.api('POST', 'wallet/fund', { payment_method_id: card(null, '4242'), amount: '25.50' })).body;
  assert.equal(paid.status, 'completed');
  assert.equal(Number(paid.balance), before + 25.5);

  const declined = await server.api('POST', 'wallet/fund', { payment_method_id: card(null, '0002'), amount: '10' });
  assert.equal(declined.status, 402);
  assert.equal(declined.body.error.code, 'payment_declined');
  assert.equal((await server.api('GET', 'payment_methods')).body.data.find((method: any) => method.last4 === '0002').error_code, 'generic_decline');

  const waiting = (await server.api('POST', 'wallet/fund', { payment_method_id: card(null, '3184'), amount: '10' })).body;
  assert.equal(waiting.status, 'requires_action');
  assert.equal(await balance(), before + 25.5);
  assert.equal((await fetch(waiting.redirect_url.slice(0, -1) + 'x')).status, 404);
  assert.match(await (await fetch(waiting.redirect_url)).text(), /10\.00 USD/);
  assert.match(await (await fetch(waiting.redirect_url, { method: 'POST', body: new URLSearchParams({ result: 'complete' }) })).text(), /is complete/);
  assert.equal(await balance(), before + 35.5);
  for (const amount of ['9.99', '10000.01', '10.001', 'x']) assert.equal((await server.api('POST', 'wallet/fund', { payment_method_id: card(null, '4242'), amount })).status, 400);
  assert.equal((await server.api('POST', 'wallet/fund', { payment_method_id: 'pm_x', amount: '10' })).status, 404);
});

test('a meter that is not on the plan is refused; credits that are used up are too', async () => {
  const [on, off] = await Promise.all(['on', 'off'].map(name => lava.meters.create({ name, rate_type: 'fixed', tier_type: 'requests', tiers: [{ start: '0', rate: '1' }] })));
  const plan = await lava.subscriptions.createPlan({ name: 'Two calls', period_amount: '0', included_credit: '2', billing_interval: 'day', meter_ids: [on!.meter_id] });
  await lava.customers.create({ reference_id: 'limited' });
  await lava.subscriptions.create({ customer_id: 'limited', plan_id: plan.plan_id });
  const call = (meter_slug: string) => lava.gateway(openai, { body: chat('hi'), customer_id: 'limited', meter_slug });
  await assert.rejects(call(off!.meter_slug), /403.*meter_not_on_plan|meter_not_on_plan/);
  await call(on!.meter_slug);
  await call(on!.meter_slug);
  await assert.rejects(call(on!.meter_slug), /402|insufficient/);
  const reported = await lava.requests.create({ request_id: 'off-plan', customer_id: 'limited', meter_slug: off!.meter_slug });
  assert.equal(reported.charge.amount, '1.0000000000');
  const left = async () => (await lava.customers.getSubscription('limited')).subscription?.credits.total_remaining;
  await server.until(async () => await left() === '0.00', 'both calls to be charged');
  await server.request('off-plan');
  assert.equal(await left(), '0.00');
});

test('what-if pricing: the recorded usage under another meter', async () => {
  const meter = await lava.meters.create({ name: 'what-if', rate_type: 'fixed', tier_type: 'tokens_1m', tiers: [{ start: '0', rate: '2' }] });
  await lava.customers.create({ reference_id: 'what-if' });
  for (let i = 0; i < 3; i++) await lava.requests.create({ request_id: `what-if-${i}`, customer_id: 'what-if', meter_slug: meter.meter_slug, input_tokens: 500_000 });
  const start = new Date(Date.now() - 3_600_000).toISOString();
  const simulate = async (rate: string) => (await server.api('POST', 'meters/simulate', {
    meter_id: meter.meter_id, start, meter: { rate_type: 'fixed', tier_type: 'tokens_1m', tiers: [{ start: '0', rate }, { start: '1000000', rate: '1' }] },
  })).body;
  const result = await server.until(async () => {
    const body = await simulate('4');
    return body.actual?.total_requests === 3 && body;
  }, 'the requests');
  assert.equal(result.actual.total_charge, '3.0000000000');
  assert.equal(result.simulated.total_charge, '4.5000000000');
  assert.equal(result.customers.length, 1);
});

test('fallbacks of the account: set, read, cleared; what is not in the catalogue is refused', async () => {
  assert.deepEqual((await server.api('GET', 'account/fallback')).body, { fallbacks: null });
  const chain = [{ url: 'api.openai.com/v1/chat/completions', model: 'gpt-4o-mini', provider: 'openai' }];
  assert.deepEqual((await server.api('PATCH', 'account/fallback', { fallbacks: ['openai/gpt-4o-mini'] })).body, { fallbacks: chain });
  assert.deepEqual((await server.api('PATCH', 'account/fallback', { fallbacks: [{ url: 'api.openai.com/v1/chat/completions', model: 'gpt-4o-mini' }] })).body, { fallbacks: chain });
  assert.deepEqual((await server.api('GET', 'account/fallback')).body, { fallbacks: chain });
  for (const fallbacks of [[], ['nobody/x'], ['openai/unheard-of'], Array(6).fill('openai/gpt-4o-mini'), 'x', [7]])
    assert.equal((await server.api('PATCH', 'account/fallback', { fallbacks })).status, 400, JSON.stringify(fallbacks));
  assert.deepEqual((await server.api('PATCH', 'account/fallback', { fallbacks: null })).body, { fallbacks: null });
});

test('the books are clean', async () => {
  const audit = await server.audit();
  assert.equal(audit.code, 0, audit.output);
});
