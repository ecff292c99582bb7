// Starts the real server on a free port over a fresh directory, and stops or kills it. With LAVA_TEST_STORE=azurite it is the Azure head's composition over a fresh storage emulator, which
// outlives every kill, as a storage account does; so it is for tests that need that head, such as those of live payments. With LAVA_TEST_HOST=functions it is the Functions app itself, as a
// worker of the host in tests/functions-host, over such an emulator and a Service Bus of the tests, which outlive it too.
import { spawn, execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
export const isOnWorker = process.env.LAVA_TEST_HOST === 'functions';
export const isOnAzurite = isOnWorker || process.env.LAVA_TEST_STORE === 'azurite';
const built = (project, name) => join(root, project, 'bin/Release/net10.0', name);
const azureHead = built('tests/azure-head', 'Lava.AzureHead.dll');
const functionsHost = built('tests/functions-host', 'Lava.FunctionsHost.dll');
const serviceBus = built('tests/fake-service-bus', 'Lava.ServiceBusFake.dll');
// infra/modules/service-bus.bicep
const queues = ['usage-records', 'billing', 'wallet-funding', 'payment-events', 'webhook-deliveries'];
const functionsApp = process.env.LAVA_FUNCTIONS_APP ?? built('src/Lava.Functions', 'Lava.Functions.dll');
export const app = process.env.LAVA_APP ?? (isOnWorker ? functionsHost : isOnAzurite ? azureHead : built('src/Lava.Local', 'Lava.Local.dll'));
export const stripe = built('tests/fake-stripe', 'Lava.StripeFake.dll');
const emulator = join(root, 'tests/azurite/node_modules/azurite/dist/src/table/main.js');

// Public: Microsoft Learn, "Use the Azurite emulator", well-known storage account and key.
const account = 'AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const freePort = () => new Promise(resolve => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

// A program and what it prints until it has printed that it is ready. One that is detached leads a group of its own.
export function launch(command, args, env, ready, detached = false) {
  const process = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached });
  let output = '';
  process.stderr.on('data', bytes => { output += bytes; });
  return new Promise((resolve, reject) => {
    process.stdout.on('data', bytes => {
      output += bytes;
      if (ready.test(output)) resolve({ process, output });
    });
    process.once('exit', code => reject(new Error(`${args[0]} ended with ${code}.\n${output}`)));
  });
}

const hasEnded = process => process.exitCode !== null || process.signalCode !== null;

export function end(process, signal) {
  if (hasEnded(process)) return Promise.resolve();
  const ended = new Promise(resolve => process.once('exit', resolve));
  process.kill(signal);
  return ended;
}

export class Server {
  constructor(env = {}, needsAzureHead = false) {
    this.env = env;
    this.app = needsAzureHead ? azureHead : app;
    this.isOnAzurite = needsAzureHead || isOnAzurite;
    this.data = mkdtempSync(join(tmpdir(), 'lava-clients-'));
  }

  static async start(env, needsAzureHead) {
    const server = new Server(env, needsAzureHead);
    await server.start();
    return server;
  }

  async start() {
    if (this.process && !hasEnded(this.process)) return;
    if (this.isOnAzurite && !this.storage) {
      const port = await freePort();
      const args = [emulator, '--tableHost', '127.0.0.1', '--tablePort', `${port}`, '--location', this.data, '--silent', '--disableTelemetry', '--skipApiVersionCheck'];
      this.storage = (await launch('node', args, process.env, /successfully/)).process;
      this.env = { ...this.env, AzureWebJobsStorage: `${account};TableEndpoint=http://127.0.0.1:${port}/devstoreaccount1` };
    }
    if (this.app === functionsHost && !this.bus) {
      const { process: bus, output } = await launch('dotnet', [serviceBus, ...queues], process.env, /told what to do at http.*\n/);
      this.bus = bus;
      this.busControls = /told what to do at (http\S+)/.exec(output)[1];
      this.env = { ...this.env, ServiceBus: /serves (Endpoint=\S+)/.exec(output)[1] };
    }
    const env = { ...process.env, LAVA_FUNCTIONS_APP: functionsApp, ...this.env };
    const { process: server, output } = await launch('dotnet', [this.app, 'up', '--port', '0', '--data', this.data], env, /Lava serves http.*\n/, this.app === functionsHost);
    this.process = server;
    this.consoleLink = /http\S+\/\?code=\S+/.exec(output)?.[0];
    const note = text => { this.worker = Number(text.match(/The worker is process (\d+)/g)?.at(-1).match(/\d+/)[0] ?? this.worker); };
    note(output);
    server.stdout.on('data', bytes => note(`${bytes}`));
    Object.assign(this, JSON.parse(readFileSync(join(this.data, 'credentials.json'), 'utf8')));
    this.baseUrl = /Lava serves (http\S+)/.exec(output)[1];
  }

  // Another process over the same store, with the same credentials.
  async another(env = {}) {
    const other = Object.assign(Object.create(Server.prototype), this, { isGuest: true, process: undefined, env: { ...this.env, ...env } });
    await other.start();
    return other;
  }

  async stop() {
    await end(this.process, 'SIGTERM');
    if (this.isGuest) return;
    if (this.bus) await end(this.bus, 'SIGTERM');
    if (this.storage) await end(this.storage, 'SIGTERM');
    rmSync(this.data, { recursive: true, force: true });
  }

  // An instance is gone: a Functions host and its worker in one stroke.
  kill() {
    if (this.app !== functionsHost || hasEnded(this.process)) return end(this.process, 'SIGKILL');
    const ended = new Promise(resolve => this.process.once('exit', resolve));
    process.kill(-this.process.pid, 'SIGKILL');
    return ended;
  }

  // A Functions host outlives its worker and starts another.
  async killWorker() {
    if (this.app !== functionsHost) return this.kill();
    const killed = this.worker;
    process.kill(killed, 'SIGKILL');
    return this.until(() => this.worker !== killed, 'another worker');
  }

  // Does something to the Service Bus, if anything, and gives what its queues have seen.
  async queues(deed = '') {
    return (await fetch(new URL(deed, this.busControls))).json();
  }

  audit() {
    return new Promise(resolve => execFile('dotnet', [this.app, 'audit', '--data', this.data], { env: { ...process.env, ...this.env } }, (error, stdout, stderr) =>
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
