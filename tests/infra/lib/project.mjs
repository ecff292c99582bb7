// The repository's text as the checks see it. An edit gives another project, so that a test can show that a check fails where it must.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const roots = ['infra', 'src/Lava.Core', 'src/Lava.Service', 'src/Lava.Functions', 'src/Lava.Local', 'docs'];
const files = ['azure.yaml', 'README.md', 'host.json', 'local.settings.example.json'];

export class Project {
  constructor(texts) {
    this.texts = texts;
  }

  static load() {
    const texts = new Map(files.map(file => [file, readFileSync(join(root, file), 'utf8')]));
    for (const folder of roots)
      for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
        const path = relative(root, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join('/');
        if (!entry.isFile() || /\/(bin|obj)\//.test(path) || !/\.(bicep|cs|json|md|sh|ps1)$/.test(path)) continue;
        texts.set(path, readFileSync(join(root, path), 'utf8'));
      }
    return new Project(texts);
  }

  read(path) {
    const text = this.texts.get(path);
    if (text === undefined) throw new Error(`There is no ${path}.`);
    return text;
  }

  /** Paths that match, in order. */
  paths(pattern) {
    return [...this.texts.keys()].filter(path => pattern.test(path)).sort();
  }

  /** The same project with one file edited; the edit must change something. */
  with(path, edit) {
    const before = this.texts.get(path) ?? '';
    const after = edit(before);
    if (after === before) throw new Error(`The edit of ${path} changes nothing.`);
    return new Project(new Map(this.texts).set(path, after));
  }
}
