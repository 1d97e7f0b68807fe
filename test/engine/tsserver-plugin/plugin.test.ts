/** The plugin as the build makes it (`npm run build`), in a real tsserver. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { makeProject, type Project } from './project.ts';
import { Server } from './server.ts';

const tf = "import * as tf from '@tensorflow/tfjs';\n";

/** What other files pass on. */
const files = {
  'tsconfig.json':
    '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "allowJs": true, "strict": true, "types": [] }, "include": ["*"] }',
  'passed.ts': `${tf}import { losses } from '@tensorflow/tfjs';
export { losses as L } from '@tensorflow/tfjs';
export const robust = tf.losses.huberLoss;
export const { absoluteDifference: renamed } = losses;
export const either = Math.random() > 0.5 ? losses.meanSquaredError : losses.absoluteDifference;
export let changing = tf.losses.huberLoss;
export const typed: typeof tf.losses.huberLoss = mine as any;
function mine() {}
export function huberLoss() {}
export const table = { huber: losses.huberLoss, mine };
export default losses.huberLoss;
`,
  'again.ts': "export * from './passed';\nexport * as all from './passed';\n",
};

interface QuickInfo {
  readonly documentation: string | readonly { readonly text: string }[];
  readonly displayString: string;
}

describe('the plugin in tsserver', function () {
  this.timeout(60_000);
  let project: Project;
  let server: Server;
  let opened = 0;

  before(async () => {
    const root = path.resolve(import.meta.dirname, '../../..');
    const plugin = path.join(root, 'node_modules', 'loss-lens-tsserver-plugin', 'summaries.json');
    assert(existsSync(plugin), 'The plugin is not built: npm run build');
    project = await makeProject(files);
    server = new Server();
  });

  after(async () => {
    await server?.dispose();
    await project?.dispose();
  });

  /** A file of the project with a mark. */
  function open(marked: string, extension = 'ts'): { file: string; line: number; offset: number } {
    const at = marked.indexOf('|');
    assert(at >= 0, 'no mark');
    const before = marked.slice(0, at);
    const file = path.join(project.folder, `opened${opened++}.${extension}`);
    server.tell('open', { file, fileContent: marked.replace('|', ''), projectRootPath: project.folder });
    return {
      file,
      line: before.split('\n').length,
      offset: at - before.lastIndexOf('\n'),
    };
  }

  async function hover(marked: string, extension?: string): Promise<string> {
    const info = await server.ask<QuickInfo>('quickinfo', open(marked, extension));
    const documentation = info?.documentation ?? '';
    return typeof documentation === 'string' ? documentation : documentation.map(({ text }) => text).join('');
  }

  const huber = /\*\*Huber loss\*\* \(Loss Lens\)[\s\S]*tf\.losses\.huberLoss\(labels, predictions, /;
  const passed =
    "import fallback, { robust, renamed, either, changing, typed, huberLoss, table, L } from './passed';\n";

  for (const [what, marked] of Object.entries({
    'a member of the module': `${tf}tf.losses.huber|Loss`,
    'its first character': `${tf}tf.losses.|huberLoss`,
    'its end': `${tf}tf.losses.huberLoss|`,
    'a renamed import': "import { losses as x } from '@tensorflow/tfjs';\nx.|huberLoss",
    'an element by its name': `${tf}tf.losses['|huberLoss']`,
    'a constant': `${tf}const h = tf.losses.huberLoss;\n|h`,
    'a constant where it is declared': `${tf}const |h = (tf.losses.huberLoss)!;`,
    'what is destructured': `${tf}const { losses: { huberLoss: h } } = tf;\n|h`,
    'a shorthand property': `${tf}const { huberLoss } = tf.losses;\nconst o = { |huberLoss };`,
    'a static readonly field': `${tf}class A { static readonly h = tf.losses.huberLoss }\nA.|h`,
    'what another file exports': `${passed}|robust(a, b)`,
    'the import of it': "import { |robust } from './passed';",
    'the import of it under another name': "import { robust as |h } from './passed';\nh",
    'a default export': `${passed}|fallback`,
    'what another file re-exports': `${passed}L.|huberLoss`,
    'what is re-exported twice': "import { robust } from './again';\n|robust",
    'a member of a namespace that is re-exported': "import { all } from './again';\nall.|robust",
    'an entry of a table in another file': `${passed}table.|huber`,
    'an operation imported by its own path':
      "import { huberLoss } from '@tensorflow/tfjs-core/dist/ops/losses/huber_loss';\n|huberLoss",
  })) {
    it(`knows ${what}`, async () => assert.match(await hover(marked), huber));
  }

  it('knows them in JavaScript, and where it is required', async () => {
    assert.match(
      await hover("const { losses } = require('@tensorflow/tfjs');\nlosses.|huberLoss", 'cjs'),
      huber,
    );
    assert.match(await hover(`${tf}tf.losses.|huberLoss`, 'js'), huber);
    assert.match(await hover(`${passed}<p>{|robust}</p>`, 'tsx'), huber);
  });

  it('tells losses of one type apart, and names each that a constant may be', async () => {
    assert.match(await hover(`${passed}|renamed`), /absoluteDifference\(/);
    const either = await hover(`${passed}|either`);
    assert.match(either, /tf\.losses\.meanSquaredError\(/);
    assert.match(either, /May also be `tf\.losses\.absoluteDifference`/);
  });

  it('knows metrics, and keeps what the library says of them', async () => {
    const info = await hover(`${tf}tf.metrics.|meanSquaredError`);
    assert.match(info, /^\S[\s\S]*\n\n---\n\n\*\*Mean squared error\*\*/);
    assert.match(info, /tf\.metrics\.meanSquaredError\(yTrue, yPred\)/);
  });

  it('knows the strings that compile takes', async () => {
    const model = `${tf}const model = tf.sequential();\n`;
    for (const loss of [
      "'|hinge'",
      "['hinge', '|hinge']",
      "{ a: 'hin|ge' }",
      "a ? '|hinge' : 'poisson'",
      "('|hinge')",
    ]) {
      assert.match(
        await hover(`${model}model.compile({ optimizer: 'sgd', loss: ${loss} });`),
        /\*\*Hinge loss\*\*/,
        loss,
      );
    }
    for (const text of [
      `${model}model.compile({ optimizer: '|hinge', loss: 'hinge' });`,
      `${model}model.compile({ optimizer: 'sgd', loss: 'hinge', metrics: ['|hinge'] });`,
      `${model}model.compile({ optimizer: 'sgd', loss: f('|hinge') });`,
      `const model = { compile(x: {}) {} };\nmodel.compile({ loss: '|hinge' });`,
    ]) {
      assert.equal(await hover(text), '', text);
    }
  });

  it("says nothing of the user's own, nor of what may have changed", async () => {
    for (const text of [
      'function huberLoss() {}\n|huberLoss()',
      `${passed}|huberLoss()`,
      `${passed}table.|mine`,
      `${passed}|changing`,
      `${passed}|typed`,
      `${tf}let h = tf.losses.huberLoss;\n|h`,
      `${tf}const losses = { huberLoss() {} };\nlosses.|huberLoss()`,
      `${tf}tf.losses.|computeWeightedLoss`,
      `${tf}tf.metrics.|r2Score`,
      `${tf}tf.|losses.huberLoss`,
      `${tf}// tf.losses.|huberLoss`,
      `${tf}'tf.losses.|huberLoss'`,
      `${tf}const x = tf.losses.huberLoss(a, b);\n|x`,
      `${tf}tf.losses.|nothing`,
      '|',
    ]) {
      assert.doesNotMatch(await hover(text), /Loss Lens/, text);
    }
  });

  it('adds to the details of a completion', async () => {
    const place = open(`${tf}tf.losses.|`);
    await server.ask('completionInfo', { ...place, triggerCharacter: '.' });
    const details = await server.ask<readonly QuickInfo[]>('completionEntryDetails', {
      ...place,
      entryNames: ['huberLoss', 'computeWeightedLoss'],
    });
    const [loss, other] = details!.map(({ documentation }) => JSON.stringify(documentation));
    assert.match(loss!, /\*\*Huber loss\*\* \(Loss Lens\)/);
    assert.doesNotMatch(other!, /Loss Lens/);
  });

  it('answers everything else as TypeScript does', async () => {
    const place = open(`${tf}const count = 1;\ncount|`);
    const info = await server.ask<QuickInfo>('quickinfo', place);
    assert.equal(info!.displayString, 'const count: 1');
    const definition = await server.ask<readonly unknown[]>('definition', place);
    assert.equal(definition!.length, 1);
  });

  it('leaves to the editor what one file says, when told to', async () => {
    const configure = (hover: string) =>
      server.ask('configurePlugin', {
        pluginName: 'loss-lens-tsserver-plugin',
        configuration: { report: hover },
      });
    await configure('across-files');
    for (const extension of ['ts', 'tsx', 'js', 'jsx', 'mts']) {
      assert.doesNotMatch(await hover(`${tf}tf.losses.|huberLoss`, extension), /Loss Lens/, extension);
    }
    assert.doesNotMatch(
      await hover(`${tf}tf.sequential().compile({ optimizer: 'sgd', loss: '|hinge' });`),
      /Loss Lens/,
    );
    assert.match(await hover(`${passed}|robust(a, b)`), huber);
    await configure('always');
    assert.match(await hover(`${tf}tf.losses.|huberLoss`), huber);
  });
});
