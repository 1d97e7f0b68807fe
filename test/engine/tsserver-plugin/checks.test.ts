/** What the plugin reports besides the extension: findings that only the types tell, in a real tsserver. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { makeProject, type Project } from './project.ts';
import { Server } from './server.ts';

const tf = "import * as tf from '@tensorflow/tfjs';\n";
const files = {
  'tsconfig.json':
    '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "target": "es2022", "allowJs": true, "strict": true, "types": [] }, "include": ["*"] }',
  'passed.ts': `${tf}export const crossEntropy = tf.losses.softmaxCrossEntropy;
export const { meanSquaredError: error } = tf.losses;
export const table = { entropy: crossEntropy };
`,
  'model.ts': `${tf}export function make() {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 3 }));
  return model;
}
export const probabilities = (x: tf.Tensor2D) => x.softmax();
export const loop = () => again();
import { again } from './loop';
`,
  'loop.ts': "import { loop } from './model';\nexport const again = () => loop();\n",
  'again.ts': "export * from './model';\nexport * from './passed';\nexport * as all from './passed';\n",
};

interface Reported {
  readonly source?: string;
  readonly code: number;
  readonly category: string;
  readonly text: string;
  readonly start: { readonly line: number; readonly offset: number };
  readonly end: { readonly line: number; readonly offset: number };
  readonly relatedInformation?: readonly { readonly message: string }[];
}

interface CodeFix {
  readonly description: string;
  readonly changes: readonly { readonly textChanges: readonly { readonly newText: string }[] }[];
}

describe('checks by the plugin in tsserver', function () {
  this.timeout(60_000);
  let project: Project;
  let server: Server;
  let opened = 0;

  before(async () => {
    const root = path.resolve(import.meta.dirname, '../../..');
    const plugin = path.join(root, 'node_modules', 'loss-lens-tsserver-plugin', 'index.js');
    assert(existsSync(plugin), 'The plugin is not built: npm run build');
    project = await makeProject(files);
    server = new Server();
  });

  after(async () => {
    await server?.dispose();
    await project?.dispose();
  });

  afterEach(() => configure({}));

  function configure(configuration: object): Promise<unknown> {
    return server.ask('configurePlugin', { pluginName: 'loss-lens-tsserver-plugin', configuration });
  }

  function open(text: string, extension = 'ts'): string {
    const file = path.join(project.folder, `checked${opened++}.${extension}`);
    server.tell('open', { file, fileContent: text, projectRootPath: project.folder });
    return file;
  }

  async function reportedIn(file: string): Promise<readonly Reported[]> {
    const all = await server.ask<readonly Reported[]>('semanticDiagnosticsSync', { file });
    return all!.filter(({ source }) => source === 'Loss Lens');
  }

  async function reported(text: string, extension?: string): Promise<string[]> {
    const found = await reportedIn(open(text, extension));
    return found.map(({ text: message, start, end }) => {
      const lines = text.split('\n');
      assert.equal(start.line, end.line);
      return `${/\(([\w-]+)\)$/.exec(message)![1]}: ${lines[start.line - 1]!.slice(start.offset - 1, end.offset - 1)}`;
    });
  }

  const entropy = "import { crossEntropy } from './passed';\n";
  const tensors = `${tf}declare const x: tf.Tensor2D, y: tf.Tensor2D, one: tf.Tensor1D;\n`;

  for (const [what, text] of Object.entries({
    'a constant of another file': `${entropy}${tensors}crossEntropy(y, x.softmax());`,
    'another name for it': `import { crossEntropy as h } from './passed';\n${tensors}h(y, x.softmax());`,
    'what is re-exported': `import { all } from './again';\n${tensors}all.crossEntropy(y, x.softmax());`,
    'an entry of a table': `import { table } from './again';\n${tensors}table.entropy(y, x.softmax());`,
  })) {
    it(`sees a softmax before ${what}`, async () => {
      assert.deepEqual(await reported(text), ['softmax-before-cross-entropy: x.softmax()']);
      await configure({ report: 'across-files' });
      assert.deepEqual(await reported(text), ['softmax-before-cross-entropy: x.softmax()']);
    });
  }

  it('sees arguments that are swapped, whatever the loss is called here', async () => {
    const text = `${entropy}${tensors}const labels = y, logits = x;\ncrossEntropy(logits, labels);`;
    assert.deepEqual(await reported(text), ['swapped-arguments: logits, labels']);
  });

  const typed = `${tf}/** @type {tf.Tensor1D} */ const flat = f();\n/** @type {tf.Tensor2D} */ const table = f();\nfunction f() { return /** @type {any} */ (0); }\n`;

  it('compares ranks by type in JavaScript, where TypeScript says nothing', async () => {
    const text = `${typed}tf.losses.meanSquaredError(flat, table);`;
    assert.deepEqual(await reported(text, 'js'), ['broadcast-shapes: table']);
  });

  it('does not repeat what TypeScript says', async () => {
    const text = `${tensors}tf.losses.meanSquaredError(one, x);\ntf.losses.meanSquaredError(y, x.data());`;
    const all = await server.ask<readonly Reported[]>('semanticDiagnosticsSync', { file: open(text) });
    assert.equal(all!.length, 2, JSON.stringify(all));
    assert.deepEqual(
      all!.filter(({ source }) => source === 'Loss Lens'),
      [],
    );
  });

  it('sees a promise, and mends it', async () => {
    const text = `${typed}async function g() { return tf.losses.absoluteDifference(flat, flat.data()); }`;
    assert.deepEqual(await reported(text, 'js'), ['not-a-tensor: flat.data()']);
    const file = open(text, 'js');
    const [found] = await reportedIn(file);
    const fixes = await server.ask<readonly CodeFix[]>('getCodeFixes', {
      file,
      startLine: found!.start.line,
      startOffset: found!.start.offset,
      endLine: found!.end.line,
      endOffset: found!.end.offset,
      errorCodes: [found!.code],
    });
    assert.deepEqual(
      fixes!.map(({ description, changes }) => [description, changes[0]!.textChanges[0]!.newText]),
      [
        ['Await it', 'await flat.data()'],
        ['Ignore not-a-tensor here', '// loss-lens: ignore[not-a-tensor]\n'],
      ],
    );
    const supported = await server.ask<readonly string[]>('getSupportedCodeFixes', { file });
    assert.ok(supported!.includes(String(found!.code)));
  });

  it('sees numbers that carry no gradient, by their type', async () => {
    const text = `${tensors}declare const opt: { minimize(f: () => tf.Tensor): void };\ndeclare const numbers: number[];\nconst labels = y;\nopt.minimize(() => tf.losses.meanSquaredError(labels, numbers));`;
    assert.deepEqual(await reported(text), ['non-differentiable: numbers']);
  });

  it('follows a model and a tensor into the file whose function makes them', async () => {
    const made = `import { make, probabilities, loop } from './again';\n${tensors}const model = make();\n`;
    for (const report of ['always', 'across-files']) {
      await configure({ report });
      assert.deepEqual(
        await reported(`${made}model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });`),
        ["crossentropy-without-activation: 'categoricalCrossentropy'"],
      );
      assert.deepEqual(await reported(`${made}tf.losses.softmaxCrossEntropy(y, probabilities(x));`), [
        'softmax-before-cross-entropy: probabilities(x)',
      ]);
    }
    assert.deepEqual(await reported(`${made}tf.losses.softmaxCrossEntropy(y, loop());`), []);
    const file = open(`${made}model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });`);
    const [found] = await reportedIn(file);
    assert.deepEqual(
      found!.relatedInformation!.map(({ message }) => message),
      ['The last layer is here.'],
    );
  });

  it('leaves to the editor what one file says, when told to', async () => {
    const text = `${tensors}tf.losses.softmaxCrossEntropy(y, x.softmax());`;
    assert.deepEqual(await reported(text), ['softmax-before-cross-entropy: x.softmax()']);
    await configure({ report: 'across-files' });
    assert.deepEqual(await reported(text), []);
  });

  it('speaks the language whose words it is given, from the next look on', async () => {
    const file = open(`${entropy}${tensors}crossEntropy(y, x.softmax());`);
    const said = async () => (await reportedIn(file)).map(({ text }) => text.split('.')[0]);
    const english =
      'softmaxCrossEntropy takes logits and applies softmax itself, but this comes out of a softmax';
    assert.deepEqual(await said(), [english]);
    const words = path.resolve(import.meta.dirname, '../../../l10n/bundle.l10n.de.json');
    await configure({ words });
    assert.deepEqual(await said(), [
      'softmaxCrossEntropy nimmt Logits und wendet Softmax selbst an, aber das kommt aus einem Softmax',
    ]);
    await configure({ words: `${words}.missing` });
    assert.deepEqual(await said(), [english]);
  });

  it('follows the settings, also those of a folder', async () => {
    const text = `${entropy}${tensors}crossEntropy(y, x.softmax());`;
    const code = 'softmax-before-cross-entropy';
    const category = async () => (await reportedIn(open(text)))[0]?.category;
    assert.equal(await category(), 'warning');
    await configure({ checks: { severity: { [code]: 'error' } } });
    assert.equal(await category(), 'error');
    await configure({ checks: { severity: { [code]: 'nonsense' } } });
    assert.equal(await category(), 'warning');
    await configure({ checks: { severity: { [code]: 'off' } } });
    assert.equal(await category(), undefined);
    await configure({ checks: { enabled: false } });
    assert.equal(await category(), undefined);
    await configure({
      checks: { enabled: false },
      folders: [{ folder: project.folder, severity: { [code]: 'hint' } }],
    });
    assert.equal(await category(), 'suggestion');
  });

  it('is silenced by a comment, and says where the softmax is', async () => {
    const call = 'crossEntropy(y, x.softmax());';
    assert.deepEqual(await reported(`${entropy}${tensors}// loss-lens: ignore\n${call}`), []);
    const [found] = await reportedIn(open(`${entropy}${tensors}${call}`));
    assert.deepEqual(
      found!.relatedInformation!.map(({ message }) => message),
      ['The softmax is here.'],
    );
  });

  it('has nothing to say in a file without losses, nor of what only looks like one', async () => {
    assert.deepEqual(await reported('export const a = 1;'), []);
    assert.deepEqual(
      await reported(
        `${tensors}const crossEntropy = (a: unknown, b: unknown) => a ?? b;\ncrossEntropy(y, x.softmax());`,
      ),
      [],
    );
  });
});
