// The product's server. The secret key stays here: browsers get text, a checkout's token and a portal's link.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Lava } from '@lavapayments/nodejs';
import { buildSync } from 'esbuild';
import { meterSlug, prepare } from './product.mjs';
import { Users } from './users.mjs';

const here = path => fileURLToPath(new URL(path, import.meta.url));
const baseUrl = process.env.LAVA_URL ?? 'http://127.0.0.1:7071/v1/';
const secretKey = process.env.LAVA_SECRET_KEY ?? JSON.parse(readFileSync(here('../../.lava/credentials.json'), 'utf8')).secret_key;
const model = process.env.CHAT_MODEL ?? 'gpt-4o-mini';
const lava = new Lava(secretKey, { baseUrl });
const users = new Users(process.env.CHAT_DATA ?? here('.data'));
const plan = await prepare(lava);

const { outputFiles: [script] } = buildSync({
  entryPoints: [here('page.jsx')], bundle: true, write: false, format: 'iife', minify: true, jsx: 'automatic', define: { 'process.env.NODE_ENV': '"production"' },
});
const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Chat</title><link rel="stylesheet" href="/style.css"><div id="root"></div><script src="/page.js"></script></html>`;
const files = {
  '/': ['text/html', html],
  '/page.js': ['text/javascript', script.text],
  '/style.css': ['text/css', readFileSync(here('style.css'), 'utf8')],
};

// What the product says no to.
class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const routes = {
  'POST /api/sign-up': async ({ body, response }) => {
    const email = `${body.email}`.trim().toLowerCase();
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) throw new Refusal(400, 'Enter an e-mail address.');
    if (`${body.password}`.length < 8) throw new Refusal(400, 'A password has at least 8 characters.');
    const user = await users.signUp(email, `${body.password}`, one => lava.customers.create({ reference_id: one.id, email }));
    if (!user) throw new Refusal(409, 'This address has an account already. Sign in.');
    return enter(response, user);
  },
  'POST /api/sign-in': async ({ body, response }) => {
    const user = await users.signIn(`${body.email}`.trim().toLowerCase(), `${body.password}`);
    if (!user) throw new Refusal(401, 'The address or the password is wrong.');
    return enter(response, user);
  },
  'POST /api/sign-out': ({ request, response }) => {
    users.close(cookieOf(request));
    response.setHeader('set-cookie', 'chat_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax');
    return {};
  },
  'GET /api/account': ({ user }) => account(user),

  // The checkout SDK in the page opens the token.
  'POST /api/checkout': async ({ user }) => {
    const session = await lava.checkoutSessions.create({ checkout_mode: 'subscription', plan_id: plan.plan_id, customer_id: user.id, origin_url: origin });
    return { token: session.checkout_session_token };
  },

  // The link works once, so it is made when it is wanted.
  'POST /api/portal': async ({ user }) =>
    ({ url: (await lava.request('POST', 'portal_sessions', { data: { customer_id: user.id, return_url: origin } })).url }),

  'POST /api/chat': async ({ user, body, response }) => {
    const messages = Array.isArray(body.messages) ? body.messages.slice(-20).map(one => ({ role: one.role === 'assistant' ? 'assistant' : 'user', content: `${one.content}` })) : [];
    if (messages.length === 0) throw new Refusal(400, 'Write something.');
    const left = new AbortController();
    response.on('close', () => left.abort());
    const answer = await fetch(`${lava.providers.openai}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${lava.generateForwardToken({ customer_id: user.id, meter_slug: meterSlug })}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages, stream: true }),
      signal: left.signal,
    });
    if (answer.status === 402) throw new Refusal(402, 'Your credits are used up.');
    if (!answer.ok) throw new Refusal(502, 'The model did not answer. Try again.');
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
    for await (const text of textOf(answer.body)) response.write(text);
    response.end();
  },
};

// The pieces of text in a stream of events.
async function* textOf(stream) {
  let rest = '';
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (!line.startsWith('data: ') || line.startsWith('data: [DONE]')) continue;
      const text = JSON.parse(line.slice(6)).choices?.[0]?.delta?.content;
      if (text) yield text;
    }
  }
}

// Waits until the messages that have ended are charged.
async function account(user) {
  const { subscription } = await lava.request('GET', `customers/${user.id}/subscription`, { query: { settled: 'true' } });
  return {
    email: user.email,
    plan: subscription.plan.name,
    isPaid: subscription.plan_id === plan.plan_id,
    offer: { name: plan.name, price: plan.period_amount, credit: plan.included_credit },
    credits: subscription.credits.total_remaining,
  };
}

function enter(response, user) {
  response.setHeader('set-cookie', `chat_session=${users.open(user)}; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax`);
  return account(user);
}

const cookieOf = request => /(?:^|; )chat_session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];

// JSON alone: a form of another site cannot send it.
async function read(request) {
  if (request.method === 'GET') return {};
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) throw new Refusal(415, 'Send JSON.');
  let text = '';
  for await (const part of request.setEncoding('utf8')) if ((text += part).length > 100_000) throw new Refusal(413, 'This is too long.');
  try {
    return JSON.parse(text) ?? {};
  } catch {
    throw new Refusal(400, 'This is no JSON.');
  }
}

const server = createServer(async (request, response) => {
  const path = request.url.split('?')[0];
  if (request.method === 'GET' && files[path]) {
    const [type, content] = files[path];
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' }).end(content);
    return;
  }

  try {
    const handle = routes[`${request.method} ${path}`];
    if (!handle) throw new Refusal(404, 'There is nothing here.');
    const user = users.of(cookieOf(request));
    if (!user && !path.startsWith('/api/sign-')) throw new Refusal(401, 'Sign in first.');
    const answer = await handle({ request, response, user, body: await read(request) });
    if (answer) response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(answer));
  } catch (fault) {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }

    if (!(fault instanceof Refusal)) console.error(fault);
    const { status, message } = fault instanceof Refusal ? fault : { status: 502, message: 'Something went wrong. Try again.' };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: message }));
  }
});

await new Promise(resolve => server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}/`;
console.log(`The chat is at ${origin}`);
