// Bicep files as a model: what they declare, what they use, and what a module is given. The grammar knows syntax alone; names are resolved here.
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { Language, Parser } from 'web-tree-sitter';

const require = createRequire(import.meta.url);
await Parser.init();
const language = await Language.load(join(dirname(require.resolve('tree-sitter-bicep/package.json')), 'tree-sitter-bicep.wasm'));

/** Functions of Bicep that the files use; one that is not here is a slip, or is to be added. */
const functions = new Set(['concat', 'deployer', 'empty', 'environment', 'guid', 'items', 'resourceGroup', 'subscription', 'subscriptionResourceId', 'take', 'tenant', 'toLower', 'union', 'uniqueString', 'utcNow']);

const text = node => node.text;
const named = node => node.namedChildren.filter(child => child !== null && child.type !== 'comment');
const unquoted = node => node.text.replace(/^'|'$/g, '').replace(/\\'/g, "'");

function* descendants(node) {
  for (const child of node.namedChildren) {
    if (child === null) continue;
    yield child;
    yield* descendants(child);
  }
}

/** The first object of a declaration's body: below a condition or a loop too. */
function body(node) {
  if (node.type === 'object') return node;
  for (const child of named(node)) {
    if (!['object', 'if_statement', 'for_statement'].includes(child.type)) continue;
    const found = body(child);
    if (found) return found;
  }
  return null;
}

/** An object's properties by name. */
export function properties(object) {
  const found = new Map();
  if (object === null || object === undefined) return found;
  for (const property of named(object)) {
    if (property.type !== 'object_property') continue;
    const [key, value] = named(property);
    found.set(key.type === 'string' ? unquoted(key) : key.text, value);
  }
  return found;
}

export const literal = node => (node?.type === 'string' && !named(node).some(child => child.type === 'interpolation') ? unquoted(node) : null);

/** Elements of an array. */
export const elements = node => (node?.type === 'array' ? named(node) : []);

export class BicepFile {
  constructor(path, source) {
    this.path = path;
    const parser = new Parser();
    parser.setLanguage(language);
    this.root = parser.parse(source).rootNode;
    this.params = new Map();
    this.vars = new Map();
    this.resources = new Map();
    this.modules = new Map();
    this.outputs = new Map();
    let decorators = [];
    for (const node of named(this.root)) {
      if (node.type === 'decorators') {
        decorators = named(node).map(decorator => named(decorator)[0]);
        continue;
      }
      this.#declare(node, decorators);
      decorators = [];
    }
  }

  #declare(node, decorators) {
    const [name, second, third] = named(node);
    switch (node.type) {
      case 'parameter_declaration':
        this.params.set(name.text, { type: second.text, default: third ?? null, allowed: allowed(decorators) });
        break;
      case 'variable_declaration':
        this.vars.set(name.text, second);
        break;
      case 'resource_declaration':
        this.resources.set(name.text, { type: unquoted(second), properties: properties(body(node)), isExisting: /\bexisting\b/.test(node.text.split('{')[0]), node });
        break;
      case 'module_declaration':
        this.modules.set(name.text, { path: posix.join(posix.dirname(this.path), unquoted(second)), params: properties(properties(body(node)).get('params')), node });
        break;
      case 'output_declaration':
        this.outputs.set(name.text, { type: second.text, value: third });
        break;
    }
  }

  /** Places that the grammar does not understand. */
  get syntaxErrors() {
    const found = [];
    const visit = node => {
      if (node.isError || node.isMissing) found.push(`${this.path}:${node.startPosition.row + 1}: ${node.text.slice(0, 60) || node.type}`);
      // A missing brace is a node without a name.
      else if (node.hasError) for (const child of node.children) if (child !== null) visit(child);
    };
    visit(this.root);
    return found;
  }

  get declared() {
    return new Set([...this.params.keys(), ...this.vars.keys(), ...this.resources.keys(), ...this.modules.keys()]);
  }

  /** Names used in expressions, with the names that are bound around them (loops, lambdas) left out, and the functions called. */
  uses() {
    const names = [];
    const calls = [];
    const visit = (node, bound) => {
      const children = named(node);
      switch (node.type) {
        case 'decorator':
        case 'type':
        case 'type_declaration':
          return;
        case 'identifier':
          if (!bound.has(node.text)) names.push({ name: node.text, line: node.startPosition.row + 1 });
          return;
        case 'parameter_declaration':
        case 'variable_declaration':
        case 'resource_declaration':
        case 'module_declaration':
        case 'output_declaration':
          for (const child of children.slice(1)) visit(child, bound);
          return;
        case 'object_property':
          for (const child of children.slice(1)) visit(child, bound);
          return;
        case 'call_expression':
          if (children[0].type === 'identifier') calls.push({ name: children[0].text, line: node.startPosition.row + 1 });
          else visit(children[0], bound);
          for (const child of children.slice(1)) visit(child, bound);
          return;
        case 'for_statement': {
          const loop = children[0].type === 'for_loop_parameters' ? named(children[0]).map(text) : [children[0].text];
          visit(children[1], bound);
          for (const child of children.slice(2)) visit(child, new Set([...bound, ...loop]));
          return;
        }
        case 'lambda_expression': {
          const inner = new Set([...bound, ...(children[0].type === 'identifier' ? [children[0].text] : named(children[0]).map(text))]);
          for (const child of children.slice(1)) visit(child, inner);
          return;
        }
        default:
          for (const child of children) visit(child, bound);
      }
    };
    visit(this.root, new Set());
    return { names, calls };
  }

  /** Uses of modules' outputs: `storage.outputs.id`. */
  outputUses() {
    const uses = [];
    for (const node of descendants(this.root)) {
      const match = node.type === 'member_expression' && /^(\w+)!?\.\??outputs\.\??(\w+)$/.exec(node.text);
      if (match && this.modules.has(match[1])) uses.push({ module: match[1], output: match[2], line: node.startPosition.row + 1 });
    }
    return uses;
  }
}

