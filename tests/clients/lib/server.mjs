// Starts the real server on a free port over a fresh directory, and stops or kills it.
import { spawn, execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const app = process.env.LAVA_APP ?? join(root, 'src/Lava.Local/bin/Release/net10.0/Lava.Local.dll');

export class Server {
  constructor(env = {}) {
    this.env = env;
    this.data = mkdtempSync(join(tmpdir(), 'lava-clients-'));
  }

  static async start(env) {
    const server = new Server(env);
    await server.start();
    return server;
  }

  async start() {
    this.process = spawn('dotnet', [app, 'up', '--port', '0', '--data', this.data], { env: { ...process.env, ...this.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    this.process.stderr.on('data', bytes => { output += bytes; });
    await new Promise((resolve, reject) => {
      this.process.stdout.on('data', bytes => {
        output += bytes;
        if (/Lava serves http/.test(output)) resolve();
      });
      this.process.once('exit', code => reject(new Error(`The server ended with ${code}.\n${output}`)));
    });
    Object.assign(this, JSON.parse(readFileSync(join(this.data, 'credentials.json'), 'utf8')));
    this.baseUrl = this.base_url;
  }

  async end(signal) {
    const ended = new Promise(resolve => this.process.once('exit', resolve));
    this.process.kill(signal);
    await ended;
  }

  async stop() {
    await this.end('SIGTERM');
    rmSync(this.data, { recursive: true, force: true });
  }

  kill() {
    return this.end('SIGKILL');
  }

  audit() {
    return new Promise(resolve => execFile('dotnet', [app, 'audit', '--data', this.data], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr })));
  }

  async api(method, path, body, key = this.secret_key) {
    const response = await fetch(new URL(path, this.baseUrl), {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }

  forward(target, body, headers = {}, init = {}) {
    return fetch(`${this.baseUrl}forward?u=${encodeURIComponent(target)}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.secret_key}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      ...init,
    });
  }

  // Metering follows an answer within milliseconds; this waits until it has.
  async until(check, what = 'it to come true', last = () => undefined) {
    for (let i = 0; i < 120; i++) {
      const value = await check();
      if (value) return value;
      await new Promise(resolve => setTimeout(resolve, i < 40 ? 25 : 250));
    }
    throw new Error(`Waited in vain for ${what}. ${JSON.stringify((await last())?.body ?? '')}`);
  }

  request(id, status = 'completed') {
    return this.until(async () => {
      const { body } = await this.api('GET', `requests/${id}`);
      return body.status === status ? body : undefined;
    }, `request ${id} to be ${status}`, () => this.api('GET', `requests/${id}`));
  }
}

export function token(parts) {
  return Buffer.from(JSON.stringify(parts)).toString('base64');
}

export const chat = (text, more = {}) => ({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: text }], ...more });
export const openai = 'https://api.openai.com/v1/chat/completions';
