/** The suites for a browser's extension host: one script, and beside it the extension of the virtual workspace. */
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build } from 'esbuild';

const project = path.resolve(import.meta.dirname, '..', '..', '..');
const tests = path.join(project, 'dist', 'test');
const ours = (name: string): string => path.join(import.meta.dirname, name);

const common: BuildOptions = {
  bundle: true,
  platform: 'browser',
  format: 'cjs',
  target: 'es2023',
  external: ['vscode'],
  logLevel: 'warning',
};

/** @returns the file that exports `run` */
export async function bundleForWeb(name: string, suites: readonly (readonly string[])[]): Promise<string> {
  const folder = path.join(tests, 'memory-files');
  await mkdir(folder, { recursive: true });
  await copyFile(ours('memory-files/manifest.json'), path.join(folder, 'package.json'));
  await build({
    ...common,
    entryPoints: [ours('memory-files/extension.ts')],
    outfile: path.join(folder, 'extension.js'),
  });
  const imports = (file: string) => `await import(${JSON.stringify(file.replaceAll('\\', '/'))});`;
  const loads = suites.map((files) => `async () => { ${files.map(imports).join('\n')} }`);
  const outfile = path.join(tests, `${name}.js`);
  await build({
    ...common,
    stdin: {
      contents: `import { runSuites } from './suite.ts';
        import { learnEnvironment, written } from './web/node.ts';
        export async function run() {
          await learnEnvironment();
          try {
            await runSuites([${loads.join(', ')}]);
          } finally {
            await written();
          }
        }`,
      resolveDir: path.join(import.meta.dirname, '..'),
      loader: 'ts',
    },
    outfile,
    inject: [ours('process.ts')],
    // Mocha's script would take these for its own.
    define: { exports: 'undefined' },
    alias: {
      mocha: ours('mocha.ts'),
      'node:assert/strict': ours('assert.ts'),
      'node:fs': ours('node.ts'),
      'node:util': ours('node.ts'),
    },
  });
  return outfile;
}