function allowed(decorators) {
  const call = decorators.find(decorator => named(decorator)[0]?.text === 'allowed');
  return call ? elements(named(named(call)[1])[0]).map(node => literal(node) ?? Number(node.text)) : null;
}

/** Every Bicep file of the project. */
export const load = project => new Map(project.paths(/^infra\/.*\.bicep$/).map(path => [path, new BicepFile(path, project.read(path))]));

/** What an expression's type is, where that is plain; null where it is not. */
function typeOf(file, files, node) {
  switch (node.type) {
    case 'string': return 'string';
    case 'number': return 'int';
    case 'boolean': return 'bool';
    case 'object': return 'object';
    case 'array': return 'array';
    case 'unary_expression': return node.text.startsWith('!') ? 'bool' : 'int';
    case 'identifier': return file.params.get(node.text)?.type ?? (file.vars.has(node.text) ? typeOf(file, files, file.vars.get(node.text)) : null);
    case 'call_expression': return { uniqueString: 'string', union: 'object', toLower: 'string', take: 'string', guid: 'string', empty: 'bool' }[named(node)[0].text] ?? null;
    case 'member_expression': {
      const match = /^(\w+)!?\.\??outputs\.\??(\w+)$/.exec(node.text);
      const module = match && file.modules.get(match[1]);
      return module ? files.get(module.path)?.outputs.get(match[2])?.type ?? null : null;
    }
    default: return null;
  }
}

