// The operator's keys, kept by the command line, taken in turn, signed for Amazon, and those that a merchant stores; against a stand-in for the providers' clouds.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { Server, app, isOnAzurite } from './lib/server.mjs';

let server, cloud, asked = [], answerNext;
const completion = { id: 'c', object: 'chat.completion', created: 1, model: 'gpt-4o-mini', choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }], usage: { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 } };
const converse = { output: { message: { role: 'assistant', content: [{ text: 'Hi' }] } }, stopReason: 'end_turn', usage: { inputTokens: 5, outputTokens: 1, totalTokens: 6 }, metrics: { latencyMs: 1 } };

function provider(...args) {
  return new Promise(resolve => {
    const { input = '' } = typeof args.at(-1) === 'object' ? args.pop() : {};
    const child = execFile('dotnet', [app, 'provider', ...args, '--data', server.data], (error, stdout, stderr) => resolve({ code: error?.code ?? 0, output: stdout + stderr }));
    child.stdin.end(input);
  });
}

// On Azure the keys are in Key Vault, which is not to be had here; the command line is the local head's.
const skip = isOnAzurite;
before(async () => {
  if (skip) return;
  cloud = createServer((request, response) => {
    let body = '';
    request.on('data', piece => (body += piece)).on('end', () => {
      asked.push({ url: request.url, headers: request.headers, body });
      const [status, answer] = answerNext?.(request) ?? [200, request.url.startsWith('/model/') ? converse : completion];
      response.writeHead(status, { 'content-type': 'application/json', ...(status === 429 ? { 'retry-after': '30' } : {}) }).end(JSON.stringify(answer));
    });
  });
  await new Promise(resolve => cloud.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${cloud.address().port}`;
  server = new Server({ Lava__Upstreams__openai: address, Lava__Upstreams__bedrock: address, Lava__Gateway__CircuitSeconds: '0' });
  assert.equal((await provider('set', 'openai', { input: 'sk-first\nsk-second\n' })).code, 0);
  assert.equal((await provider('set', 'bedrock', { input: 'AKIDEXAMPLE00000:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' })).code, 0);
  await server.start();
});
after(async () => {
  if (skip) return;
  cloud.close();
  await server.stop();
});

const ask = model => new OpenAI({ apiKey: server.secret_key, baseURL: server.baseUrl, maxRetries: 0 }).chat.completions.create({ model, messages: [{ role: 'user', content: 'Hi' }] });

test('keys are kept encrypted, listed by provider alone, and refused where there is no such provider', { skip }, async () => {
  const listed = await provider('list');
  assert.deepEqual(listed.output.trim().split('\n'), ['bedrock', 'openai']);
  assert.equal((await provider('set', 'nobody', { input: 'x' })).code, 2);
  assert.equal((await provider('set', 'openai', { input: ' \n' })).code, 2);
  assert.equal((await provider()).code, 2);
});

test('keys take turns, and one that is slowed down is followed by the other at once', { skip }, async () => {
  asked = [];
  await ask('gpt-4o-mini');
  await ask('gpt-4o-mini');
  assert.deepEqual(asked.map(call => call.headers.authorization).sort(), ['Bearer sk-first', 'Bearer sk-second']);

  asked = [];
  answerNext = request => request.headers.authorization === 'Bearer sk-first' ? [429, { error: { message: 'slow down' } }] : undefined;
  for (let i = 0; i < 4; i++) assert.equal((await ask('gpt-4o-mini')).choices[0].message.content, 'Hi');
  assert.equal(asked.filter(call => call.headers.authorization === 'Bearer sk-first').length, 1);
  answerNext = () => [429, { error: { message: 'slow down' } }];
  await assert.rejects(ask('gpt-4o-mini'), error => error.status === 429);
  answerNext = undefined;
});

test('a call to Bedrock is translated and signed', { skip }, async () => {
  asked = [];
  const answer = await ask('bedrock/anthropic.claude-sonnet-4-6');
  assert.equal(answer.choices[0].message.content, 'Hi');
  const [call] = asked;
  assert.equal(call.url, '/model/anthropic.claude-sonnet-4-6/converse');
  assert.match(call.headers.authorization, /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE00000\/\d{8}\/us-east-1\/bedrock\/aws4_request, SignedHeaders=host;x-amz-date, Signature=[0-9a-f]{64}$/);
  assert.match(call.headers['x-amz-date'], /^\d{8}T\d{6}Z$/);
  assert.deepEqual(JSON.parse(call.body).messages, [{ role: 'user', content: [{ text: 'Hi' }] }]);
});

test('an answer that is none in its format is a 502, and nothing is charged', { skip }, async () => {
  answerNext = () => [200, { output: {}, usage: { inputTokens: 5, outputTokens: 1, totalTokens: 6 }, stopReason: 'end_turn' }];
  const failure = await ask('bedrock/anthropic.claude-sonnet-4-6').then(() => null, error => error);
  answerNext = undefined;
  assert.deepEqual([failure.status, failure.code], [502, 'provider_answer_invalid']);
  const request = await server.request(failure.headers.get('x-lava-request-id'), 'error');
  assert.deepEqual([request.error_code, request.ledger_entries], ['provider_error', []]);
  assert.equal((await server.audit()).code, 0);
});

test('a merchant\'s stored keys come before the operator\'s, and the wallet pays nothing', { skip }, async () => {
  const keys = ['sk-stored-by-the-merchant-1', 'sk-stored-by-the-merchant-2'];
  const set = await server.api('PUT', 'provider_keys/openai', { keys });
  assert.deepEqual([set.status, set.body.provider, set.body.key_previews], [200, 'openai', ['nt-1', 'nt-2']]);
  const listed = await server.api('GET', 'provider_keys');
  assert.deepEqual(listed.body, { data: [set.body], has_more: false });
  assert.ok(!/sk-stored/.test(JSON.stringify([set.body, listed.body])));

  const { balance } = (await server.api('GET', 'wallet')).body;
  asked = [];
  answerNext = request => request.headers.authorization === `Bearer ${keys[0]}` ? [429, { error: { message: 'slow down' } }] : undefined;
  const client = new OpenAI({ apiKey: server.secret_key, baseURL: server.baseUrl, maxRetries: 0 });
  for (let i = 0; i < 3; i++) {
    const { response } = await client.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] }).withResponse();
    const request = await server.request(response.headers.get('x-lava-request-id'));
    assert.deepEqual([request.provider_key_type, request.ledger_entries], ['stored', []]);
  }
  assert.deepEqual([...new Set(asked.map(call => call.headers.authorization))].sort(), keys.map(key => `Bearer ${key}`));
  assert.equal(asked.filter(call => call.headers.authorization === `Bearer ${keys[0]}`).length, 1);
  assert.equal((await server.api('GET', 'wallet')).body.balance, balance);

  answerNext = () => [401, { error: { message: 'No such key', code: 'invalid_api_key' } }];
  await assert.rejects(ask('gpt-4o-mini'), error => error instanceof OpenAI.AuthenticationError && error.code === 'invalid_api_key');
  answerNext = undefined;
  assert.deepEqual((await server.api('DELETE', 'provider_keys/openai')).body, { id: 'openai', deleted: true });
  asked = [];
  await ask('gpt-4o-mini');
  assert.match(asked[0].headers.authorization, /^Bearer sk-(first|second)$/);
  assert.equal((await server.audit()).code, 0);
});
