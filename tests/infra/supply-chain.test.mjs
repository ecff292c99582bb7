// What the build takes from others is fixed: packages by hash, actions by commit, tools by version. And CI holds to it.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const read = path => readFileSync(join(root, path), 'utf8');
const projects = [...read('Lava.Functions.sln').matchAll(/"([^"]+\.csproj)"/g)].map(([, path]) => path.replaceAll('\\', '/'));

// They stand on the one package that not every feed has; with it they are restored without a lock (Directory.Build.props).
const belowServiceBus = ['Lava.Functions', 'Lava.Functions.Tests', 'Lava.Azurite.Tests', 'Lava.AzureHead', 'Lava.FunctionsHost'];

test('Every project has a lock file with the hash of every package, and no address of a feed', () => {
  assert.ok(projects.length > 10);
  for (const project of projects) {
    const name = project.match(/([^/]+)\.csproj$/)[1];
    const lock = join(dirname(project), belowServiceBus.includes(name) ? 'packages.stand-in.lock.json' : 'packages.lock.json');
    assert.ok(existsSync(join(root, lock)), `${lock} is missing: restore and commit it`);
    const text = read(lock);
    assert.doesNotMatch(text, /https?:/, lock);
    for (const [framework, packages] of Object.entries(JSON.parse(text).dependencies))
      for (const [id, entry] of Object.entries(packages))
        if (entry.type !== 'Project') assert.match(entry.contentHash ?? '', /^[A-Za-z0-9+/]{86}==$/, `${lock}: ${framework} ${id}`);
  }
});

test('A lock file holds the versions that Directory.Packages.props names', () => {
  const versions = Object.fromEntries([...read('Directory.Packages.props').matchAll(/<PackageVersion Include="([^"]+)" Version="([^"]+)"/g)].map(([, id, version]) => [id.toLowerCase(), version]));
  for (const project of projects) {
    const folder = dirname(project);
    for (const file of readdirSync(join(root, folder)).filter(file => /^packages\..*lock\.json$/.test(file)))
      for (const packages of Object.values(JSON.parse(read(join(folder, file))).dependencies))
        for (const [id, entry] of Object.entries(packages))
          if (entry.type === 'Direct' && versions[id.toLowerCase()]) assert.equal(entry.resolved, versions[id.toLowerCase()], `${folder}/${file}: ${id}; restore and commit it`);
  }
});

test('CI restores in locked mode, and an advisory of high or critical severity breaks the build', () => {
  assert.match(read('.ci/run'), /^export RestoreLockedMode=true$/m);
  const props = read('Directory.Build.props');
  assert.match(props, /<NuGetAuditMode>all<\/NuGetAuditMode>/);
  const always = props.match(/<WarningsNotAsErrors>([^<]+)<\/WarningsNotAsErrors>/)[1];
  for (const code of ['NU1903', 'NU1904']) assert.doesNotMatch(always, new RegExp(code));
});

test('Actions are pinned by their full commit, ask for no right but to read, and run what CI runs', () => {
  const folder = '.github/workflows';
  for (const file of readdirSync(join(root, folder))) {
    const text = read(join(folder, file));
    const uses = [...text.matchAll(/uses:\s*(\S+)(.*)/g)];
    assert.ok(uses.length > 0);
    for (const [, action, note] of uses) {
      assert.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      assert.match(note, /# v\d+\.\d+\.\d+$/);
    }
    assert.match(text, /^permissions:\n {2}contents: read$/m);
  }
  assert.match(read('.github/workflows/ci.yml'), /run: \.ci\/run/);
});

test('Tools are pinned, and the release has a bill of materials', () => {
  for (const [tool, { version, rollForward }] of Object.entries(JSON.parse(read('.config/dotnet-tools.json')).tools)) {
    assert.match(version, /^\d+\.\d+\.\d+$/, tool);
    assert.equal(rollForward, false);
  }
  assert.match(read('eng/release'), /dotnet-CycloneDX/);
});