/** Faults of the files taken together: syntax, names, and what modules are given and asked for. */
export function faults(project) {
  const files = load(project);
  const found = [];
  const called = new Set();
  for (const file of files.values()) {
    const broken = file.syntaxErrors;
    found.push(...broken.map(error => `${error}: not Bicep`));
    for (const module of file.modules.values()) called.add(module.path);
    if (broken.length > 0) continue;
    const { names, calls } = file.uses();
    const declared = file.declared;
    for (const use of names) if (!declared.has(use.name)) found.push(`${file.path}:${use.line}: nothing is called ${use.name}`);
    for (const call of calls) if (!functions.has(call.name)) found.push(`${file.path}:${call.line}: ${call.name} is no known function (tests/infra/lib/bicep.mjs lists them)`);
    const used = new Set(names.map(use => use.name));
    for (const name of [...file.params.keys(), ...file.vars.keys()]) if (!used.has(name)) found.push(`${file.path}: ${name} is used nowhere`);
    for (const [name, parameter] of file.params) {
      const value = parameter.default && (literal(parameter.default) ?? (parameter.default.type === 'number' ? Number(parameter.default.text) : null));
      if (value !== null && parameter.allowed && !parameter.allowed.includes(value)) found.push(`${file.path}: ${name} is ${value} by default, which is not allowed`);
    }
    for (const [name, module] of file.modules) {
      const target = files.get(module.path);
      if (!target) {
        found.push(`${file.path}: the module ${name} is ${module.path}, which does not exist`);
        continue;
      }
      for (const [parameter, { type, default: value }] of target.params) {
        const given = module.params.get(parameter);
        if (!given && value === null) found.push(`${file.path}: the module ${name} is not given ${parameter}`);
        const actual = given && typeOf(file, files, given);
        if (actual && actual !== type) found.push(`${file.path}: the module ${name} takes ${parameter} as ${type} and is given ${actual}`);
      }
      for (const parameter of module.params.keys()) if (!target.params.has(parameter)) found.push(`${file.path}: the module ${name} has no parameter ${parameter}`);
    }
    for (const use of file.outputUses()) {
      const target = files.get(file.modules.get(use.module).path);
      if (target && !target.outputs.has(use.output)) found.push(`${file.path}:${use.line}: the module ${use.module} has no output ${use.output}`);
    }
  }
  for (const path of files.keys()) if (path !== 'infra/main.bicep' && !called.has(path)) found.push(`${path} is used by no file`);
  found.push(...versionFaults(files));
  return found;
}

/** A resource type has one API version everywhere, and a version has the shape of one. */
function versionFaults(files) {
  const versions = new Map();
  const found = [];
  for (const file of files.values())
    for (const [name, resource] of file.resources) {
      const match = /^([A-Z][\w.]+(?:\/\w+)+)@(\d{4}-\d{2}-\d{2}(?:-preview)?)$/.exec(resource.type);
      if (!match) {
        found.push(`${file.path}: ${name} has the type ${resource.type}, which is not Namespace/type@version`);
        continue;
      }
      const known = versions.get(match[1]) ?? match[2];
      versions.set(match[1], known);
      if (known !== match[2]) found.push(`${file.path}: ${match[1]} has the versions ${known} and ${match[2]}`);
    }
  return found;
}

/** Faults of azd's parameters file against the main file's parameters: a default that stands in both must be the same. */
export function parameterFaults(project) {
  const main = load(project).get('infra/main.bicep');
  const given = JSON.parse(project.read('infra/main.parameters.json')).parameters;
  const found = [];
  for (const name of Object.keys(given)) if (!main.params.has(name)) found.push(`main.parameters.json: main.bicep has no parameter ${name}`);
  for (const [name, parameter] of main.params) {
    if (!(name in given)) {
      found.push(`main.parameters.json does not give ${name}`);
      continue;
    }
    const value = given[name].value;
    const variable = typeof value === 'string' ? /^\$\{([A-Z][A-Z0-9_]*)(?:=(.*))?\}$/.exec(value) : null;
    if (typeof value === 'string' && !variable) found.push(`main.parameters.json: ${name} is not a variable of azd's environment`);
    if (variable?.[2] === undefined) continue;
    const fallback = parameter.default === null ? null : literal(parameter.default) ?? parameter.default.text;
    if (String(fallback) !== variable[2]) found.push(`main.parameters.json: ${name} is ${variable[2]} by default, and ${fallback} in main.bicep`);
  }
  return found;
}
