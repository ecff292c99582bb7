import OpenAI from 'openai';
import { schemas } from '../task.mjs';

export const speaks = 'responses';
export const name = 'openai, responses';
const tools = Object.entries(schemas).map(([name, { description, schema }]) => ({ type: 'function', name, description, parameters: schema, strict: false }));

export function open({ baseUrl, key, model, isStream, journal }) {
  const client = new OpenAI({ apiKey: key, baseURL: baseUrl, maxRetries: 0 });
  let input = [];

  async function ask(text) {
    input.push({ role: 'user', content: text });
    for (;;) {
      const request = {
        model, input, tools, instructions: 'You are careful.', store: false, include: ['reasoning.encrypted_content'], reasoning: { effort: 'medium', summary: 'auto' }, max_output_tokens: 9000,
        context_management: [{ type: 'compaction', compact_threshold: 200000 }],
      };
      const response = isStream ? await client.responses.stream(request).finalResponse() : await client.responses.create(request);
      for (const item of response.output.filter(item => item.type === 'reasoning')) journal.thoughts += item.summary.map(part => part.text).join('');
      input.push(...response.output);
      const calls = response.output.filter(item => item.type === 'function_call');
      if (calls.length === 0) return response.output_text;
      for (const call of calls) {
        const { text, image } = journal.run(call.name, JSON.parse(call.arguments));
        input.push({ type: 'function_call_output', call_id: call.call_id, output: image ? [{ type: 'input_image', image_url: `data:image/png;base64,${image}` }] : text });
      }
    }
  }

  return { ask, forget: () => { input = []; } };
}
