// One key, any client, any model: the providers' own clients, each in its own format, onto every other provider's format.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { GoogleGenAI } from '@google/genai';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, jsonSchema, streamText, tool } from 'ai';
import { Server } from './lib/server.mjs';

const upstream = {
  openai: 'api.openai.com/v1/chat/completions',
  responses: 'api.openai.com/v1/responses',
  anthropic: 'api.anthropic.com/v1/messages',
  google: 'generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent',
  bedrock: 'bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-sonnet-4-6/converse',
};
const model = { openai: 'gpt-4o-mini', responses: 'gpt-4.1', anthropic: 'claude-sonnet-4-6', google: 'gemini-2.5-flash', bedrock: 'anthropic.claude-sonnet-4-6' };
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const weather = { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } }, required: ['city', 'days'] };

let server;
before(async () => { server = await Server.start(); });
after(() => server.stop());

const rewrite = (format, to) => `${server.baseUrl}rewrite/${format}/${upstream[to]}`;
const user = content => [{ role: 'user', content }];
const recorded = async response => server.request(response.headers.get('x-lava-request-id'));

for (const to of ['anthropic', 'google', 'bedrock']) {
  const client = () => new OpenAI({ apiKey: server.secret_key, baseURL: rewrite('openai', to), maxRetries: 0 });
  const tools = [{ type: 'function', function: { name: 'weather', description: 'Tells it', parameters: weather } }];

  test(`openai chat onto ${to}: text, usage, what is recorded`, async () => {
    const { data, response } = await client().chat.completions.create({
      model: model[to], max_tokens: 50, temperature: 0.5, stop: ['END'], messages: [{ role: 'system', content: 'Be brief.' }, ...user('Hi [sandbox: input_tokens=50; output_tokens=7; cached_tokens=20]')],
    }).withResponse();
    assert.equal(data.object, 'chat.completion');
    assert.equal(data.choices[0].finish_reason, 'stop');
    assert.equal(data.choices[0].message.content.split(' ').length, 7);
    assert.deepEqual([data.usage.prompt_tokens, data.usage.completion_tokens, data.usage.prompt_tokens_details.cached_tokens], [50, 7, 20]);
    assert.deepEqual([response.headers.get('x-lava-provider'), response.headers.get('x-lava-fallback-index')], [to, '0']);
    const request = await recorded(response);
    assert.deepEqual([request.provider, request.model, request.model_usage.input_tokens, request.model_usage.output_tokens], [to, model[to], 50, 7]);
  });

  test(`openai chat onto ${to}: a stream with usage`, async () => {
    const stream = await client().chat.completions.create({ model: model[to], messages: user('[sandbox: input_tokens=9; output_tokens=5]'), stream: true, stream_options: { include_usage: true } });
    let text = '', finish, usage, roles = 0;
    for await (const chunk of stream) {
      assert.equal(chunk.object, 'chat.completion.chunk');
      if (chunk.choices[0]?.delta.role) roles++;
      text += chunk.choices[0]?.delta.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    assert.deepEqual([text.split(' ').length, finish, usage.prompt_tokens, usage.completion_tokens, roles], [5, 'stop', 9, 5, 1]);
  });

  test(`openai chat onto ${to}: tools, plain and streamed, and their results`, async () => {
    const asked = await client().chat.completions.create({ model: model[to], tools, messages: user('[sandbox: tool=weather]') });
    const call = asked.choices[0].message.tool_calls[0];
    assert.equal(asked.choices[0].finish_reason, 'tool_calls');
    assert.deepEqual(Object.keys(JSON.parse(call.function.arguments)), ['city', 'days']);
    const told = await client().chat.completions.create({ model: model[to], tools, messages: [...user('[sandbox: tool=weather; output_tokens=4]'), asked.choices[0].message, { role: 'tool', tool_call_id: call.id, content: '{"rain":true}' }] });
    assert.equal(told.choices[0].message.content.split(' ').length, 4);

    const streamed = await client().chat.completions.stream({ model: model[to], tools, messages: user('[sandbox: tool=weather]') }).finalChatCompletion();
    assert.deepEqual(Object.keys(JSON.parse(streamed.choices[0].message.tool_calls[0].function.arguments)), ['city', 'days']);
    assert.equal(streamed.choices[0].finish_reason, 'tool_calls');
  });

  test(`openai chat onto ${to}: an image, an error, and what cannot be said`, async () => {
    const seen = await client().chat.completions.create({ model: model[to], messages: user([{ type: 'text', text: 'What? [sandbox: output_tokens=3]' }, { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } }]) });
    assert.equal(seen.choices[0].message.content.split(' ').length, 3);
    await assert.rejects(client().chat.completions.create({ model: model[to], messages: user('[sandbox: status=429]') }), error => error instanceof OpenAI.RateLimitError && /429/.test(error.message));
    await assert.rejects(client().chat.completions.create({ model: model[to], n: 2, messages: user('hi') }), error => error.status === 400 && error.code === 'rewrite_unsupported' && /\bn\b/.test(error.message));
  });

  test(`openai responses onto ${to}: plain and streamed`, async () => {
    const response = await client().responses.create({ model: model[to], instructions: 'Be brief.', input: 'Hi [sandbox: output_tokens=6]' });
    assert.equal(response.output_text.split(' ').length, 6);
    assert.equal(response.usage.output_tokens, 6);
    const types = [];
    for await (const event of await client().responses.create({ model: model[to], input: 'Hi [sandbox: output_tokens=3]', stream: true })) types.push(event.type);
    assert.deepEqual([types[0], types.at(-1)], ['response.created', 'response.completed']);
  });
}

