// The Bicep compiler, from its package.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

let executable;

/** Where the compiler is, once its package is restored. */
function bicep() {
  if (executable) return executable;
  const project = fileURLToPath(new URL('../Bicep.csproj', import.meta.url));
  const dotnet = (...words) => execFileSync('dotnet', words, { encoding: 'utf8', env: { ...process.env, DOTNET_NOLOGO: '1', DOTNET_CLI_TELEMETRY_OPTOUT: '1' } });
  dotnet('restore', project, '-v:quiet');
  executable = normalize(dotnet('msbuild', project, '-getProperty:BicepPath').trim().replaceAll('\\', '/'));
  chmodSync(executable, 0o755);
  return executable;
}

/** What the compiler and its linter say of a project's infrastructure: one line for each error and each warning. */
export function compile(project) {
  const folder = mkdtempSync(join(tmpdir(), 'lava-bicep-'));
  try {
    for (const path of project.paths(/^infra\/.*\.(bicep|json)$/)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), project.read(path));
    }

    // Build is lint's check and the making of the template.
    const { status, stderr, error } = spawnSync(bicep(), ['build', join(folder, 'infra/main.bicep'), '--outfile', join(folder, 'main.json')], { encoding: 'utf8' });
    if (error) throw error;
    const said = stderr.split('\n').filter(line => line.trim() !== '').map(line => line.replaceAll(folder, ''));
    return status === 0 || said.length > 0 ? said : [`bicep build ended with ${status}`];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
