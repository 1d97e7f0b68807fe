import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { symbols } from '../../../../engine/frameworks/index.ts';
import { findLosses, lossAt, recognisedLanguages } from '../../../../engine/recognise/index.ts';

const all = "import * as tf from '@tensorflow/tfjs';\n";

/** Each as `name:symbol`, the symbol without `tf.`; with `?symbol` for what else it may be. */
function found(source: string, languageId = 'typescript'): string[] {
  return findLosses(source, languageId).map(({ start, end, symbol, alternatives = [] }) => {
    const short = (name: string) => name.replace(/^tf\./, '');
    return `${source.slice(start, end)}:${[symbol, ...alternatives].map(short).join('?')}`;
  });
}

function cases(table: Readonly<Record<string, readonly string[]>>, languageId?: string): void {
  for (const [source, expected] of Object.entries(table)) {
    it(JSON.stringify(source), () => deepEqual(found(source, languageId), expected));
  }
}

const huber = ['huberLoss:losses.huberLoss'];
const h = ['h:losses.huberLoss'];

describe('losses named in TypeScript', () => {
  describe('are found through every form of import', () => {
    cases({
      [`${all}tf.losses.huberLoss(a, b)`]: huber,
      "import tf from '@tensorflow/tfjs';\ntf.losses.huberLoss": huber,
      "import { losses } from '@tensorflow/tfjs';\nlosses.huberLoss": huber,
      'import { losses as l, tensor } from "@tensorflow/tfjs";\nl.huberLoss': huber,
      "import { default as x } from '@tensorflow/tfjs';\nx.losses.huberLoss": huber,
      "import t, { losses } from '@tensorflow/tfjs';\nlosses.huberLoss, t.losses.huberLoss": [
        ...huber,
        ...huber,
      ],
      "import tf = require('@tensorflow/tfjs');\ntf.losses.huberLoss": huber,
      "const tf = require('@tensorflow/tfjs-node');\ntf.losses.huberLoss": huber,
      "const { losses } = require('@tensorflow/tfjs-node-gpu');\nlosses.huberLoss": huber,
      "require('@tensorflow/tfjs').losses.huberLoss": huber,
      "const tf = await import('@tensorflow/tfjs');\ntf.losses.huberLoss": huber,
      "(await import('@tensorflow/tfjs')).losses.huberLoss": huber,
      "const { losses: { huberLoss: h } } = await import('@tensorflow/tfjs');\nh(a, b)": h,
      "import('@tensorflow/tfjs').then((tf) => tf.losses.huberLoss)": huber,
      "import('@tensorflow/tfjs').then(({ losses }) => { losses.huberLoss })": huber,
      "import * as c from '@tensorflow/tfjs-core';\nc.losses.huberLoss": huber,
      "import { metrics } from '@tensorflow/tfjs-layers';\nmetrics.mse": ['mse:layers.meanSquaredError'],
      "import * as tf from '@tensorflow/tfjs/dist/index.js';\ntf.losses.huberLoss": huber,
      "import * as tf from 'https://cdn.jsdelivr.net/npm/@tensorflow/tfjs@4.22.0/+esm';\ntf.losses.huberLoss":
        huber,
      "import tf from 'npm:@tensorflow/tfjs@4';\ntf.losses.huberLoss": huber,
      "declare const tf: typeof import('@tensorflow/tfjs');\ntf.losses.huberLoss": huber,
      'tf.losses.huberLoss': huber,
    });
  });

  describe('are found under other names', () => {
    cases({
      [`${all}const L = tf.losses;\nL.huberLoss(a, b)`]: huber,
      [`${all}const h = tf.losses.huberLoss;\nh(a, b)`]: [...huber, ...h],
      [`${all}const { losses } = tf;\nlosses.huberLoss`]: huber,
      [`${all}const { huberLoss: h, ...rest } = tf.losses;\nh`]: h,
      [`${all}const { huberLoss: h = mine } = tf.losses;\nh`]: h,
      [`${all}const [h, g] = [tf.losses.huberLoss, f];\nh, g`]: [...huber, ...h],
      [`${all}const l = { h: tf.losses.huberLoss };\nl.h(a, b)`]: [...huber, ...h],
      [`${all}const { huberLoss } = tf.losses;\nconst l = { huberLoss };\nl.huberLoss`]: [...huber, ...huber],
      [`${all}tf.losses['huberLoss'](a, b)`]: huber,
      [`${all}tf?.losses?.huberLoss?.(a, b)`]: huber,
      [`${all}tf!.losses!.huberLoss!(a, b)`]: huber,
      [`${all}(tf.losses as any).huberLoss(a, b)`]: huber,
      [`${all}tf.losses.huberLoss<T, U>(a, b)`]: huber,
      [`${all}(0, tf.losses.huberLoss)(a, b)`]: huber,
      [`${all}const h = (tf.losses.huberLoss satisfies F);\nh`]: [...huber, ...h],
      [`${all}function train(h = tf.losses.huberLoss) { h(a, b); }`]: [...huber, ...h],
      [`${all}const train = ({ h = tf.losses.huberLoss }) => h(a, b);`]: [...huber, ...h],
      [`${all}class A { private h = tf.losses.huberLoss; f() { return () => this.h(a, b); } }`]: [
        ...huber,
        ...h,
      ],
      [`${all}class A { #h; constructor() { this.#h = tf.losses.huberLoss; } f() { this.#h(a); } }`]: [
        ...huber,
        '#h:losses.huberLoss',
      ],
      [`${all}class A { h = tf.losses.huberLoss }\nclass B extends A { f() { this.h(a); } }\nnew A().h`]: [
        ...huber,
        ...h,
        ...h,
      ],
      [`${all}class A { constructor(private readonly h = tf.losses.huberLoss) {} f() { this.h(a); } }`]: [
        ...huber,
        ...h,
      ],
      [`${all}const { losses, ...rest } = tf;\nrest.metrics.mse`]: ['mse:layers.meanSquaredError'],
      [`${all}class A { static h = tf.losses.huberLoss }\nA.h`]: [...huber, ...h],
      [`${all}[a, b].map(tf.losses.huberLoss)`]: huber,
      [`${all}export { huberLoss };\nconst { huberLoss } = tf.losses;`]: huber,
      [`${all}const x = y ? tf.losses.huberLoss : tf.losses.logLoss;\nx`]: [
        ...huber,
        'logLoss:losses.logLoss',
        'x:losses.huberLoss?losses.logLoss',
      ],
      [`${all}tf.metrics.meanSquaredError(a, b), tf.metrics.MAPE`]: [
        'meanSquaredError:layers.meanSquaredError',
        'MAPE:layers.meanAbsolutePercentageError',
      ],
    });
  });

  describe('follow scopes and the order in which the program runs', () => {
    const x = `${all}let h = tf.losses.huberLoss;\n`;
    cases({
      [`${x}h = tf.losses.logLoss;\nh(a)`]: [...huber, 'logLoss:losses.logLoss', 'h:losses.logLoss'],
      [`${x}h = mine;\nh(a)`]: huber,
      [`${x}if (a) h = tf.losses.logLoss;\nh(a)`]: [
        ...huber,
        'logLoss:losses.logLoss',
        'h:losses.logLoss?losses.huberLoss',
      ],
      [`${x}if (a) { h = f; } else { h = g; }\nh(a)`]: huber,
      [`${x}if (a) { h = f; return; }\nh(a)`]: [...huber, ...h],
      [`${x}if (a) h = f; else h(a);`]: [...huber, ...h],
      [`${x}{ let h = f; h(a); }\nh(a)`]: [...huber, ...h],
      [`${x}for (const h of hs) h(a);`]: huber,
      [`${x}try { } catch (h) { h(a); }`]: huber,
      [`${x}((h) => h(a))(f); function g(h) { h(a) }`]: huber,
      [`${x}function g() { h(a); }`]: [...huber, ...h],
      [`${x}function g() { h = f; h(a); }`]: huber,
      [`${all}let h; h ??= tf.losses.huberLoss; h(a)`]: [...huber, ...h],
      [`${all}var h = f; { var h = tf.losses.huberLoss; }\nh(a)`]: [...huber, ...h],
      [`${all}h(a); function h() {} const x = tf.losses.huberLoss`]: huber,
      [`${all}function losses() {}\nlosses.huberLoss(a)`]: [],
    });
  });

  describe("are never the user's own, nor text", () => {
    cases({
      'function huberLoss(a, b) {}\nhuberLoss(a, b)': [],
      "import { huberLoss } from './mine';\nhuberLoss(a, b)": [],
      "import * as tf from './tf';\ntf.losses.huberLoss(a, b)": [],
      "import * as tf from '@tensorflow/tfjs-vis';\ntf.losses.huberLoss": [],
      [`${all}tf.losses.computeWeightedLoss(a), tf.losses.mine, tf.huberLoss`]: [],
      [`${all}function f(tf) { tf.losses.huberLoss }`]: [],
      [`${all}class A { tf = 1; f() { this.tf.losses.huberLoss } }`]: [],
      [`${all}// tf.losses.huberLoss\n/* tf.losses.huberLoss */ 'tf.losses.huberLoss', \`tf.losses.huberLoss\``]:
        [],
      [`${all}const o = { huberLoss: 1 }; o.huberLoss`]: [],
      [`${all}const tensor = tf.losses.huberLoss(a, b); tensor.print()`]: huber,
      [`${all}tf.losses.huberLoss = f;`]: [],
      [`${all}function f(this: X, x: (h: number) => void) {}\ninterface I { h(a: number): void }`]: [],
      "export { losses } from '@tensorflow/tfjs';\nlosses.huberLoss": [],
      "import type { losses } from '@tensorflow/tfjs';\nlosses.huberLoss": [],
      "import { type losses } from '@tensorflow/tfjs';\nlosses.huberLoss": [],
      "const require = f;\nrequire('@tensorflow/tfjs').losses.huberLoss": [],
      'let tf;\ntf.losses.huberLoss': [],
    });
  });

  describe('are found in unfinished code', () => {
    cases({
      [`${all}const x = tf.losses.huberLoss(`]: huber,
      [`${all}const x = tf.losses.huberLoss(a, \nconst y = 1;\nfunction f() { tf.losses.huberLoss }`]: [
        ...huber,
        ...huber,
      ],
      [`${all}tf.losses.`]: [],
      [`${all}if (x { tf.losses.huberLoss(a, b) }`]: huber,
      [`${all}const { huberLoss: } = tf.losses; tf.losses.huberLoss`]: huber,
      [`${all}class A { f() { tf.losses.huberLoss`]: huber,
      "import { losses from '@tensorflow/tfjs';": [],
    });
  });

  it('start the extension in every language that has them', () => {
    const { activationEvents } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      activationEvents: string[];
    };
    const started = activationEvents.flatMap((event) => /^onLanguage:(.*)$/.exec(event)?.[1] ?? []);
    deepEqual(started.sort(), [...recognisedLanguages].sort());
  });

  it('are found in every language that has them, JSX and casts included', () => {
    equal(recognisedLanguages.length, 5);
    const jsx = `${all}const x = <p onClick={() => tf.losses.huberLoss(a, b)}>{tf.losses.huberLoss} tf.losses.huberLoss</p>;`;
    for (const language of ['javascript', 'javascriptreact', 'typescriptreact']) {
      deepEqual(found(jsx, language), [...huber, ...huber], language);
    }
    deepEqual(found(`${all}const x = <any>tf.losses.huberLoss;`), huber);
    deepEqual(found(`${all}tf.losses.huberLoss`, 'python'), []);
    deepEqual(found(`${all}tf.losses.huberLoss`, 'css'), []);
  });
});

