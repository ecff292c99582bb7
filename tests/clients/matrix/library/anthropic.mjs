import Anthropic from '@anthropic-ai/sdk';
import { schemas } from '../task.mjs';

export const speaks = 'anthropic';
export const name = '@anthropic-ai/sdk';
const tools = Object.entries(schemas).map(([name, { description, schema }]) => ({ name, description, input_schema: schema }));
tools.at(-1).cache_control = { type: 'ephemeral' };

export function open({ baseUrl, key, model, isStream, journal }) {
  const client = new Anthropic({ apiKey: key, baseURL: baseUrl.replace(/\/v1\/?$/, ''), maxRetries: 0 });
  let messages = [];

  async function ask(text) {
    messages.push({ role: 'user', content: [{ type: 'text', text, cache_control: { type: 'ephemeral' } }] });
    for (;;) {
      const request = {
        model, messages, tools, max_tokens: 9000, system: 'You are careful.', betas: ['context-management-2025-06-27'],
        thinking: /opus-5|gemini/.test(model) ? { type: 'adaptive', display: 'summarized' } : { type: 'enabled', budget_tokens: 2048 },
        context_management: { edits: [{ type: 'clear_tool_uses_20250919', trigger: { type: 'input_tokens', value: 30000 } }] },
      };
      const message = isStream ? await client.beta.messages.stream(request).finalMessage() : await client.beta.messages.create(request);
      journal.thoughts += message.content.filter(part => part.type === 'thinking').map(part => part.thinking).join('');
      messages.push({ role: 'assistant', content: message.content });
      const uses = message.content.filter(part => part.type === 'tool_use');
      if (uses.length === 0) return message.content.filter(part => part.type === 'text').map(part => part.text).join('');
      messages.push({
        role: 'user',
        content: uses.map(({ id, name, input }) => {
          const { text, image } = journal.run(name, input);
          return { type: 'tool_result', tool_use_id: id, content: image ? [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } }] : text };
        }),
      });
    }
  }

  return { ask, forget: () => { messages = []; } };
}
