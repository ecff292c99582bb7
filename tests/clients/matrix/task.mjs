import { AsyncLocalStorage } from 'node:async_hooks';

// The job that every client of the matrix is given: five steps of tool calls, several of them parallel, with an image among the results, and then a question after
// the history was summarised. A script in the prompt tells the sandbox which tools to call (docs/sandbox.md), so that every model asks for the same.
export const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const text = { type: 'string' };
export const schemas = {
  read_file: { description: 'Reads a file.', schema: { type: 'object', properties: { path: text, lines: { type: 'array', items: { type: 'integer' } } }, required: ['path'], additionalProperties: false } },
  list_files: { description: 'Lists the files of a folder.', schema: { type: 'object', properties: { folder: text, depth: { type: 'integer', minimum: 1, maximum: 9 } }, required: ['folder'] } },
  edit_file: {
    description: 'Replaces texts in a file.',
    schema: {
      type: 'object',
      properties: { path: text, edits: { type: 'array', minItems: 1, items: { type: 'object', properties: { before: text, after: text, all: { type: 'boolean', default: false } }, required: ['before', 'after'] } } },
      required: ['path', 'edits'],
    },
  },
  screenshot: { description: 'Takes a picture of the screen.', schema: { type: 'object', properties: {} } },
};

const call = (name, args = {}) => ({ name, arguments: args });
const steps = [
  { text: 'I read both files.', calls: [call('read_file', { path: 'a.txt' }), call('read_file', { path: 'b.txt' })] },
  { calls: [call('list_files', { folder: 'src' })] },
  { text: 'Now the change.', calls: [call('edit_file', { path: 'a.txt', edits: [{ before: '"old"\n', after: 'new – ✓' }] }), call('screenshot'), call('read_file', { path: 'c.txt', lines: [1, 9] })] },
  { calls: [call('screenshot')] },
  { calls: [call('list_files', { folder: 'src', depth: 2 }), call('read_file', { path: 'd.txt' })] },
];
const script = list => `[sandbox-script: ${JSON.stringify(list)}]`;

export const prompt = `Please change the file. ${script([...steps, { text: 'All five steps are done.' }])}`;
export const summarise = 'Summarise what was done so far, for whoever goes on.';
export const goOn = summary => `This is what was done before: ${summary}\n\nGo on. ${script([{ calls: [call('read_file', { path: 'e.txt' }), call('list_files', { folder: 'docs' })] }, { text: 'Done after the summary.' }])}`;

const named = list => list.flatMap(step => step.calls).map(({ name, arguments: args }) => `${name} ${JSON.stringify(args)}`).sort();
export const expected = named(steps);
export const expectedAfterwards = named([{ calls: [call('read_file', { path: 'e.txt' }), call('list_files', { folder: 'docs' })] }]);

// Which cell a request belongs to, whatever library sends it: what the sandbox says that it was told is noted there.
const cell = new AsyncLocalStorage();
const send = globalThis.fetch;
globalThis.fetch = async (...args) => {
  const response = await send(...args);
  const told = response.headers.get('x-sandbox-prompt');
  if (cell.getStore() && told) cell.getStore().told = Object.fromEntries(told.split('; ').map(pair => pair.split('=')).map(([name, count]) => [name, Number(count)]));
  return response;
};

/** What a client did: the tools run by its loop, what it was told, and what it saw of the model's reasoning. */
class Journal {
  calls = [];
  thoughts = '';
  told = {};

  /** Runs a tool: its text, or an image for `screenshot`. */
  run(name, args) {
    this.calls.push(`${name} ${JSON.stringify(args)}`);
    return name === 'screenshot' ? { image: pixel } : { text: `The result of ${name} ${JSON.stringify(args)}.` };
  }
}

/** Does something with a journal of its own, in which its requests are noted. */
export function noted(deed) {
  const journal = new Journal();
  return cell.run(journal, () => deed(journal));
}
