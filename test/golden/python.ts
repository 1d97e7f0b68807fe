/**
 * Runs the golden scripts in a virtual environment of their own, made on first use (.venv).
 * `make` rewrites the data; `check` asks the installed libraries again and compares their names, and the answers of those that answer within seconds,
 * or with `check-all` also Keras on its three backends, Optax (which compiles every case) and TensorFlow.js.
 * With `--newest`, the newest releases are asked, whatever the requirements pin, in an environment of their own (.venv-newest).
 * `install` only makes the environment. `files` rewrites the files of arrays with the libraries of requirements-files.txt. `snippets` runs every snippet on its library, `pytests` some cases as the panel writes them for pytest; `random` asks libraries and engine about calls made at random.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const newest = process.argv.includes('--newest');
const environment = fileURLToPath(new URL(newest ? '../../.venv-newest' : '../../.venv', import.meta.url));
const windows = process.platform === 'win32';
const python = join(environment, ...(windows ? ['Scripts', 'python.exe'] : ['bin', 'python']));

const steps = {
  make: [
    ['make_goldens.py'],
    ['make_printed_arrays.py'],
    ['make_messages.py'],
    ['make_math_f64.py'],
    ['make_networks.py'],
  ],
  check: [
    ['check_names.py', process.execPath],
    [
      'make_goldens.py',
      '--check',
      'torch',
      'torchvision',
      'ctc',
      'transport',
      'sklearn',
      'tensorflow',
      'metric_learning',
    ],
    ['make_networks.py', '--check'],
  ],
  files: [['make_array_files.py']],
  'check-all': [
    ['check_names.py', process.execPath],
    ['make_goldens.py', '--check'],
    ['make_networks.py', '--check'],
  ],
};

function run(command: string, ...args: string[]): void {
  const { status, error } = spawnSync(command, args, { cwd: here, stdio: 'inherit' });
  if (error) throw new Error(`${command} does not start: Python 3.11 or newer is needed.`, { cause: error });
  if (status !== 0) process.exit(status ?? 1);
}

/** Installed means: by these very requirements; the newest are looked for each time. */
function install(requirements: string): void {
  const stamp = join(environment, requirements);
  const wanted = readFileSync(join(here, requirements), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (!existsSync(python)) run(windows ? 'python' : 'python3', '-m', 'venv', environment);
  const pip = ['-m', 'pip', 'install', '--retries', '0', '--quiet'];
  if (newest) {
    const unpinned = join(environment, 'unpinned.txt');
    writeFileSync(unpinned, wanted.replaceAll(/==[\w.]+/g, ''));
    run(python, ...pip, '--upgrade', '-r', unpinned);
    run(python, '-m', 'pip', 'freeze');
    return;
  }
  run(python, ...pip, '-r', join(here, requirements));
  writeFileSync(stamp, wanted);
}

const asked = process.argv[2];
if (
  asked !== 'install' &&
  asked !== 'make' &&
  asked !== 'check' &&
  asked !== 'check-all' &&
  asked !== 'files' &&
  asked !== 'snippets' &&
  asked !== 'pytests' &&
  asked !== 'random'
) {
  throw new Error(
    'node test/golden/python.ts install | make | check | check-all | files | snippets | pytests | random',
  );
}
if (newest && (asked === 'make' || asked === 'files'))
  throw new Error('The data is made with the versions that the requirements pin.');
install('requirements.txt');
if (asked === 'install') process.exit();
if (asked === 'snippets' || asked === 'pytests' || asked === 'random') {
  run(process.execPath, join(here, `${asked}.ts`), python, ...process.argv.slice(3));
  process.exit();
}
if (asked === 'files') install('requirements-files.txt');
for (const [script, ...args] of steps[asked]) run(python, join(here, script!), ...args);
