// The providers' own clients through /v1/forward, and what each format reports.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { toFile } from 'openai';
import { Server } from './lib/server.mjs';

let server, openai, anthropic;
before(async () => {
  server = await Server.start();
  openai = new OpenAI({ apiKey: server.secret_key, baseURL: `${server.baseUrl}forward/https://api.openai.com/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: server.secret_key, baseURL: `${server.baseUrl}forward/https://api.anthropic.com`, maxRetries: 0 });
});
after(() => server.stop());

const user = content => [{ role: 'user', content }];
const recorded = async promise => server.request((await promise.asResponse()).headers.get('x-lava-request-id'));

test('openai: a chat completion', async () => {
  const completion = await openai.chat.completions.create({ model: 'gpt-4o', messages: user('[sandbox: input_tokens=50; output_tokens=7; cached_tokens=20]') });
  assert.equal(completion.usage.prompt_tokens_details.cached_tokens, 20);
  assert.ok(completion.choices[0].message.content.length > 0);
});

test('openai: a stream, with and without usage asked for', async () => {
  let text = '', last;
  for await (const chunk of await openai.chat.completions.create({ model: 'gpt-4o', messages: user('[sandbox: output_tokens=5]'), stream: true })) {
    text += chunk.choices[0]?.delta?.content ?? '';
    assert.equal(chunk.choices.length, 1);
  }
  assert.equal(text.split(' ').length, 5);
  for await (const chunk of await openai.chat.completions.create({ model: 'gpt-4o', messages: user('[sandbox: output_tokens=5]'), stream: true, stream_options: { include_usage: true } })) last = chunk;
  assert.equal(last.usage.completion_tokens, 5);
});

test('openai: a stream cut into small pieces with CRLF line ends is metered the same', async () => {
  const stream = openai.chat.completions.create({ model: 'gpt-4o', messages: user('[sandbox: input_tokens=11; output_tokens=5; chunk_bytes=7; crlf]'), stream: true });
  const response = await stream.asResponse();
  await response.text();
  const request = await server.request(response.headers.get('x-lava-request-id'));
  assert.deepEqual([request.model_usage.input_tokens, request.model_usage.output_tokens], [11, 5]);
});

test('openai: responses, plain and streamed', async () => {
  const response = await openai.responses.create({ model: 'gpt-4.1', input: 'Hi [sandbox: output_tokens=6]' });
  assert.equal(response.usage.output_tokens, 6);
  assert.ok(response.output_text.length > 0);
  let done;
  for await (const event of await openai.responses.create({ model: 'gpt-4.1', input: 'Hi [sandbox: output_tokens=6]', stream: true })) done = event;
  assert.equal(done.type, 'response.completed');
});

test('openai: embeddings, images, speech, transcription, each in its unit', async () => {
  const embeddings = await openai.embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b'], dimensions: 8 });
  assert.equal(embeddings.data.length, 2);
  assert.equal(embeddings.data[0].embedding.length, 8);
  const images = await openai.images.generate({ model: 'dall-e-2', prompt: 'a cat', n: 2 });
  assert.equal(images.data.length, 2);

  const speech = await openai.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Hello, wörld! 👋' });
  const spoken = await server.request(speech.headers.get('x-lava-request-id'));
  assert.equal(spoken.model_usage.input_characters, 15);
  assert.equal(spoken.cost, (15 * 15 / 1e6).toFixed(10));
  const wav = Buffer.from(await speech.arrayBuffer());

  const file = await toFile(wav, 'clip.wav');
  const request = await recorded(openai.audio.transcriptions.create({ model: 'whisper-1', file, prompt: '[sandbox: seconds=90]' }));
  assert.equal(request.model_usage.input_seconds, 90);
  assert.equal(request.cost, (1.5 * 0.006).toFixed(10));
  const plain = await recorded(openai.audio.transcriptions.create({ model: 'whisper-1', file, response_format: 'text' }));
  assert.equal(plain.model_usage.input_seconds, 0.1, 'told by the header of the upload, since a text tells nothing');
});

test('anthropic: a message with cache counters', async () => {
  const message = await anthropic.messages.create({ model: 'claude-sonnet-4-6', max_tokens: 100, messages: user('[sandbox: input_tokens=1000; cached_tokens=600; cache_write_tokens=300; cache_write_1h_tokens=100; output_tokens=10]') });
  assert.deepEqual([message.usage.input_tokens, message.usage.cache_read_input_tokens, message.usage.cache_creation_input_tokens], [100, 600, 300]);
  const { body } = await server.until(async () => {
    const list = await server.api('GET', 'requests?limit=1');
    return list.body.data[0]?.model === 'claude-sonnet-4-6' ? list : undefined;
  });
  const expected = (100 * 3 + 600 * 0.3 + 200 * 3.75 + 100 * 6 + 10 * 15) / 1e6;
  assert.equal(body.data[0].cost, expected.toFixed(10));
  assert.equal(body.data[0].model_usage.input_tokens, 1000);
});

test('anthropic: a stream, and tools', async () => {
  const stream = anthropic.messages.stream({ model: 'claude-haiku-4-5', max_tokens: 100, messages: user('[sandbox: output_tokens=6]') });
  const final = await stream.finalMessage();
  assert.equal(final.usage.output_tokens, 6);
  assert.equal(final.content[0].text.split(' ').length, 6);
  const tools = [{ name: 'weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } }];
  const called = await anthropic.messages.create({ model: 'claude-haiku-4-5', max_tokens: 100, tools, messages: user('[sandbox: tool]') });
  assert.equal(called.content[0].name, 'weather');
  assert.equal((await anthropic.messages.countTokens({ model: 'claude-haiku-4-5', messages: user('[sandbox: input_tokens=44]') })).input_tokens, 44);
});

for (const [what, target, body, input, output] of [
  ['gemini', 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent', text => ({ contents: [{ parts: [{ text }] }] }), 40, 9],
  ['gemini sse', 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse', text => ({ contents: [{ parts: [{ text }] }] }), 40, 9],
  ['gemini array', 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent', text => ({ contents: [{ parts: [{ text }] }] }), 40, 9],
  ['converse', 'https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse', text => ({ messages: [{ role: 'user', content: [{ text }] }] }), 40, 9],
  ['converse stream', 'https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse-stream', text => ({ messages: [{ role: 'user', content: [{ text }] }] }), 40, 9],
]) {
  test(`${what}: usage is read, reasoning is output, cached is part of input`, async () => {
    const response = await server.forward(target, body(`[sandbox: input_tokens=${input}; output_tokens=${output}; cached_tokens=10; reasoning_tokens=4]`));
    assert.equal(response.status, 200, await response.clone().text());
    await response.arrayBuffer();
    const request = await server.request(response.headers.get('x-lava-request-id'));
    assert.deepEqual([request.model_usage.input_tokens, request.model_usage.output_tokens], [input, output]);
  });
}

test('a compressed answer passes as it is and is metered', async () => {
  const response = await server.forward('https://api.openai.com/v1/chat/completions', { model: 'gpt-4o', messages: user('[sandbox: gzip; input_tokens=12; output_tokens=3]') });
  assert.equal(response.headers.get('content-encoding'), 'gzip');
  assert.equal((await response.json()).usage.prompt_tokens, 12);
  assert.equal((await server.request(response.headers.get('x-lava-request-id'))).model_usage.input_tokens, 12);
});