for (const to of ['openai', 'responses', 'google', 'bedrock']) {
  const client = () => new Anthropic({ apiKey: server.secret_key, baseURL: rewrite('anthropic', to), maxRetries: 0 });
  const tools = [{ name: 'weather', description: 'Tells it', input_schema: weather }];

  test(`anthropic onto ${to}: text, a stream, tools, an image, an error`, async () => {
    const message = await client().messages.create({ model: model[to], max_tokens: 50, system: 'Be brief.', messages: user('Hi [sandbox: input_tokens=50; output_tokens=7]') });
    assert.deepEqual([message.type, message.role, message.stop_reason, message.usage.input_tokens, message.usage.output_tokens], ['message', 'assistant', 'end_turn', 50, 7]);
    assert.equal(message.content[0].text.split(' ').length, 7);

    const events = [];
    const stream = client().messages.stream({ model: model[to], max_tokens: 50, messages: user('[sandbox: output_tokens=5]') }).on('streamEvent', event => events.push(event.type));
    const final = await stream.finalMessage();
    assert.equal(final.content[0].text.split(' ').length, 5);
    assert.deepEqual([events[0], events.at(-2), events.at(-1)], ['message_start', 'message_delta', 'message_stop']);

    const asked = await client().messages.create({ model: model[to], max_tokens: 50, tools, messages: user('[sandbox: tool=weather]') });
    assert.equal(asked.stop_reason, 'tool_use');
    const use = asked.content.find(part => part.type === 'tool_use');
    assert.deepEqual(Object.keys(use.input), ['city', 'days']);
    const told = await client().messages.create({
      model: model[to], max_tokens: 50, tools, messages: [...user('[sandbox: tool=weather; output_tokens=4]'), { role: 'assistant', content: asked.content }, { role: 'user', content: [{ type: 'tool_result', tool_use_id: use.id, content: 'rain' }] }],
    });
    assert.equal(told.content[0].text.split(' ').length, 4);
    const streamed = await client().messages.stream({ model: model[to], max_tokens: 50, tools, messages: user('[sandbox: tool=weather]') }).finalMessage();
    assert.deepEqual(Object.keys(streamed.content.find(part => part.type === 'tool_use').input), ['city', 'days']);

    const seen = await client().messages.create({ model: model[to], max_tokens: 50, messages: user([{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } }, { type: 'text', text: 'What? [sandbox: output_tokens=3]' }]) });
    assert.equal(seen.content[0].text.split(' ').length, 3);
    await assert.rejects(client().messages.create({ model: model[to], max_tokens: 50, messages: user('[sandbox: status=529]') }), error => error instanceof Anthropic.APIError && error.status === 529 && error.error.type === 'error');
  });
}

for (const to of ['openai', 'anthropic', 'bedrock']) {
  test(`google onto ${to}: text, a stream, a function`, async () => {
    const client = new GoogleGenAI({ apiKey: server.secret_key, httpOptions: { baseUrl: rewrite('google', to) } });
    const answer = await client.models.generateContent({ model: model[to], contents: 'Hi [sandbox: input_tokens=50; output_tokens=7]', config: { systemInstruction: 'Be brief.', maxOutputTokens: 50 } });
    assert.deepEqual([answer.text.split(' ').length, answer.usageMetadata.promptTokenCount, answer.usageMetadata.candidatesTokenCount, answer.candidates[0].finishReason], [7, 50, 7, 'STOP']);
    let text = '';
    for await (const chunk of await client.models.generateContentStream({ model: model[to], contents: '[sandbox: output_tokens=5]' })) text += chunk.text ?? '';
    assert.equal(text.split(' ').length, 5);
    const asked = await client.models.generateContent({ model: model[to], contents: '[sandbox: tool=weather]', config: { tools: [{ functionDeclarations: [{ name: 'weather', parametersJsonSchema: weather }] }] } });
    assert.deepEqual(Object.keys(asked.functionCalls[0].args), ['city', 'days']);
    await assert.rejects(client.models.generateContent({ model: model[to], contents: '[sandbox: status=503]' }), error => error.status === 503);
    const stranger = new GoogleGenAI({ apiKey: 'aks_test_' + 'x'.repeat(43), httpOptions: { baseUrl: rewrite('google', to) } });
    await assert.rejects(stranger.models.generateContent({ model: model[to], contents: 'Hi' }), error => error.status === 401 && JSON.parse(error.message).error.status === 'UNAUTHENTICATED');
  });
}