describe('the strings that compile takes in TypeScript', () => {
  const mse = ['meanSquaredError:layers.meanSquaredError'];
  cases({
    [`${all}model.compile({ loss: 'meanSquaredError' })`]: mse,
    [`${all}model.compile({ optimizer, loss: \`meanSquaredError\` })`]: mse,
    [`${all}model.compile({ loss: ['meanSquaredError', 'hinge'] })`]: [...mse, 'hinge:layers.hinge'],
    [`${all}model.compile({ 'loss': { a: 'meanSquaredError', hinge: x } })`]: mse,
    [`${all}model.compile({ loss: x ? 'meanSquaredError' : 'hinge' } as const)`]: [
      ...mse,
      'hinge:layers.hinge',
    ],
    [`${all}const settings = { loss: 'meanSquaredError' };\nmodel.compile(settings)`]: mse,
    [`${all}const kind = 'meanSquaredError';\nmodel.compile({ loss: kind })`]: mse,
    [`${all}const loss = x ? 'meanSquaredError' : other;\nmodel.compile({ loss })`]: mse,
    [`${all}const kind = 'meanSquaredError';\na.compile({ loss: kind });\nb.compile({ loss: [kind] })`]: mse,
    [`${all}let kind = 'meanSquaredError';\nif (x) kind = y;\nmodel.compile({ loss: kind })`]: [],
    [`${all}const kind = 'meanSquaredError';\nmodel.compile({ loss: f(kind) })`]: [],
    [`${all}class A { a() { this.loss = 'meanSquaredError'; } b() { m.compile({ loss: this.loss }); } }`]:
      mse,
    [`${all}class A { a() { this.loss = 'meanSquaredError'; } b() { m.compile({ loss: other.loss }); } }`]:
      [],
    [`${all}const [kind, setKind] = useState<string>('meanSquaredError');\nsetKind('hinge');\nconst f = () => m.compile({ loss: kind })`]:
      [...mse, 'hinge:layers.hinge'],
    [`${all}const [kind, setKind] = useOther('meanSquaredError');\nsetKind('hinge');\nm.compile({ loss: kind })`]:
      [],
    [`${all}let o = {};\nif (a) o = { loss: 'meanSquaredError' };\nelse o = { loss: 'hinge' };\nm.compile(o)`]:
      [...mse, 'hinge:layers.hinge'],
    [`${all}var a = b, b = a;\nconst f = () => model.compile({ loss: a })`]: [],
    [`${all}model.compile({ loss: tf.losses.huberLoss })`]: huber,
    "model.compile({ optimizer: 'adam', loss: 'meanSquaredError' })": mse,
    "model.compile({ loss: 'meanSquaredError' })": [],
    "import { x } from 'other';\ncompile({ optimizer, loss: 'meanSquaredError' })": [],
    [`${all}model.compile({ metrics: ['meanSquaredError'], loss: 'mse' })`]: [],
    [`${all}model.fit({ loss: 'meanSquaredError' })`]: [],
    [`${all}model.compile({ loss: \`\${x}hinge\` })`]: [],
    [`${all}model.compile({ loss: 'meanSquaredError', `]: mse,
    [`${all}model.compile('meanSquaredError')`]: [],
  });

  it('carry the context compile', () => {
    deepEqual(
      findLosses(`${all}model.compile({ loss: 'hinge' }); tf.metrics.mse`, 'typescript').map(
        ({ context }) => context,
      ),
      ['compile', undefined],
    );
  });
});

