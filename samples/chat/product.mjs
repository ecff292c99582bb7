// What the product sells, made in Lava when it starts for the first time: a meter of one cent a message, and a plan.
export const meterSlug = 'sample-chat';
const planName = 'Chat Plus';

export async function prepare(lava) {
  const meters = await all(lava, 'meters');
  const meter = meters.find(one => one.meter_slug === meterSlug) ?? await lava.meters.create({
    name: 'Chat messages', meter_slug: meterSlug, rate_type: 'fixed', tier_type: 'requests', tiers: [{ start: '0', rate: '0.01' }],
  });
  const plans = await all(lava, 'plans');
  return plans.find(one => one.name === planName) ?? lava.subscriptions.createPlan({
    name: planName, period_amount: '10', billing_interval: 'month', included_credit: '12', rollover_type: 'full', meter_ids: [meter.meter_id],
    credit_bundles: [{ name: '500 messages', cost: '5', credit_amount: '5' }],
  });
}

async function all(lava, path) {
  const found = [];
  for (let cursor; ;) {
    const page = await lava.request('GET', path, { query: { limit: '100', ...(cursor && { cursor }) } });
    found.push(...page.data);
    if (!page.has_more) return found;
    cursor = page.next_cursor;
  }
}
