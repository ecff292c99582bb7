import { GoogleGenAI } from '@google/genai';
import { schemas } from '../task.mjs';

export const speaks = 'google';
export const name = '@google/genai';
const tools = [{ functionDeclarations: Object.entries(schemas).map(([name, { description, schema }]) => ({ name, description, parametersJsonSchema: schema })) }];

export function open({ origin, key, model, isStream, journal }) {
  const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: origin } });
  let contents = [];

  // The parts of an answer, whole or gathered from its chunks.
  async function parts(request) {
    if (!isStream) return (await client.models.generateContent(request)).candidates[0].content.parts;
    const gathered = [];
    for await (const { candidates } of await client.models.generateContentStream(request)) gathered.push(...(candidates?.[0]?.content?.parts ?? []));
    return gathered;
  }

  async function ask(text) {
    contents.push({ role: 'user', parts: [{ text }] });
    for (;;) {
      const thinkingConfig = { includeThoughts: true, ...(/gemini-2/.test(model) ? { thinkingBudget: 2048 } : {}) };
      const given = await parts({ model, contents, config: { tools, systemInstruction: 'You are careful.', maxOutputTokens: 9000, thinkingConfig } });
      journal.thoughts += given.filter(part => part.thought).map(part => part.text).join('');
      contents.push({ role: 'model', parts: given });
      const calls = given.filter(part => part.functionCall).map(part => part.functionCall);
      if (calls.length === 0) return given.filter(part => part.text && !part.thought).map(part => part.text).join('');
      contents.push({
        role: 'user',
        parts: calls.map(({ id, name, args }) => {
          const { text, image } = journal.run(name, args ?? {});
          return { functionResponse: { id, name, response: { output: text ?? 'A picture.' }, ...(image && { parts: [{ inlineData: { mimeType: 'image/png', data: image } }] }) } };
        }),
      });
    }
  }

  return { ask, forget: () => { contents = []; } };
}
