/**
 * Makes the VSIX of what `node esbuild.mjs --production` has built. `vsce` takes from node_modules only what is a
 * dependency, and TypeScript looks for its plugins only there: so the files are laid out in a folder of their own, whose
 * package.json has the plugin as its one dependency. node extension/package.ts
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';

const root = path.resolve(import.meta.dirname, '..');
const staged = path.join(root, 'dist', 'package');
const plugin = 'loss-lens-tsserver-plugin';

await rm(staged, { recursive: true, force: true });
for (const file of await listFiles({ cwd: root, packageManager: PackageManager.None })) {
  await mkdir(path.dirname(path.join(staged, file)), { recursive: true });
  await cp(path.join(root, file), path.join(staged, file));
}
for (const file of ['index.js', 'summaries.json', 'package.json']) {
  await cp(path.join(root, 'node_modules', plugin, file), path.join(staged, 'node_modules', plugin, file));
}
await cp(path.join(root, 'dist', 'ThirdPartyNotices.txt'), path.join(staged, 'ThirdPartyNotices.txt'));
const {
  scripts: _,
  devDependencies: __,
  allowScripts: ___,
  private: ____,
  type: _____,
  ...manifest
} = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
manifest.dependencies = { [plugin]: manifest.version };
await writeFile(path.join(staged, 'package.json'), JSON.stringify(manifest, undefined, 2));
// All of it: the project's own said already what is left out.
await writeFile(path.join(staged, '.vscodeignore'), '');
await createVSIX({
  cwd: staged,
  packagePath: path.join(root, `${manifest.name}-${manifest.version}.vsix`),
});
