// Google's own client with the plain base address: the model finds its provider, of Google or not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GoogleGenAI } from '@google/genai';
import { Server } from './lib/server.mjs';

const weather = { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } }, required: ['city', 'days'] };

let server, client;
before(async () => {
  server = await Server.start();
  client = new GoogleGenAI({ apiKey: server.secret_key, httpOptions: { baseUrl: new URL('/', server.baseUrl).href } });
});
after(() => server.stop());

for (const model of ['gemini-2.5-flash', 'gpt-4o-mini', 'claude-sonnet-4-6', 'bedrock/anthropic.claude-sonnet-4-6']) {
  test(`${model}: text, a stream, a function, tokens, an error`, async () => {
    const answer = await client.models.generateContent({ model, contents: 'Hi [sandbox: input_tokens=50; output_tokens=7]', config: { systemInstruction: 'Be brief.', maxOutputTokens: 50 } });
    assert.deepEqual([answer.text.split(' ').length, answer.usageMetadata.promptTokenCount, answer.usageMetadata.candidatesTokenCount, answer.candidates[0].finishReason], [7, 50, 7, 'STOP']);
    let text = '';
    for await (const chunk of await client.models.generateContentStream({ model, contents: '[sandbox: output_tokens=5]' })) text += chunk.text ?? '';
    assert.equal(text.split(' ').length, 5);
    const asked = await client.models.generateContent({ model, contents: '[sandbox: tool=weather]', config: { tools: [{ functionDeclarations: [{ name: 'weather', parametersJsonSchema: weather }] }] } });
    assert.deepEqual(Object.keys(asked.functionCalls[0].args), ['city', 'days']);
    assert.ok((await client.models.countTokens({ model, contents: 'Hello' })).totalTokens > 0);
    await assert.rejects(client.models.generateContent({ model, contents: '[sandbox: status=503]' }), error => error.status === 503);
  });
}

test('embeddings, models, and errors in the words of Google', async () => {
  const embedded = await client.models.embedContent({ model: 'gemini-embedding-001', contents: ['a', 'b'] });
  assert.equal(embedded.embeddings.length, 2);
  assert.equal((await client.models.embedContent({ model: 'google/gemini-embedding-001', contents: 'a' })).embeddings.length, 1);
  assert.equal((await client.models.get({ model: 'gemini-2.5-flash' })).name, 'models/gemini-2.5-flash');
  const names = [];
  for await (const model of await client.models.list({ config: { pageSize: 500 } })) names.push(model.name);
  assert.ok(names.includes('models/claude-sonnet-4-6') && names.includes('models/gemini-2.5-pro'));
  assert.equal(new Set(names).size, names.length);
  await assert.rejects(client.models.generateContent({ model: 'no-such-model', contents: 'Hi' }), error => error.status === 404 && JSON.parse(error.message).error.status === 'NOT_FOUND');
  const stranger = new GoogleGenAI({ apiKey: 'aks_test_' + 'x'.repeat(43), httpOptions: { baseUrl: new URL('/', server.baseUrl).href } });
  await assert.rejects(stranger.models.generateContent({ model: 'gpt-4o-mini', contents: 'Hi' }), error => error.status === 401 && JSON.parse(error.message).error.status === 'UNAUTHENTICATED');
});
