// One key, any client, any model: the providers' own clients, each in its own format, onto every other provider's format.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { GoogleGenAI } from '@google/genai';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
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

test('what Claude Code asks for is what GPT takes, or it is changed and told', async () => {
  const anthropic = new Anthropic({ apiKey: server.secret_key, baseURL: new URL('/', server.baseUrl).href.replace(/\/$/, ''), maxRetries: 0 });
  const name = `mcp__a_server_with_a_long_name__${'x'.repeat(50)}`;
  const ask = { max_tokens: 16000, temperature: 0.5, thinking: { type: 'enabled', budget_tokens: 4096 }, metadata: { user_id: 'u'.repeat(150) }, stop_sequences: ['</end>'],
    system: [{ type: 'text', text: 'x-anthropic-billing-header: cch=1;' }, { type: 'text', text: 'Be brief.' }],
    tools: [{ name, input_schema: { type: 'object' } }], messages: user('[sandbox: tool]') };

  // The sandbox is as strict as OpenAI: it would refuse each of these.
  const { data, response } = await anthropic.messages.create({ model: 'gpt-5.6-sol', ...ask }).withResponse();
  assert.deepEqual([data.stop_reason, data.content.at(-1).name], ['tool_use', name]);
  const told = response.headers.get('x-lava-adapted').split(', ');
  for (const fact of ['temperature', 'user=sha256', 'tools.name', 'stop=applied_by_gateway', 'system.billing_header']) assert.ok(told.includes(fact), `${fact} in ${told}`);
  assert.ok(!told.some(fact => fact.startsWith('reasoning_effort')), 'Responses takes tools beside reasoning');
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

  // Its usual way to ask is Responses; a loop of a call, its result and an answer, and turns after it, with references as it does by itself, and with items.
  const claude = viaOpenAI('claude-sonnet-4-6');
  const loop = await generateText({ model: claude, tools, stopWhen: stepCountIs(3), prompt: '[sandbox: tool=weather]' });
  assert.deepEqual([loop.steps.length, loop.steps[0].toolResults[0].output, loop.finishReason], [2, 'rain', 'stop']);
  const messages = [{ role: 'user', content: 'Hi' }, ...loop.response.messages, { role: 'user', content: '[sandbox: output_tokens=4]' }];
  assert.ok(JSON.stringify(messages).includes('_lava'), 'the SDK knows the items by ids that Lava keeps');
  assert.equal((await generateText({ model: claude, tools, messages })).text.split(' ').length, 4);
  assert.equal((await generateText({ model: viaOpenAI('gpt-4o-mini'), tools, messages })).text.split(' ').length, 4);
  assert.equal((await generateText({ model: claude, tools, messages, providerOptions: { openai: { store: false } } })).text.split(' ').length, 4);
});

