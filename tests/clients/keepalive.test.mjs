// Comments in silent streams: the providers' own clients pass over them, and what a call uses is the same.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { Server, chat, openai as openaiUrl } from './lib/server.mjs';

let server, openai, anthropic;
before(async () => {
  server = await Server.start({ Lava__Gateway__KeepAliveSeconds: '1' });
  openai = new OpenAI({ apiKey: server.secret_key, baseURL: `${server.baseUrl}forward/https://api.openai.com/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: server.secret_key, baseURL: `${server.baseUrl}forward/https://api.anthropic.com`, maxRetries: 0 });
});
after(() => server.stop());

const slow = '[sandbox: input_tokens=11; output_tokens=1; chunk_delay_ms=1250]';
const stream = (ask, headers = {}) => fetch(`${server.baseUrl}forward?u=${encodeURIComponent(openaiUrl)}`, { method: 'POST', headers: { authorization: `Bearer ${server.secret_key}`, 'content-type': 'application/json', ...headers }, body: JSON.stringify(chat(ask, { stream: true })) });

test('a slow stream has comments between its events, and is metered the same', async () => {
  const response = await stream(slow);
  const text = await response.text();
  const blocks = text.split('\n\n').filter(Boolean);
  const comments = blocks.filter(block => block === ': keep-alive');
  assert.ok(comments.length >= 1, text);
  for (const block of blocks) assert.match(block, /^(data: (\{.*\}|\[DONE\])|: keep-alive)$/);
  assert.equal(blocks.at(-1), 'data: [DONE]');
  assert.notEqual(blocks[0], ': keep-alive');
  const { model_usage: usage, status } = await server.request(response.headers.get('x-lava-request-id'));
  assert.deepEqual([status, usage.input_tokens, usage.output_tokens], ['completed', 11, 1]);
});

test('openai: the client parses on', async () => {
  let text = '', last;
  for await (const chunk of await openai.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: slow }], stream: true, stream_options: { include_usage: true } })) {
    text += chunk.choices[0]?.delta?.content ?? '';
    last = chunk;
  }
  assert.equal(text.split(' ').length, 1);
  assert.equal(last.usage.completion_tokens, 1);
});

test('anthropic: the client parses on', async () => {
  const message = await anthropic.messages.stream({ model: 'claude-haiku-4-5', max_tokens: 100, messages: [{ role: 'user', content: slow }] }).finalMessage();
  assert.equal(message.usage.output_tokens, 1);
  assert.equal(message.stop_reason, 'end_turn');
});

test('a compressed stream stays as its provider sent it', async () => {
  const response = await stream('[sandbox: output_tokens=1; chunk_delay_ms=1250; gzip]');
  assert.doesNotMatch(await response.text(), /keep-alive/);
});
