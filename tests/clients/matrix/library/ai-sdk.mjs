import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, jsonSchema, pruneMessages, stepCountIs, streamText, tool } from 'ai';
import { schemas } from '../task.mjs';

const openai = ({ key, baseUrl }) => createOpenAI({ apiKey: key, baseURL: baseUrl.replace(/\/$/, '') });
const effort = reasoningEffort => ({ openai: { reasoningEffort, reasoningSummary: 'auto' } });

function client(name, speaks, provide, providerOptions, more) {
  return {
    name,
    speaks,
    prunes: true,
    ...more,
    open({ isStream, journal, ...settings }) {
      const model = provide(settings);
      const tools = Object.fromEntries(Object.entries(schemas).map(([name, { description, schema }]) => [name, tool({
        description,
        inputSchema: jsonSchema(schema),
        execute: async input => journal.run(name, input),
        toModelOutput: ({ output }) => output.image
          ? { type: 'content', value: [{ type: 'text', text: 'The screen:' }, { type: 'image-data', data: output.image, mediaType: 'image/png' }] }
          : { type: 'text', value: output.text },
      })]));
      let messages = [];

      async function ask(text) {
        messages.push({ role: 'user', content: text });
        const request = { model, messages, tools, system: 'You are careful.', stopWhen: stepCountIs(12), maxRetries: 0, maxOutputTokens: 9000, providerOptions: providerOptions(settings) };
        const errors = [];
        const result = isStream ? streamText({ ...request, onError: ({ error }) => errors.push(error) }) : await generateText(request);
        if (isStream) await result.consumeStream();
        if (errors.length > 0) throw errors[0];
        const steps = await result.steps;
        for (const step of steps) journal.thoughts += step.reasoningText ?? '';
        messages.push(...(await result.response).messages);

        // What an agent's loop does to old steps.
        messages = pruneMessages({ messages, reasoning: 'before-last-message', toolCalls: 'before-last-6-messages' });
        return steps.at(-1).text;
      }

      return { ask, forget: () => { messages = []; } };
    },
  };
}

const thinking = ({ model }) => ({ anthropic: { thinking: /opus-5|gemini/.test(model) ? { type: 'adaptive', display: 'summarized' } : { type: 'enabled', budgetTokens: 2048 } } });

export const clients = [
  // It writes what a tool gave as text, pictures too, and does not read thoughts of chat completions.
  client('ai, @ai-sdk/openai chat', 'chat', settings => openai(settings).chat(settings.model), ({ chatEffort }) => effort(chatEffort), { forgetsPictures: true, seesThoughts: () => false }),
  // Without forceReasoning it takes models of others for ones that do not reason, by their names. It refers to earlier items, which OpenAI keeps for its own
  // models, and the sandbox in its place does not.
  client('ai, @ai-sdk/openai responses', 'responses', settings => openai(settings).responses(settings.model),
    ({ model }) => ({ openai: { ...effort('medium').openai, forceReasoning: true, ...(model.startsWith('gpt') && { store: false }) } })),
  client('ai, @ai-sdk/anthropic', 'anthropic', ({ key, baseUrl, model }) => createAnthropic({ apiKey: key, baseURL: baseUrl.replace(/\/$/, '') })(model), thinking),
];