test('a response of Claude is continued, shown and deleted as OpenAI\'s own are', async () => {
  const openai = new OpenAI({ apiKey: server.secret_key, baseURL: server.baseUrl });
  const first = await openai.responses.create({ model: 'claude-sonnet-4-6', input: '[sandbox: output_tokens=3]' });
  const stream = openai.responses.stream({ model: 'claude-sonnet-4-6', input: '[sandbox: output_tokens=4]', previous_response_id: first.id });
  const second = await stream.finalResponse();
  assert.deepEqual([second.previous_response_id, second.output[0].content[0].text.split(' ').length], [first.id, 4]);
  assert.deepEqual((await openai.responses.retrieve(first.id)).output, first.output);
  const items = [];
  for await (const item of openai.responses.inputItems.list(second.id, { order: 'asc', limit: 2 })) items.push(item.role);
  assert.deepEqual(items, ['user', 'assistant', 'user']);
  await openai.responses.delete(first.id);
  await assert.rejects(openai.responses.retrieve(first.id), error => error.status === 404 && error.code === 'response_not_found');
  await assert.rejects(
    openai.responses.create({ model: 'claude-sonnet-4-6', input: 'x', previous_response_id: first.id }, { maxRetries: 0 }),
    error => error.status === 400 && error.code === 'previous_response_not_found');
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
  const chain = JSON.stringify([{ url: upstream.anthropic, model: 'claude-opus-5-5' }, { url: upstream.google, model: 'gemini-2.5-flash' }]);

  // Claude Opus 5.5 cannot be made to call a tool.
  const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object', properties: { at: { type: 'string' } } } } }];
  const { data, response } = await openai.chat.completions.create(
    { model: 'gpt-4o-mini', tools, tool_choice: 'required', messages: user('Hi [sandbox: only=gpt-4o-mini; status=500]') }, { headers: { 'x-lava-fallbacks': chain } }).withResponse();
  assert.equal(data.choices[0].finish_reason, 'tool_calls');
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

// OpenAI's custom tools, whose input is plain text: its own models take them, others get a function of one text.
const patchTool = { name: 'ApplyPatch', description: 'Edits files.', grammar: { syntax: 'lark', definition: 'start: /.+/' } };
const chatPatch = { type: 'custom', custom: { name: patchTool.name, description: patchTool.description, format: { type: 'grammar', grammar: patchTool.grammar } } };
const flatPatch = { type: 'custom', name: patchTool.name, description: patchTool.description, format: { type: 'grammar', ...patchTool.grammar } };
const asked = user('Fix it. [sandbox: tool=ApplyPatch; output_tokens=4]');
const sandboxText = { openai: 'A sandbox\'s text for "ApplyPatch",\nin two lines.', anthropic: 'sandbox', google: 'sandbox', groq: 'sandbox', mistral: 'sandbox' };
const customModel = { openai: 'gpt-5-mini', anthropic: 'claude-sonnet-4-6', google: 'gemini-2.5-flash', groq: 'groq/llama-3.3-70b-versatile', mistral: 'mistral/mistral-large-latest' };

for (const [to, name] of Object.entries(customModel)) {
  const client = () => new OpenAI({ apiKey: server.secret_key, baseURL: server.baseUrl, maxRetries: 0 });

  test(`custom tools of openai chat onto ${to}: plain and streamed, and their results`, async () => {
    const { data: answer, response } = await client().chat.completions.create({ model: name, tools: [chatPatch], messages: asked }).withResponse();
    assert.equal(response.headers.get('x-lava-provider'), to);
    const call = answer.choices[0].message.tool_calls[0];
    assert.deepEqual([call.type, call.custom, answer.choices[0].finish_reason], ['custom', { name: 'ApplyPatch', input: sandboxText[to] }, 'tool_calls']);
    const told = await client().chat.completions.create({ model: name, tools: [chatPatch], messages: [...asked, answer.choices[0].message, { role: 'tool', tool_call_id: call.id, content: 'Done.' }] });
    assert.equal(told.choices[0].message.content.split(' ').length, 4);
    let text = '', kind;
    for await (const chunk of await client().chat.completions.create({ model: name, tools: [chatPatch], tool_choice: { type: 'custom', custom: { name: 'ApplyPatch' } }, messages: user('Now.'), stream: true })) {
      const delta = chunk.choices[0]?.delta.tool_calls?.[0];
      kind ??= delta?.type;
      text += delta?.custom?.input ?? '';
    }
    assert.deepEqual([kind, text], ['custom', sandboxText[to]]);
  });

  test(`custom tools of openai responses onto ${to}: plain and streamed, and their results`, async () => {
    const answer = await client().responses.create({ model: name, tools: [flatPatch], input: asked });
    const call = answer.output.find(item => item.type === 'custom_tool_call');
    assert.deepEqual([call.name, call.input], ['ApplyPatch', sandboxText[to]]);
    const told = await client().responses.create({ model: name, tools: [flatPatch], input: [...asked, call, { type: 'custom_tool_call_output', call_id: call.call_id, output: 'Done.' }] });
    assert.equal(told.output_text.split(' ').length, 4);
    let text = '', done;
    for await (const event of await client().responses.create({ model: name, tools: [flatPatch], tool_choice: { type: 'custom', name: 'ApplyPatch' }, input: 'Now.', stream: true })) {
      if (event.type === 'response.custom_tool_call_input.delta') text += event.delta;
      if (event.type === 'response.custom_tool_call_input.done') done = event.input;
    }
    assert.deepEqual([text, done], [sandboxText[to], sandboxText[to]]);
  });

  // Cursor's agent asks for a response where chats are asked for, and reads chunks of a chat whose calls are all of functions.
  test(`cursor onto ${to}: its agent's body and its ask mode's, a call, its result, the answer`, async () => {
    const read = { type: 'function', name: 'ReadFile', parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] }, strict: false };
    const shell = { type: 'function', function: { name: 'Shell', parameters: { type: 'object', properties: { command: { type: 'string' } } } } };
    const common = { model: name, stream: true, stream_options: { include_usage: true } };
    const agent = items => ({
      ...common, tools: [read, flatPatch], tool_choice: 'auto', reasoning: { effort: 'low', summary: 'auto' }, text: { verbosity: 'low' }, include: ['reasoning.encrypted_content'], store: false,
      input: [{ role: 'system', content: 'You edit.' }, { role: 'user', content: [{ type: 'input_text', text: asked[0].content }] }, ...items],
    });
    const ask = messages => ({ ...common, tools: [shell, read, flatPatch], messages: [{ role: 'system', content: 'You edit.' }, ...asked, ...messages] });
    const send = async body => {
      const response = await fetch(`${server.baseUrl}chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${server.secret_key}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
      assert.equal(response.status, 200, await response.clone().text());
      assert.deepEqual([response.headers.get('content-type').split(';')[0], response.headers.get('x-lava-provider')], ['text/event-stream', to]);
      const events = (await response.text()).split('\n').filter(line => line.startsWith('data: ')).map(line => line.slice(6));
      assert.equal(events.pop(), '[DONE]');
      const chunks = events.map(event => JSON.parse(event));
      assert.ok(chunks.every(chunk => chunk.object === 'chat.completion.chunk'));
      const deltas = chunks.flatMap(chunk => chunk.choices).map(choice => choice.delta);
      const calls = deltas.flatMap(delta => delta.tool_calls ?? []);
      return {
        id: calls[0]?.id, name: calls[0]?.function.name, arguments: calls.map(call => call.function.arguments).join(''), text: deltas.map(delta => delta.content ?? '').join(''),
        finish: chunks.flatMap(chunk => chunk.choices).at(-1).finish_reason, usage: chunks.at(-1).usage, request: await recorded(response),
      };
    };

    for (const [body, history] of [
      [agent, call => [{ type: 'function_call', call_id: call.id, name: call.name, arguments: call.arguments }, { type: 'function_call_output', call_id: call.id, output: 'Done.' }]],
      [ask, call => [{ role: 'assistant', content: null, tool_calls: [{ id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } }] }, { role: 'tool', tool_call_id: call.id, content: 'Done.' }]],
    ]) {
      const call = await send(body([]));
      assert.deepEqual([call.name, call.arguments, call.finish], ['ApplyPatch', sandboxText[to], 'tool_calls']);
      const final = await send(body(history(call)));
      assert.deepEqual([final.text.split(' ').length, final.finish, final.usage.completion_tokens, final.request.model_usage.output_tokens], [4, 'stop', 4, 4]);
      assert.equal(final.usage.prompt_tokens, final.request.model_usage.input_tokens);
    }
  });
}

test('cursor\'s agent below a rewritten address, whole, and its mistakes in OpenAI\'s words', async () => {
  const send = (address, body) => fetch(`${server.baseUrl}rewrite/openai/${address}`, { method: 'POST', headers: { authorization: `Bearer ${server.secret_key}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  for (const [address, name] of [['api.anthropic.com/v1/messages/chat/completions', 'claude-sonnet-4-6'], ['api.openai.com/v1/chat/completions', 'gpt-4o-mini'], ['api.openai.com/v1/responses/chat/completions', 'gpt-5-mini']]) {
    const answer = await (await send(address, { model: name, tools: [flatPatch], input: asked })).json();
    assert.equal(answer.object, 'chat.completion', JSON.stringify(answer));
    assert.deepEqual([answer.choices[0].message.tool_calls[0].type, answer.choices[0].message.tool_calls[0].function.name], ['function', 'ApplyPatch']);
    const refused = await send(address, { model: name, input: user('[sandbox: status=429]') });
    assert.deepEqual([refused.status, (await refused.json()).error.type], [429, 'rate_limit_error']);
    const hosted = await send(address, { model: name, input: 'Hi', tools: [{ type: 'web_search' }] });
    assert.deepEqual([hosted.status, (await hosted.json()).error.code], [400, 'rewrite_unsupported']);
  }

  // The address of a provider's Responses alone does not say that chats are meant.
  assert.equal((await (await send('api.openai.com/v1/responses', { model: 'gpt-4.1', input: 'Hi' })).json()).object, 'response');
  assert.equal((await (await send('api.openai.com/v1/responses', { model: 'gpt-4.1', messages: user('Hi') })).json()).object, 'chat.completion');
});

test('the books are sound afterwards', async () => {
  assert.equal((await server.audit()).code, 0);
});
