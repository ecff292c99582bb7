// Bicep files as a model: what they declare, to be held against the code. Whether they are right in themselves is the compiler's word (compiler.mjs).
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { Language, Parser } from 'web-tree-sitter';

const require = createRequire(import.meta.url);
await Parser.init();
const language = await Language.load(join(dirname(require.resolve('tree-sitter-bicep/package.json')), 'tree-sitter-bicep.wasm'));

const named = node => node.namedChildren.filter(child => child !== null && child.type !== 'comment');
const unquoted = node => node.text.replace(/^'|'$/g, '').replace(/\\'/g, "'");

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
    for (const node of named(this.root)) this.#declare(node);
  }

  #declare(node) {
    const [name, second, third] = named(node);
    switch (node.type) {
      case 'parameter_declaration':
        this.params.set(name.text, { default: third ?? null });
        break;
      case 'variable_declaration':
        this.vars.set(name.text, second);
        break;
      case 'resource_declaration':
        this.resources.set(name.text, { type: unquoted(second), properties: properties(body(node)) });
        break;
      case 'module_declaration':
        this.modules.set(name.text, posix.join(posix.dirname(this.path), unquoted(second)));
        break;
      case 'output_declaration':
        this.outputs.set(name.text, third);
        break;
    }
  }
}

/** Every Bicep file of the project. */
export const load = project => new Map(project.paths(/^infra\/.*\.bicep$/).map(path => [path, new BicepFile(path, project.read(path))]));

/** Every Bicep file is a part of what is deployed: the compiler reads no other. */
export function orphans(project) {
  const files = load(project);
  const called = new Set([...files.values()].flatMap(file => [...file.modules.values()]));
  return [...files.keys()].filter(path => path !== 'infra/main.bicep' && !called.has(path)).map(path => `${path} is used by no file`);
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
