// Today's clients in an agent's loop against strict models of every wire format: five steps of tools with parallel calls, an image among the results, reasoning on, whole and
// streamed, then a summary of all that and a start from it. A cell passes where the client's loop ran every tool that the model asked for and ended with the model's last words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Server } from '../lib/server.mjs';
import * as anthropic from './library/anthropic.mjs';
import { clients as aiSdk } from './library/ai-sdk.mjs';
import * as google from './library/google.mjs';
import { clients as langChain } from './library/langchain.mjs';
import * as openaiChat from './library/openai-chat.mjs';
import * as openaiResponses from './library/openai-responses.mjs';
import { expected, expectedAfterwards, goOn, noted, prompt, summarise } from './task.mjs';

// A model of each format, and of hosts that imitate OpenAI's.
const models = [
  { family: 'OpenAI chat', model: 'gpt-5.1', hidesThoughts: ['chat', 'anthropic', 'google'] },
  // OpenAI takes tools beside reasoning for it in Responses alone, so clients of chat completions have it not reason.
  { family: 'OpenAI responses', model: 'gpt-5.6-sol', chatEffort: 'none', hidesThoughts: ['chat'] },
  { family: 'Anthropic', model: 'claude-opus-5-5' },
  { family: 'Anthropic', model: 'claude-sonnet-4-5' },
  { family: 'Gemini', model: 'gemini-3.8-flash' },
  { family: 'Gemini', model: 'gemini-2.5-flash' },
  { family: 'Bedrock', model: 'bedrock/anthropic.claude-sonnet-4-6' },
  { family: 'compatible', model: 'deepseek/deepseek-v4-pro', wantsThoughts: true },
  { family: 'compatible', model: 'moonshot/kimi-k3', wantsThoughts: true },
];
const clients = [openaiChat, openaiResponses, anthropic, google, ...aiSdk, ...langChain];

const server = await Server.start();
test('the matrix', { concurrency: 6 }, async t => {
  const cells = clients.flatMap(client => models.flatMap(row => [false, true].map(isStream => ({ client, row, isStream }))));
  await Promise.all(cells.map(({ client, row: { family, model, chatEffort = 'medium', hidesThoughts = [], wantsThoughts }, isStream }) => t.test(`${client.name} × ${family}, ${model}, ${isStream ? 'streamed' : 'whole'}`, () => noted(async journal => {
    const session = client.open({ baseUrl: server.baseUrl, origin: new URL(server.baseUrl).origin, key: server.secret_key, model, chatEffort, isStream, journal });

    // These models want their thoughts back with each call, and a client that drops them is refused by the provider itself.
    if (wantsThoughts && client.speaks === 'chat' && client.seesThoughts) return assert.rejects(session.ask(prompt), /reasoning_content/);
    assert.equal(await session.ask(prompt), 'All five steps are done.');
    assert.deepEqual(journal.calls.sort(), expected);

    // The whole history goes once more; then it is forgotten.
    const summary = await session.ask(summarise);
    assert.match(summary, /^The sandbox answers as /);

    // What the model was sent of the loop: nothing was lost on the way, the pictures least of all.
    const { calls, results, media } = journal.told;
    assert.deepEqual([calls, results, media], client.forgetsPictures ? [6, 6, 0] : client.prunes ? [6, 6, 2] : [9, 9, 2]);
    const isHidden = hidesThoughts.includes(client.speaks) || (client.seesThoughts && !client.seesThoughts(model));
    assert.equal(journal.thoughts.length > 0, !isHidden);
    session.forget();
    journal.calls = [];
    assert.equal(await session.ask(goOn(summary)), 'Done after the summary.');
    assert.deepEqual(journal.calls.sort(), expectedAfterwards);
  }))));
});

test('the books are right after it', async () => {
  assert.equal((await server.audit()).code, 0);
  await server.stop();
});
