/** Which part of the project may know of which, and what its top level holds. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** Every file of the repository, those not yet committed too. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '');

interface Import {
  readonly file: string;
  readonly line: number;
  /** As written. */
  readonly name: string;
  /** From the root, for a file of the project. */
  readonly target: string | undefined;
  /** Gone once the types are. */
  readonly isType: boolean;
}

/** Static and dynamic imports, re-exports and requires. */
function importsOf(file: string): Import[] {
  const source = readFileSync(path.join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, (comment) =>
    comment.replace(/[^\n]/g, ' '),
  );
  const pattern =
    /^[ \t]*(import|export)\s+(type\s+)?(?:[\w$*\s{},]*?\sfrom\s*)?['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]/gm;
  return [...source.matchAll(pattern)].map((match) => {
    const name = match[3] ?? match[4]!;
    return {
      file,
      line: source.slice(0, match.index).split('\n').length,
      name,
      target: name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : undefined,
      isType: match[2] !== undefined,
    };
  });
}

const imports = files.filter((file) => /^(engine|extension|webview)\/.*\.ts$/.test(file)).flatMap(importsOf);

const within = (folder: string) => (file: string | undefined) => file?.startsWith(`${folder}/`) === true;
const [inEngine, inExtension, inWebview] = [within('engine'), within('extension'), within('webview')];

function assertNone(found: readonly Import[], rule: string): void {
  assert.deepEqual(
    found.map(({ file, line, name }) => `${file}:${line} imports ${name}`),
    [],
    rule,
  );
}

describe('boundaries', () => {
  it('are looked for in every part', () => {
    for (const part of [inEngine, inExtension, inWebview]) {
      assert.ok(imports.filter(({ file }) => part(file)).length > 20);
    }
    assert.ok(
      imports.some(({ name }) => name === 'vscode'),
      'the extension imports vscode somewhere',
    );
    assert.ok(
      imports.some(({ isType }) => isType),
      'somewhere a type is imported',
    );
  });

  it('engine/ imports itself and what runs anywhere, no vscode', () => {
    const own = imports.filter(({ file }) => inEngine(file));
    assertNone(
      own.filter(({ target }) => target !== undefined && !inEngine(target)),
      'engine/ stands on nothing else of the project',
    );
    assertNone(
      own.filter(({ name }) => name === 'vscode'),
      'the engine knows nothing of VS Code',
    );
    const ofNode = new Set([
      'engine/node.ts',
      'engine/node-worker.ts',
      'engine/formats/files/disk.ts',
      'engine/formats/files/node.ts',
      'engine/losses/build.ts',
      'engine/notices.ts',
      'engine/package.ts',
    ]);
    assertNone(
      own.filter(
        ({ name, file }) => name.startsWith('node:') && !ofNode.has(file) && !file.startsWith('engine/cli/'),
      ),
      'only its entries for Node, its worker thread, its command line and steps of the build know of Node',
    );
  });

  it('what a browser runs reaches nothing of Node', () => {
    const entries = ['extension/platform/web.ts', 'engine/web-worker.ts'];
    const reached = new Set<string>(entries);
    for (const file of reached) {
      for (const { target, isType } of imports.filter((one) => one.file === file)) {
        if (target?.endsWith('.ts') && !isType) reached.add(target);
      }
    }
    assert.ok(reached.has('extension/features.ts') && reached.has('engine/backends/wasm/worker.ts'));
    assertNone(
      imports.filter(({ file, name, isType }) => reached.has(file) && !isType && name.startsWith('node:')),
      'a browser has no modules of Node',
    );
    // Its functions are sent to a debugged process and run there.
    reached.delete('extension/arrays/debugger/inspect.ts');
    const globals = /(?<![\w.'"`])(?:Buffer|process|global|setImmediate)\s*[.(]|\b__(?:dirname|filename)\b/;
    const found = [...reached].filter((file) => {
      const code = readFileSync(path.join(root, file), 'utf8').replace(
        /\/\*[\s\S]*?\*\/|\/\/.*|`[^`]*`/g,
        '',
      );
      return globals.test(code);
    });
    assert.deepEqual(found, [], 'a browser has no globals of Node');
  });

  it('the compiler gives engine/ and extension/ no types of the DOM', () => {
    for (const part of ['engine', 'extension']) {
      const { compilerOptions } = JSON.parse(readFileSync(path.join(root, part, 'tsconfig.json'), 'utf8'));
      assert.ok(Array.isArray(compilerOptions.lib), part);
      for (const lib of compilerOptions.lib) assert.doesNotMatch(lib, /^dom/i, part);
    }
  });

  it('webview/ imports no vscode and nothing of Node', () => {
    assertNone(
      imports.filter(({ file, name }) => inWebview(file) && (name === 'vscode' || name.startsWith('node:'))),
      'the webview is a page',
    );
  });

  it('extension/ and webview/ share the types of the protocols, and nothing else', () => {
    const protocols = files.filter((file) => /^extension\/(\w+\/)+protocol\.ts$/.test(file));
    assertNone(
      imports.filter(({ file, target }) => inExtension(file) && inWebview(target)),
      'the extension imports nothing of the webview',
    );
    assertNone(
      imports.filter(
        ({ file, target, isType }) =>
          inWebview(file) && inExtension(target) && !(isType && protocols.includes(target!)),
      ),
      'the webview imports types of the protocols only',
    );
    assert.ok(protocols.length > 0);
    assertNone(
      protocols.flatMap(importsOf).filter(({ isType }) => !isType),
      'a protocol is types alone',
    );
  });

  it('only webview/controls/ imports the toolkit', () => {
    const toolkit = imports.filter(({ name }) => name.startsWith('@vscode/webview-ui-toolkit'));
    assert.ok(toolkit.length > 0);
    assertNone(
      toolkit.filter(({ file }) => !file.startsWith('webview/controls/')),
      'elsewhere controls are the project’s own',
    );
  });

  it('every import of the project’s own names a file that is there', () => {
    const known = new Set(files);
    assertNone(
      imports.filter(({ target }) => target !== undefined && !known.has(target)),
      'there is no such file',
    );
  });

  it('the top level holds the parts of the design and what tools want to find there', () => {
    const folders = new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0]!));
    for (const part of ['engine', 'extension', 'webview', 'demo', 'test']) assert.ok(folders.has(part), part);
    const others = [...folders].filter(
      (folder) =>
        !['engine', 'extension', 'webview', 'demo', 'test', 'docs', 'l10n'].includes(folder) &&
        !folder.startsWith('.'),
    );
    assert.deepEqual(others, []);
    for (const file of [
      'package.json',
      'tsconfig.json',
      'esbuild.mjs',
      '.vscodeignore',
      'README.md',
      'ARCHITECTURE.md',
      'CHANGELOG.md',
      'LICENSE',
    ]) {
      assert.ok(files.includes(file), file);
    }
    const sources = files.filter((file) => !file.includes('/') && /\.(ts|js|mjs|cjs)$/.test(file));
    assert.deepEqual(sources, ['esbuild.mjs'], 'code lies in the parts');
  });

  it('a loss is its two files, in the folder of its family', () => {
    const families = ['regression', 'classification', 'ranking', 'image', 'adversarial', 'specialized'];
    const own = files.filter((file) => file.startsWith('engine/losses/'));
    const guides = /\/(README|choosing)\.md$/;
    const pages = own.filter((file) => file.endsWith('.md') && !guides.test(file));
    assert.ok(pages.length > 0);
    for (const page of pages) {
      assert.ok(families.includes(page.split('/')[2]!), page);
      assert.ok(own.includes(page.replace(/\.md$/, '.ts')), `${page} has no program`);
    }
  });
});
