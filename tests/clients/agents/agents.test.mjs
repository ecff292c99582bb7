// Coding agents in a real loop, headless, each in a folder of its own: five steps that write, read and change files, run commands and look at a picture; then the session goes on,
// compacted where the agent does so by command or by settings. What the agent is to do is a script for the sandbox (docs/sandbox.md). ONLY=codex runs one agent.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Server } from '../lib/server.mjs';
import { pixel } from '../matrix/task.mjs';

const bin = name => join(import.meta.dirname, 'node_modules/.bin', name);
const server = await Server.start();
after(() => server.stop());
const key = server.secret_key;
const origin = new URL(server.baseUrl).origin;

/** Runs a program with a text on its standard input, and gives what it printed. */
function run(command, args, { cwd, env, input = '' }) {
  return new Promise(resolve => {
    const child = spawn(command, args, { cwd, env: { PATH: process.env.PATH, TERM: 'dumb', ...env } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', bytes => { output += bytes; });
    const timer = setTimeout(() => child.kill('SIGKILL'), 180_000);
    child.once('close', () => {
      clearTimeout(timer);
      resolve(output);
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

const call = (name, args) => ({ name, arguments: args });
const script = (words, steps) => `${words} [sandbox-script: ${JSON.stringify(steps)}]`;

/** The job in an agent's own tools: the same files come out of each. */
const job = ({ write, read, change, shell, look, end }) => script('Please do it.', [
  { text: 'I write both files.', calls: [write('a.txt', 'alpha\n'), write('b.txt', 'beta – ✓\n')] },
  [read('a.txt'), read('b.txt')],
  [change('a.txt', 'alpha', 'gamma')],
  [shell('cat a.txt b.txt > c.txt'), look('pixel.png')],
  [shell('ls'), read('c.txt')],
  { text: 'All five steps are done.', ...(end && { directives: `input_tokens=${end}` }) },
]);
const more = ({ shell, read }) => script('Go on.', [[shell('echo after > d.txt'), read('a.txt')], { text: 'Done after the summary.' }]);

const agents = {
  'claude-code': {
    models: ['claude-opus-5-5', 'claude-sonnet-4-5', 'gpt-5.1', 'gpt-5.6-sol', 'gemini-3.8-flash', 'bedrock/anthropic.claude-sonnet-4-6', 'deepseek/deepseek-v4-pro', 'moonshot/kimi-k3'],
    tools: cwd => ({
      write: (file, content) => call('Write', { file_path: join(cwd, file), content }),
      read: file => call('Read', { file_path: join(cwd, file) }),
      look: file => call('Read', { file_path: join(cwd, file) }),
      change: (file, before, now) => call('Edit', { file_path: join(cwd, file), old_string: before, new_string: now }),
      shell: command => call('Bash', { command, description: 'Runs it' }),
    }),
    async ask({ cwd, home, model }, text, isNext) {
      const env = { HOME: home, ANTHROPIC_BASE_URL: origin, ANTHROPIC_API_KEY: key, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1', IS_SANDBOX: '1' };
      const args = ['--model', model, '--dangerously-skip-permissions', '-p'];
      if (isNext) await run(bin('claude'), ['--continue', ...args, '/compact'], { cwd, env });
      return run(bin('claude'), [...(isNext ? ['--continue'] : []), ...args, text], { cwd, env });
    },
  },
  codex: {
    models: ['gpt-5.1', 'gpt-5.6-sol', 'claude-opus-5-5', 'gemini-3.8-flash', 'bedrock/anthropic.claude-sonnet-4-6', 'deepseek/deepseek-v4-pro'],
    tools(cwd, model) {
      // To its own newest models Codex gives one tool, which runs scripts.
      const isCode = model.startsWith('gpt-5.6');
      const shell = cmd => isCode
        ? { name: 'exec', input: `text(JSON.stringify(await tools.exec_command({ cmd: ${JSON.stringify(cmd)}, workdir: ${JSON.stringify(cwd)} })));` }
        : call('exec_command', { cmd, workdir: cwd });
      return {
        shell,
        write: (file, content) => shell(`printf '${content.replace('\n', '\\n')}' > ${file}`),
        read: file => shell(`cat ${file}`),
        look: file => isCode ? shell(`wc -c ${file}`) : call('view_image', { path: join(cwd, file) }),
        change: (file, before, now) => shell(`sed -i s/${before}/${now}/ ${file}`),
        end: 150_000,
      };
    },
    ask({ cwd, home, model }, text, isNext) {
      mkdirSync(join(home, '.codex'), { recursive: true });
      writeFileSync(join(home, '.codex/config.toml'), `model_provider = "lava"
approval_policy = "never"
sandbox_mode = "danger-full-access"
web_search = "disabled"
model_reasoning_effort = "medium"
model_auto_compact_token_limit = 100000
[model_providers.lava]
name = "Lava"
base_url = "${origin}/v1"
env_key = "LAVA_KEY"
wire_api = "responses"
`);
      const env = { HOME: home, LAVA_KEY: key };
      return run(bin('codex'), ['exec', '-m', model, ...(isNext ? ['resume', '--last'] : []), '--skip-git-repo-check', text], { cwd, env });
    },
  },
  opencode: {
    models: ['openai/gpt-5.1', 'openai/gpt-5.6-sol', 'anthropic/claude-opus-5-5', 'anthropic/gpt-5.6-sol', 'compatible/claude-opus-5-5', 'compatible/gemini-3.8-flash', 'compatible/bedrock/anthropic.claude-sonnet-4-6', 'anthropic/deepseek/deepseek-v4-pro'],
    tools(cwd) {
      const shell = command => call('bash', { command, description: 'Runs it' });
      const read = file => call('read', { filePath: join(cwd, file) });
      return { shell, read, look: read, write: (file, content) => shell(`printf '${content.replace('\n', '\\n')}' > ${file}`), change: (file, before, now) => shell(`sed -i s/${before}/${now}/ ${file}`), end: 190_000 };
    },
    ask({ cwd, home, model }, text, isNext) {
      const entry = { attachment: true, reasoning: true, tool_call: true, modalities: { input: ['text', 'image'], output: ['text'] }, limit: { context: 200_000, output: 32_000 } };
      const [kind, ...rest] = model.split('/');
      const npm = { openai: '@ai-sdk/openai', anthropic: '@ai-sdk/anthropic', compatible: '@ai-sdk/openai-compatible' }[kind];
      const provider = { lava: { npm, options: { baseURL: `${origin}/v1`, apiKey: key }, models: { [rest.join('/')]: entry } } };
      writeFileSync(join(cwd, 'opencode.json'), JSON.stringify({ $schema: 'https://opencode.ai/config.json', autoupdate: false, share: 'disabled', permission: { '*': 'allow' }, provider }));
      const env = { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_DATA_HOME: join(home, 'data'), OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' };
      return run(bin('opencode'), ['run', ...(isNext ? ['--continue'] : []), '-m', `lava/${rest.join('/')}`], { cwd, env, input: text });
    },
  },
  'gemini-cli': {
    // On Gemini's own models its resumed sessions say each result twice, which Google refuses.
    models: ['gpt-5.1', 'gpt-5.6-sol', 'claude-opus-5-5', 'gemini-3.8-flash', 'gemini-2.5-flash', 'bedrock/anthropic.claude-sonnet-4-6', 'deepseek/deepseek-v4-pro'],
    goesOn: model => !model.startsWith('gemini'),
    tools: cwd => ({
      write: (file, content) => call('write_file', { file_path: join(cwd, file), content }),
      read: file => call('read_file', { file_path: join(cwd, file) }),
      look: file => call('read_file', { file_path: join(cwd, file) }),
      change: (file, before, now) => call('run_shell_command', { command: `sed -i s/${before}/${now}/ ${file}` }),
      shell: command => call('run_shell_command', { command }),
    }),
    ask({ cwd, home, model }, text, isNext) {
      mkdirSync(join(home, '.gemini'), { recursive: true });
      const settings = { security: { auth: { selectedType: 'gemini-api-key' } }, privacy: { usageStatisticsEnabled: false }, telemetry: { enabled: false }, general: { enableAutoUpdate: false } };
      writeFileSync(join(home, '.gemini/settings.json'), JSON.stringify(settings));
      const env = { HOME: home, GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: origin, GEMINI_CLI_TRUST_WORKSPACE: 'true' };
      return run(bin('gemini'), ['-m', model, '--yolo', ...(isNext ? ['--resume', 'latest'] : [])], { cwd, env, input: text });
    },
  },
  cline: {
    models: ['gpt-5.1', 'claude-opus-5-5', 'claude-sonnet-4-5', 'gemini-3.8-flash', 'bedrock/anthropic.claude-sonnet-4-6', 'moonshot/kimi-k3'],
    goesOn: () => false,
    tools(cwd) {
      const shell = command => call('run_commands', { commands: [command] });
      const read = file => call('read_files', { files: [{ path: join(cwd, file) }] });
      return { shell, read, look: read, write: (file, content) => shell(`printf '${content.replace('\n', '\\n')}' > ${file}`), change: (file, before, now) => shell(`sed -i s/${before}/${now}/ ${file}`) };
    },
    async ask({ cwd, home, model }, text) {
      const env = { HOME: home };
      await run(bin('cline'), ['auth', '-p', 'openai', '-k', key, '-m', model, '-b', `${origin}/v1`], { cwd, env });
      return run(bin('cline'), ['--thinking', 'medium', '-c', cwd, text], { cwd, env });
    },
  },
};

for (const [name, agent] of Object.entries(agents).filter(([name]) => !process.env.ONLY || process.env.ONLY === name)) {
  for (const model of agent.models) {
    test(`${name} × ${model}`, async t => {
      const root = mkdtempSync(join(tmpdir(), 'lava-agents-'));
      t.after(() => rmSync(root, { recursive: true, force: true }));
      const [cwd, home] = [join(root, 'work'), join(root, 'home')];
      for (const folder of [cwd, home]) mkdirSync(folder);
      writeFileSync(join(cwd, 'pixel.png'), Buffer.from(pixel, 'base64'));
      const tools = agent.tools(cwd, model);

      const said = await agent.ask({ cwd, home, model }, job(tools), false);
      assert.match(said, /All five steps are done\./, said.slice(-2000));
      assert.equal(readFileSync(join(cwd, 'c.txt'), 'utf8'), 'gamma\nbeta – ✓\n');
      if (agent.goesOn?.(model) === false) return;
      const then = await agent.ask({ cwd, home, model }, more(tools), true);
      assert.match(then, /Done after the summary\./, then.slice(-2000));
      assert.equal(readFileSync(join(cwd, 'd.txt'), 'utf8'), 'after\n');
    });
  }
}