test('without an address the model finds its provider, in both shapes', async () => {
  const openai = new OpenAI({ apiKey: server.secret_key, baseURL: server.baseUrl, maxRetries: 0 });
  const anthropic = new Anthropic({ apiKey: server.secret_key, baseURL: new URL('/', server.baseUrl).href.replace(/\/$/, ''), maxRetries: 0 });
  for (const [name, provider] of [['gpt-4o-mini', 'openai'], ['claude-sonnet-4-6', 'anthropic'], ['gemini-2.5-flash', 'google'], ['anthropic/claude-sonnet-4-6', 'anthropic'], ['openai/gpt-4o-mini', 'openai'], ['bedrock/anthropic.claude-sonnet-4-6', 'bedrock']]) {
    const chat = await openai.chat.completions.create({ model: name, messages: user('[sandbox: output_tokens=3]') }).withResponse();
    assert.deepEqual([chat.response.headers.get('x-lava-provider'), chat.data.choices[0].message.content.split(' ').length], [provider, 3], name);
    const message = await anthropic.messages.create({ model: name, max_tokens: 20, messages: user('[sandbox: output_tokens=3]') }).withResponse();
    assert.deepEqual([message.response.headers.get('x-lava-provider'), message.data.content[0].text.split(' ').length], [provider, 3], name);
    assert.equal((await openai.responses.create({ model: name, input: '[sandbox: output_tokens=3]' })).output_text.split(' ').length, 3, name);
  }
  assert.equal((await openai.embeddings.create({ model: 'text-embedding-3-small', input: 'a' })).data.length, 1);
  assert.ok((await anthropic.messages.countTokens({ model: 'claude-sonnet-4-6', messages: user('Hello') })).input_tokens > 0);
  assert.ok((await anthropic.messages.countTokens({ model: 'gpt-4o-mini', messages: user('Hello') })).input_tokens > 0);
  await assert.rejects(openai.chat.completions.create({ model: 'no-such-model', messages: user('hi') }), error => error instanceof OpenAI.NotFoundError && error.code === 'model_not_found');
  await assert.rejects(anthropic.messages.create({ model: 'no-such-model', max_tokens: 5, messages: user('hi') }), error => error instanceof Anthropic.NotFoundError);
  assert.ok((await openai.models.list()).data.length > 100);
});

test('the Vercel AI SDK, both of its providers, onto each other\'s models', async () => {
  const viaOpenAI = createOpenAI({ apiKey: server.secret_key, baseURL: server.baseUrl.replace(/\/$/, '') });
  const viaAnthropic = createAnthropic({ apiKey: server.secret_key, baseURL: server.baseUrl.replace(/\/$/, '') });
  const tools = { weather: tool({ description: 'Tells it', inputSchema: jsonSchema(weather), execute: async () => 'rain' }) };
  for (const to of [viaOpenAI.chat('claude-sonnet-4-6'), viaOpenAI.responses('gemini-2.5-flash'), viaAnthropic('gpt-4o-mini')]) {
    assert.equal((await generateText({ model: to, prompt: '[sandbox: output_tokens=5]' })).text.split(' ').length, 5);
    const { textStream } = streamText({ model: to, prompt: '[sandbox: output_tokens=5]' });
    let text = '';
    for await (const piece of textStream) text += piece;
    assert.equal(text.split(' ').length, 5);
    const asked = await generateText({ model: to, tools, prompt: '[sandbox: tool=weather]' });
    assert.equal(asked.toolCalls[0].toolName, 'weather');
  }
});

test('a limit that ends in a day stops the clients, which would repeat the call at once', async () => {
  const { key } = (await server.api('POST', 'spend_keys', { name: 'Counted', request_shape: 'anthropic', request_limit: { count: 1, cycle: 'total' } })).body;
  let calls = 0;
  const counting = (...all) => (calls++, fetch(...all));
  const client = new Anthropic({ apiKey: key, baseURL: server.baseUrl.replace('/v1/', ''), fetch: counting });
  const ask = () => client.messages.create({ model: 'claude-sonnet-4-6', max_tokens: 5, messages: user('Hi') });
  await ask();
  await assert.rejects(ask(), error => error.status === 429 && error.error.error.code === 'request_limit_exceeded' && Number(error.headers.get('retry-after')) > 60);
  assert.equal(calls, 2);
});

