/**
 * Lays out the npm package of the engine, of what `node esbuild.mjs` has built and `tsc --build` has declared, in
 * dist/npm. node engine/package.ts [--pack FOLDER]
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const root = path.resolve(import.meta.dirname, '..');
const built = path.join(root, 'dist');
const declared = path.join(root, 'node_modules', '.cache', 'types', 'engine');
const laidOut = path.join(built, 'npm');

const typesOf = (entry: string): string => `./types/${entry}.d.ts`;

/** Where programs find the two entries, in Node and in web pages. */
const exportsMap = {
  '.': {
    browser: { types: typesOf('web'), default: './browser/engine.mjs' },
    default: { types: typesOf('node'), default: './engine.mjs' },
  },
  './files': {
    browser: { types: typesOf('formats/files/index'), default: './browser/files.mjs' },
    default: { types: typesOf('formats/files/node'), default: './files.mjs' },
  },
  './web-worker.js': './browser/web-worker.js',
  './package.json': './package.json',
};

export function layOut(): void {
  rmSync(laidOut, { recursive: true, force: true });
  const files: readonly (readonly [from: string, to: string])[] = [
    ...globSync(['{engine,files,cli}.mjs', 'engine-*.mjs', 'browser/*.mjs', '*.wasm', 'worker.js'], {
      cwd: built,
    }).map((file) => [path.join(built, file), file] as const),
    [path.join(built, 'web-worker.js'), 'browser/web-worker.js'],
    [path.join(built, 'engine-notices.txt'), 'ThirdPartyNotices.txt'],
    [path.join(root, 'LICENSE'), 'LICENSE'],
    [path.join(root, 'engine', 'README.md'), 'README.md'],
    ...globSync('*.md', { cwd: path.join(root, 'engine', 'checks') })
      .filter((file) => file !== 'README.md')
      .map((file) => [path.join(root, 'engine', 'checks', file), `checks/${file}`] as const),
  ];
  for (const [from, to] of files) cpSync(from, path.join(laidOut, to));
  for (const entry of ['node', 'web', 'formats/files/node']) declare(`${entry}.d.ts`);
  const json = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  const { name, version, license, repository, homepage, bugs, keywords } = json('package.json');
  // The extension's manifest names it, for its translations.
  const { description } = json('package.nls.json');
  const manifest = {
    name,
    version,
    description,
    license,
    keywords,
    homepage,
    bugs,
    repository: { ...repository, directory: 'engine' },
    engines: { node: '>=22' },
    bin: { 'loss-lens': 'cli.mjs' },
    exports: exportsMap,
    // For what resolves packages in the way of before `exports`.
    main: './engine.mjs',
    types: typesOf('node'),
  };
  write('package.json', `${JSON.stringify(manifest, undefined, 2)}\n`);
  // The worker is CommonJS, so the package is none of modules; its types are.
  write('types/package.json', '{ "type": "module" }\n');
}

const done = new Set<string>();

/** Copies a declaration and those that it imports, under the names that programs have once they are built. */
function declare(file: string): void {
  if (done.has(file)) return;
  done.add(file);
  const here = path.posix.dirname(file);
  const text = readFileSync(path.join(declared, file), 'utf8').replaceAll(
    /(from |import\()'([^']+)'/g,
    (_, before: string, target: string) => `${before}'${declareTarget(here, target)}'`,
  );
  write(`types/${file}`, text);
}

/** @returns how the declaration in this folder names what it imports, now that it is there */
function declareTarget(here: string, target: string): string {
  if (target.startsWith('.')) {
    const built = target.replace(/\.ts$/, '');
    declare(path.posix.join(here, `${built}.d.ts`));
    return `${built}.js`;
  }
  // The package has no dependencies, so it brings the types of those that are bundled.
  const folder = path.join(root, 'node_modules', target);
  const { types } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const foreign = `foreign/${target.replace(/^@/, '').replace('/', '-')}`;
  const text = readFileSync(path.join(folder, types), 'utf8');
  if (/from '/.test(text)) throw new Error(`The types of ${target} import others.`);
  write(`types/${foreign}.d.ts`, text);
  const relative = path.posix.relative(here, foreign);
  return `${relative.startsWith('.') ? relative : `./${relative}`}.js`;
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(laidOut, file)), { recursive: true });
  writeFileSync(path.join(laidOut, file), text);
}

/** @returns the path of the tarball */
export function pack(folder: string): string {
  // By a shell, since on Windows npm is a script of its.
  const npm = spawnSync(`npm pack --json --pack-destination "${folder}"`, {
    cwd: laidOut,
    encoding: 'utf8',
    shell: true,
  });
  if (npm.status !== 0) throw new Error(`npm pack ended with ${npm.status}:\n${npm.stderr}`);
  return path.join(folder, JSON.parse(npm.stdout)[0].filename);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { pack: { type: 'string' } } });
  layOut();
  if (values.pack !== undefined) console.log(pack(path.resolve(values.pack)));
}
