// Runs one step of the build, unless nothing it reads has changed since it last succeeded.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const contract = '../docs/api/openapi.json';
const tools = ['package-lock.json', 'package.json', 'build/step.mjs', contract];
const sources = ['src', 'dev', 'public', 'index.html', 'vite.config.ts', 'tsconfig.json', 'biome.json'];

const steps = {
  install: { reads: ['package-lock.json'], makes: 'node_modules/.package-lock.json', runs: ['ci'] },
  types: { reads: tools, makes: 'src/api/schema.d.ts', runs: ['run', 'types'] },
  check: { reads: [...tools, ...sources, 'build'], makes: null, runs: ['run', 'check'] },
  test: { reads: [...tools, ...sources], makes: null, runs: ['run', 'test'] },
  bundle: {
    reads: [...tools, ...sources],
    makes: 'target/classes/META-INF/resources/index.html',
    runs: ['run', 'bundle'],
  },
};

const name = process.argv[2];
const step = steps[name];
if (!step) {
  process.stderr.write(`Unknown step "${name}". Known: ${Object.keys(steps).join(', ')}.\n`);
  process.exit(2);
}

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  process.stderr.write(`The console is built with Node 20 or newer; this is ${process.version}.\n`);
  process.exit(1);
}

// Beside what the step makes: a stamp must vanish with it.
const stamp = name === 'install' ? 'node_modules/.postwatch-install' : `target/stamps/${name}`;
const wanted = digest(step.reads);
const done =
  existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && (step.makes === null || existsSync(step.makes));
if (done) {
  process.stdout.write(`${name}: unchanged\n`);
  process.exit(0);
}

rmSync(stamp, { force: true });
const windows = process.platform === 'win32';
const run = spawnSync(windows ? 'npm.cmd' : 'npm', step.runs, { stdio: 'inherit', shell: windows });
if (run.status !== 0) {
  process.exit(run.status ?? 1);
}
mkdirSync(join(stamp, '..'), { recursive: true });
writeFileSync(stamp, wanted);

function digest(paths) {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths.flatMap(filesUnder).sort()) {
    hash.update(path).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

function filesUnder(path) {
  if (!statSync(path).isDirectory()) {
    return [path];
  }
  return readdirSync(path)
    .map((child) => join(path, child))
    .filter((child) => !child.endsWith('schema.d.ts'))
    .flatMap(filesUnder);
}