describe("TensorFlow.js' symbols", () => {
  it('are all found, under every path that the library has', () => {
    const own = symbols.filter(({ framework }) => framework === 'tfjs');
    ok(own.length > 20);
    for (const { name, paths } of own) {
      for (const path of paths) {
        const id = /^tf\.layers\.(\w+)$/.exec(path)?.[1];
        const source = id ? `${all}m.compile({ loss: '${id}' })` : `${all}${path}(a, b)`;
        deepEqual(found(source), [`${path.slice(path.lastIndexOf('.') + 1)}:${name.slice(3)}`]);
      }
    }
  });
});

describe('the loss at an offset in TypeScript', () => {
  const at = (text: string): string | undefined => {
    const offset = text.indexOf('|');
    return lossAt(text.replace('|', ''), offset, 'typescript')?.symbol;
  };

  it('is there where it is imported, assigned or destructured', () => {
    for (const text of [
      `${all}const |h = tf.losses.huberLoss;`,
      `${all}const { |huberLoss } = tf.losses;`,
      `${all}const { huberLoss: |h } = tf.losses;`,
      `${all}let h; |h = tf.losses.huberLoss;`,
      `${all}class A { |h = tf.losses.huberLoss }`,
      `${all}tf.losses.huber|Loss`,
      `${all}tf.losses.huberLoss|`,
      `${all}tf.losses['|huberLoss']`,
      `${all}const { huberLoss } = tf.losses; const o = { |huberLoss };`,
    ]) {
      equal(at(text), 'tf.losses.huberLoss', text);
    }
  });

  it('is there in a string that compile takes', () => {
    equal(at(`${all}m.compile({ loss: '|hinge' })`), 'tf.layers.hinge');
    equal(at(`${all}m.compile({ loss: ['a', 'hinge|'] })`), 'tf.layers.hinge');
    equal(at(`${all}const kind = 'hin|ge';\nm.compile({ loss: kind })`), 'tf.layers.hinge');
    equal(at(`${all}const kind = 'hin|ge';\nm.compile({ metrics: kind })`), undefined);
    equal(at(`${all}m.compile({ loss: 'hinge', metrics: ['|hinge'] })`), undefined);
    equal(at(`${all}f('|hinge')`), undefined);
  });

  it('is not there elsewhere', () => {
    for (const text of [
      `${all}tf.los|ses.huberLoss`,
      `${all}|tf.losses.huberLoss`,
      `${all}const |x = tf.losses.huberLoss(a, b)`,
      `import * as |tf from '@tensorflow/tfjs'`,
      `${all}tf.losses.huberLoss(|a, b)`,
      `${all}const { huberLoss } = tf.losses; const o = { |huberLoss: 1 };`,
      `${all}const { huberLoss } = tf.losses; o.|huberLoss(a)`,
    ]) {
      equal(at(text), undefined, text);
    }
  });
});