test('fallbacks: status, refusal and a cut before the first byte are followed by the next provider, charged once', async () => {
  const openai = new OpenAI({ apiKey: server.secret_key, baseURL: server.baseUrl, maxRetries: 0 });
  const chain = JSON.stringify([{ url: upstream.anthropic, model: 'claude-sonnet-4-6' }, { url: upstream.google, model: 'gemini-2.5-flash' }]);
  const ask = (directives, stream = false, headers = { 'x-lava-fallbacks': chain }) =>
    openai.chat.completions.create({ model: 'gpt-4o-mini', messages: user(`Hi [sandbox: only=gpt-4o-mini; ${directives}]`), stream }, { headers }).withResponse();
  for (const failure of ['status=500', 'status=429', 'status=503', 'refuse', 'cut_after=0']) {
    for (const stream of [false, true]) {
      const { data, response } = await ask(failure, stream);
      if (stream) for await (const _ of data);
      assert.deepEqual([response.headers.get('x-lava-provider'), response.headers.get('x-lava-fallback-index')], ['anthropic', '1'], failure);
      const request = await recorded(response);
      assert.deepEqual([request.provider, request.model, request.earlier_attempts.length, request.earlier_attempts[0].provider], ['anthropic', 'claude-sonnet-4-6', 1, 'openai'], failure);
      assert.equal(request.ledger_entries.length, 1);
    }
  }

  // Not for the caller's own mistakes, not once bytes have gone out, and not where the header says none.
  await assert.rejects(ask('status=400'), error => error.status === 400);
  await assert.rejects(ask('status=500', false, { 'x-lava-fallbacks': '[]' }), error => error.status === 500);
  await assert.rejects((async () => { for await (const _ of (await ask('output_tokens=9; cut_after=3', true)).data); })());
  await assert.rejects(ask('status=500', false, { 'x-lava-fallbacks': '{"no":"list"}' }), error => error.status === 400 && error.code === 'validation_error');

  // All fail: the last error; the account's chain serves calls that bring none.
  await assert.rejects(openai.chat.completions.create({ model: 'gpt-4o-mini', messages: user('[sandbox: status=503]') }, { headers: { 'x-lava-fallbacks': chain } }), error => error.status === 503);
  assert.equal((await server.api('PATCH', 'account/fallback', { fallbacks: JSON.parse(chain) })).status, 200);
  assert.equal((await ask('status=500', false, {})).response.headers.get('x-lava-provider'), 'anthropic');
  await server.api('PATCH', 'account/fallback', { fallbacks: null });
});

test('the index is the entry\'s own, though entries before it were skipped', async () => {
  const openai = new OpenAI({ apiKey: server.secret_key, baseURL: server.baseUrl, maxRetries: 0 });
  const chain = JSON.stringify([{ url: upstream.responses, model: 'gpt-4.1' }, { url: upstream.google, model: 'gemini-2.5-flash' }]);

  // Responses cannot say stop sequences.
  const { data, response } = await openai.chat.completions.create(
    { model: 'gpt-4o-mini', stop: ['END'], messages: user('Hi [sandbox: only=gpt-4o-mini; status=500]') }, { headers: { 'x-lava-fallbacks': chain } }).withResponse();
  assert.equal(data.choices[0].finish_reason, 'stop');
  assert.deepEqual([response.headers.get('x-lava-provider'), response.headers.get('x-lava-fallback-index')], ['google', '2']);
});

test('a stream that does not begin in time is followed by the next provider', async () => {
  const hasty = await Server.start({ Lava__Gateway__FallbackAfterSeconds: '1' });
  const openai = new OpenAI({ apiKey: hasty.secret_key, baseURL: hasty.baseUrl, maxRetries: 0 });
  const { data, response } = await openai.chat.completions.create(
    { model: 'gpt-4o-mini', stream: true, messages: user('Hi [sandbox: only=gpt-4o-mini; stall_after=0]') },
    { headers: { 'x-lava-fallbacks': JSON.stringify([{ url: upstream.anthropic, model: 'claude-sonnet-4-6' }]) } }).withResponse();
  for await (const _ of data);
  assert.equal(response.headers.get('x-lava-provider'), 'anthropic');
  const request = await hasty.request(response.headers.get('x-lava-request-id'));
  assert.deepEqual([request.provider, request.earlier_attempts[0].error_code], ['anthropic', 'provider_timeout']);
  await hasty.stop();
});

test('the books are sound afterwards', async () => {
  assert.equal((await server.audit()).code, 0);
});
