// What the C# code reads, listens to and reaches, found in its text. Where the text has a shape that is not understood here, that is a fault too: nothing is passed over.

/** The value of every string constant: by `Class.Name`. */
export function constants(project) {
  const values = new Map();
  for (const path of project.paths(/^src\/.*\.cs$/))
    for (const [name, body] of types(project.read(path)))
      for (const [, constant, value] of body.matchAll(/\bconst string (\w+) = "([^"]*)";/g)) values.set(`${name}.${constant}`, value);
  return values;
}

/** The types of a file with their text, as far as the next one. */
function types(source) {
  const starts = [...source.matchAll(/^\s*(?:public|internal|private)[\w ]*\b(?:class|record(?: struct)?|interface|struct) (\w+)/gm)];
  return starts.map((start, index) => [start[1], source.slice(start.index, starts[index + 1]?.index)]);
}

/** The key that an expression stands for; null where it cannot be told. What is only known at run time is `<name>`. */
function keyOf(expression, type, known) {
  const constant = name => known.get(name.includes('.') ? name : `${type}.${name}`) ?? null;
  const source = expression.trim();
  if (/^"[^"]*"$/.test(source)) return source.slice(1, -1);
  if (/^[A-Z][\w.]*$/.test(source)) return constant(source);
  if (/^\$"[^"]*"$/.test(source)) {
    let failed = false;
    const key = source.slice(2, -1).replace(/\{([^}]+)\}/g, (_, inner) => {
      const value = /^[A-Z][\w.]*$/.test(inner) ? constant(inner) : '<name>';
      if (value === null) failed = true;
      return value;
    });
    return failed ? null : key;
  }
  const parts = source.split(' + ');
  if (parts.length > 1) {
    const values = parts.map(part => (/^\$?"|^[A-Z]/.test(part) ? keyOf(part, type, known) : '<name>'));
    return values.includes(null) ? null : values.join('');
  }
  return null;
}

const simple = new Set(['string', 'int', 'long', 'bool', 'double', 'decimal', 'TimeSpan', 'Uri', 'DateTimeOffset']);

/** The settable properties of an options type, as keys below its section. */
function optionKeys(project, type, faults) {
  const path = project.paths(new RegExp(`^src/.*/${type}\\.cs$`))[0];
  if (!path) {
    faults.push(`The options ${type} have no file of their own.`);
    return [];
  }
  const keys = [];
  for (const [, kind, name] of project.read(path).matchAll(/^\s*public (?:required )?([\w<>, ?.[\]]+) (\w+) \{ get; (?:set|init); \}/gm)) {
    const plain = kind.replace(/\?$/, '');
    if (simple.has(plain)) keys.push(name);
    else if (/^(?:I|IReadOnly)?Dictionary<string, \w+>$/.test(plain)) keys.push(`${name}:<name>`);
    else if (project.paths(new RegExp(`^src/.*/${plain}\\.cs$`)).length > 0) keys.push(...optionKeys(project, plain, faults).map(key => `${name}:${key}`));
    else faults.push(`${path}: tests/infra/lib/code.mjs does not know how ${name} of the type ${kind} is set.`);
  }
  if (keys.length === 0) faults.push(`${path}: no settable property was found.`);
  return keys;
}

/** The settings that the app reads, as they are called in its environment (`Lava__Gateway__IdleSeconds`), with where each is read. */
export function settings(project, files = /^src\/Lava\.(Core|Service|Functions)\/.*\.cs$/) {
  const known = constants(project);
  const faults = [];
  const read = new Map();
  const add = (key, path) => read.set(key.replaceAll(':', '__'), path);
  for (const path of project.paths(files)) {
    for (const [type, body] of types(project.read(path))) {
      const code = body.replace(/^\s*\/\/.*$/gm, '');
      for (const [, expression] of code.matchAll(/\b[cC]onfiguration!?\[((?:[^\][]|\[[^\]]*\])*)\]/g)) {
        const key = keyOf(expression, type, known);
        if (key === null) faults.push(`${path}: which setting is configuration[${expression}]?`);
        else add(key, path);
      }
      for (const match of code.matchAll(/\.(GetSection|GetValue|GetConnectionString)(?:<[\w?]+>)?\(((?:[^()]|\([^()]*\))*)\)/g)) {
        const [all, method, expression] = match;
        const before = code.slice(Math.max(0, match.index - 200), match.index);
        if (!/[cC]onfiguration$/.test(before.replace(/\s+$/, ''))) continue;
        const key = keyOf(expression.split(',')[0], type, known);
        const after = code.slice(match.index + all.length);
        const options = /(?:AddOptions<(\w+)>\(\)[^;]*\.Bind\(|Configure<(\w+)>\()\s*[\w.]*[cC]onfiguration$/.exec(before);
        if (key === null) faults.push(`${path}: which setting is ${method}(${expression})?`);
        else if (method === 'GetValue') add(key, path);
        else if (method === 'GetConnectionString') add(`ConnectionStrings:${key}`, path);
        else if (/^\s*\.GetChildren\(\)/.test(after)) add(`${key}:<name>`, path);
        else if (/^\s*\.Get<(\w+)>\(\)/.test(after)) for (const name of optionKeys(project, /^\s*\.Get<(\w+)>/.exec(after)[1], faults)) add(`${key}:${name}`, path);
        else if (options) for (const name of optionKeys(project, options[1] ?? options[2], faults)) add(`${key}:${name}`, path);
        else faults.push(`${path}: what is read of the section ${key}?`);
      }
      for (const [, expression] of code.matchAll(/\bEnvironment\.GetEnvironmentVariable\(([^)]*)\)/g)) {
        const key = keyOf(expression, type, known);
        if (key === null) faults.push(`${path}: which variable is ${expression}?`);
        else add(key, path);
      }
      if (/\bBindConfiguration\(/.test(code)) faults.push(`${path}: tests/infra/lib/code.mjs does not know BindConfiguration.`);
    }
  }
  return { read, faults };
}

/** The app's functions by trigger. */
export function functions(project) {
  const known = constants(project);
  const faults = [];
  const http = [];
  const queues = [];
  const timers = [];
  for (const path of project.paths(/^src\/Lava\.Functions\/.*\.cs$/)) {
    const source = project.read(path);
    const type = types(source)[0]?.[0];
    const found = [...source.matchAll(/\[Function\(("[^"]*"|\w+)\)\]/g)];
    found.forEach((match, index) => {
      const name = keyOf(match[1], type, known);
      const text = source.slice(match.index, found[index + 1]?.index);
      const route = /\[HttpTrigger\([^\]]*\bRoute = ("[^"]*")/.exec(text);
      const queue = /\[ServiceBusTrigger\(\s*([^,\]]+?)\s*(?:,[^\]]*)?\)\]/.exec(text);
      const timer = /\[TimerTrigger\(\s*("[^"]*"|[\w.]+)/.exec(text);
      if (name === null || [route, queue, timer].filter(Boolean).length !== 1) faults.push(`${path}: what is the trigger of the function ${match[1]}?`);
      else if (route) http.push({ name, route: route[1].slice(1, -1), path });
      else if (timer) timers.push({ name, schedule: keyOf(timer[1], type, known), path });
      else queues.push({ name, queue: keyOf(queue[1], type, known), path });
    });
  }
  for (const { name, queue } of queues) if (queue === null) faults.push(`Which queue is that of the function ${name}?`);
  for (const { name, schedule } of timers) if (schedule === null) faults.push(`What is the schedule of the function ${name}?`);
  return { http, queues, timers, faults };
}

/** Queues that the service's handlers work on. */
export function handledQueues(project) {
  const known = constants(project);
  const found = new Set();
  const faults = [];
  for (const path of project.paths(/^src\/Lava\.Service\/.*\.cs$/))
    for (const [type, body] of types(project.read(path))) {
      const match = /\bstring Queue => ([\w.]+|"[^"]*");/.exec(body);
      if (!match) continue;
      const queue = keyOf(match[1], type, known);
      if (queue === null) faults.push(`${path}: which queue is ${match[1]}?`);
      else found.add(queue);
    }
  return { queues: found, faults };
}

/** Clients that have nothing to do with Azure's roles. */
const strangers = new Set(['HttpClient', 'StripeClient']);

/** Clients of Azure that the app makes, and whether it writes secrets. */
export function clients(project) {
  const found = new Set();
  let writesSecrets = false;
  for (const path of project.paths(/^src\/Lava\.Functions\/.*\.cs$/)) {
    const source = project.read(path);
    if (/^using Azure\./m.test(source))
      for (const [, client] of source.matchAll(/\bnew (\w+Client)\(/g)) if (!strangers.has(client)) found.add(client);
    if (/\.(SetSecretAsync|StartDeleteSecretAsync|StartRecoverDeletedSecretAsync)\(/.test(source)) writesSecrets = true;
  }
  return { clients: found, writesSecrets };
}
