// OpenAI's and Anthropic's clients with files and batches, against a stand-in that keeps them as the providers do: results come when a batch is asked for twice.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { toFile } from 'openai';
import { Server, token } from './lib/server.mjs';

const lines = text => text.split('\n').filter(Boolean).map(line => JSON.parse(line));
const seen = [];
let server, cloud, own, files = new Map(), batches = new Map();

// What the providers document: platform.openai.com/docs/api-reference/batch, platform.claude.com/docs/en/api/creating-message-batches.
const routes = {
  'POST /v1/files': ({ body, headers }) => {
    const boundary = /boundary=(.*)$/.exec(headers['content-type'])[1].replaceAll('"', '');
    const part = body.split(`--${boundary}`).find(text => text.includes('filename='));
    return keep(files, { id: `file-${files.size + 1}`, object: 'file', purpose: 'batch', content: part.slice(part.indexOf('\r\n\r\n') + 4, -2) });
  },
  'GET /v1/files/:id': ({ id }) => files.get(id),
  'GET /v1/files/:id/content': ({ id }) => files.get(id)?.content,
  'POST /v1/batches': ({ json }) => keep(batches, { id: `batch_${batches.size + 1}`, object: 'batch', status: 'in_progress', ...json }),
  'GET /v1/batches/:id': ({ id }) => {
    const batch = batches.get(id);
    if (batch.status === 'completed') return batch;
    const answers = lines(files.get(batch.input_file_id).content).map(({ custom_id, body }, i) => ({
      id: `batch_req_${id}_${i}`, custom_id, error: null, response: { status_code: 200, request_id: 'r', body: {
        id: `chatcmpl-${id}-${i}`, object: 'chat.completion', model: body.model, choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 } } } }));
    const output = keep(files, { id: `file-out-${id}`, object: 'file', purpose: 'batch_output', content: answers.map(answer => JSON.stringify(answer)).join('\n') + '\n' });
    return Object.assign(batch, { status: 'completed', output_file_id: output.id });
  },
  'POST /v1/messages/batches': ({ json }) => keep(batches, { id: `msgbatch_${batches.size + 1}`, type: 'message_batch', processing_status: 'in_progress', results_url: null, requests: json.requests }),
  'GET /v1/messages/batches/:id': ({ id }) => Object.assign(batches.get(id), { processing_status: 'ended', results_url: `https://api.anthropic.com/v1/messages/batches/${id}/results` }),
  'GET /v1/messages/batches/:id/results': ({ id }) => batches.get(id).requests.map(({ custom_id, params }, i) => JSON.stringify({ custom_id, result: i === 2 ? { type: 'expired' } : { type: 'succeeded', message: {
    id: `msg_${i}`, type: 'message', role: 'assistant', model: params.model, content: [{ type: 'text', text: 'Hi' }], stop_reason: 'end_turn',
    usage: { input_tokens: 1000, output_tokens: 500, service_tier: 'batch' } } } })).join('\n'),
};

function keep(map, item) {
  map.set(item.id, item);
  return item;
}

before(async () => {
  cloud = createServer((request, response) => {
    const pieces = [];
    request.on('data', piece => pieces.push(piece)).on('end', () => {
      const body = Buffer.concat(pieces).toString();
      seen.push(`${request.method} ${request.url} ${request.headers.authorization ?? request.headers['x-api-key']}`);
      const path = new URL(request.url, 'http://x').pathname;
      const id = /(file-|batch_|msgbatch_)[^/]+/.exec(path)?.[0];
      const route = routes[`${request.method} ${id ? path.replace(id, ':id') : path}`];
      const answer = route?.({ id, body, headers: request.headers, json: request.headers['content-type'] === 'application/json' ? JSON.parse(body) : null });
      if (answer === undefined) response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"No such thing","type":"invalid_request_error"}}');
      else if (typeof answer === 'string') response.writeHead(200, { 'content-type': 'application/x-jsonl' }).end(answer);
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise(resolve => cloud.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${cloud.address().port}`;
  server = await Server.start({ Lava__Upstreams__openai: address, Lava__Upstreams__anthropic: address });
  own = token({ secret_key: server.secret_key, provider_key: 'sk-own' });
});
after(async () => {
  cloud.close();
  await server.stop();
});

const metered = async model => {
  for (let tries = 0; tries < 200; tries++) {
    const { data } = (await server.api('GET', 'requests?limit=100')).body;
    const found = data.filter(request => request.model === model);
    if (found.length >= 2) return found;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  assert.fail('the answers were not metered');
};

test('OpenAI: upload, batch, wait, download; each answer is a request at half the price, once', async () => {
  const openai = new OpenAI({ apiKey: own, baseURL: new URL('/v1/forward/api.openai.com/v1', server.baseUrl).href, maxRetries: 0 });
  const input = ['a', 'b'].map(custom_id => JSON.stringify({ custom_id, method: 'POST', url: '/v1/chat/completions', body: { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] } })).join('\n');
  const file = await openai.files.create({ file: await toFile(Buffer.from(input), 'input.jsonl'), purpose: 'batch' });
  assert.equal(files.get(file.id).content, input);
  let batch = await openai.batches.create({ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' });
  assert.equal(batch.status, 'in_progress');
  batch = await openai.batches.retrieve(batch.id);
  for (let i = 0; i < 3; i++) {
    const text = await (await openai.files.content(batch.output_file_id)).text();
    assert.deepEqual(lines(text).map(line => [line.custom_id, line.response.body.choices[0].message.content]), [['a', 'Hi'], ['b', 'Hi']]);
  }
  assert.deepEqual((await metered('gpt-4o-mini')).map(request => request.cost), Array(2).fill(((1000 * 0.15 + 500 * 0.6) / 2 / 1e6).toFixed(10)));
  await assert.rejects(openai.files.content('file-none'), error => error instanceof OpenAI.NotFoundError && /No such thing/.test(error.message));
});

test('Anthropic: a batch, and its results by the link that the client follows, which leads through Lava', async () => {
  const anthropic = new Anthropic({ apiKey: own, baseURL: new URL('/v1/forward/api.anthropic.com', server.baseUrl).href, maxRetries: 0 });
  const { id } = await anthropic.messages.batches.create({ requests: ['a', 'b', 'late'].map(custom_id => ({ custom_id, params: { model: 'claude-opus-4-8', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] } })) });
  for (let i = 0; i < 2; i++) {
    const results = [];
    for await (const result of await anthropic.messages.batches.results(id)) results.push([result.custom_id, result.result.type]);
    assert.deepEqual(results, [['a', 'succeeded'], ['b', 'succeeded'], ['late', 'expired']]);
  }
  assert.deepEqual((await metered('claude-opus-4-8')).map(request => request.cost), Array(2).fill(((1000 * 5 + 500 * 25) / 2 / 1e6).toFixed(10)));
  assert.ok(seen.every(call => call.endsWith('sk-own')), 'the Lava key goes to nobody');
});
