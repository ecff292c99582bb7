import OpenAI from 'openai';
import { pixel, schemas } from '../task.mjs';

export const speaks = 'chat';
export const name = 'openai, chat';
const tools = Object.entries(schemas).map(([name, { description, schema }]) => ({ type: 'function', function: { name, description, parameters: schema } }));

export function open({ baseUrl, key, model, chatEffort, isStream, journal }) {
  const client = new OpenAI({ apiKey: key, baseURL: baseUrl, maxRetries: 0 });
  let messages = [];

  async function ask(text) {
    messages.push({ role: 'user', content: text });
    for (;;) {
      const request = { model, messages: [{ role: 'system', content: 'You are careful.' }, ...messages], tools, reasoning_effort: chatEffort, max_completion_tokens: 9000 };
      const { choices: [{ message }] } = isStream
        ? await client.chat.completions.stream({ ...request, stream_options: { include_usage: true } }).finalChatCompletion()
        : await client.chat.completions.create(request);
      journal.thoughts += message.reasoning_content ?? '';
      messages.push(message);
      if (!message.tool_calls?.length) return message.content;
      let hasImage = false;
      for (const { id, function: { name, arguments: args } } of message.tool_calls) {
        const { text, image } = journal.run(name, JSON.parse(args));
        hasImage ||= !!image;
        messages.push({ role: 'tool', tool_call_id: id, content: text ?? 'The picture follows.' });
      }

      // Chat completions take images from a user alone.
      if (hasImage) messages.push({ role: 'user', content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } }] });
    }
  }

  return { ask, forget: () => { messages = []; } };
}
