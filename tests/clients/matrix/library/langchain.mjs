import { ChatAnthropic } from '@langchain/anthropic';
import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { concat } from '@langchain/core/utils/stream';
import { ChatOpenAI } from '@langchain/openai';
import { schemas } from '../task.mjs';

const tools = Object.entries(schemas).map(([name, { description, schema }]) => ({ name, description, schema }));

function client(name, speaks, provide, picture, more) {
  return {
    name,
    speaks,
    ...more,
    open({ isStream, journal, ...settings }) {
      const model = provide(settings).bindTools(tools);
      let messages = [];

      async function say() {
        const all = [new SystemMessage('You are careful.'), ...messages];
        if (!isStream) return model.invoke(all);
        let whole;
        for await (const chunk of await model.stream(all)) whole = whole ? concat(whole, chunk) : chunk;
        return whole;
      }

      async function ask(text) {
        messages.push(new HumanMessage(text));
        for (;;) {
          const message = await say();
          for (const part of message.contentBlocks) if (part.type === 'reasoning') journal.thoughts += part.reasoning;
          messages.push(message);
          if (!message.tool_calls?.length) return message.text;
          const pictures = [];
          for (const { id, name, args } of message.tool_calls) {
            const { text, image } = journal.run(name, args);
            const content = image ? picture(image) : text;
            if (content.after) pictures.push(content.after);
            messages.push(new ToolMessage({ tool_call_id: id, name, content: content.before ?? content }));
          }
          if (pictures.length > 0) messages.push(new HumanMessage({ content: pictures }));
        }
      }

      return { ask, forget: () => { messages = []; } };
    },
  };
}

const url = image => ({ type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } });
const openai = (settings, more) => new ChatOpenAI({ apiKey: settings.key, model: settings.model, maxRetries: 0, maxTokens: 9000, configuration: { baseURL: settings.baseUrl }, ...more });

export const clients = [
  // Chat completions take images from a user alone; thoughts in them are not read.
  client('LangChain, ChatOpenAI chat', 'chat', settings => openai(settings, { reasoning: { effort: settings.chatEffort }, useResponsesApi: false }), image => ({ before: 'The picture follows.', after: url(image) }), { seesThoughts: () => false }),
  // It asks for reasoning by the model's name; some reason by themselves.
  client('LangChain, ChatOpenAI responses', 'responses', settings => openai(settings, { reasoning: { effort: 'medium', summary: 'auto' }, useResponsesApi: true, zdrEnabled: true }), image => [{ type: 'input_image', image_url: `data:image/png;base64,${image}`, detail: 'auto' }], { seesThoughts: model => /^gpt-5|deepseek|kimi/.test(model) }),
  client('LangChain, ChatAnthropic', 'anthropic', ({ key, baseUrl, model }) => new ChatAnthropic({
    apiKey: key, model, anthropicApiUrl: baseUrl.replace(/\/v1\/?$/, ''), maxRetries: 0, maxTokens: 9000,
    thinking: /opus-5|gemini/.test(model) ? { type: 'adaptive', display: 'summarized' } : { type: 'enabled', budget_tokens: 2048 },
  }), image => [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } }]),
];
