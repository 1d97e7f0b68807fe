/** The checks of JavaScript and TypeScript. What the messages say of TensorFlow.js was asked of version 4.22. */
import assert from 'node:assert/strict';
import { check } from '../../../engine/checks/index.ts';

const tf = "import * as tf from '@tensorflow/tfjs';\n";

/** `code: text`, in source order. */
function found(source: string, languageId = 'typescript'): string[] {
  return check(source, languageId).map(({ code, start, end }) => `${code}: ${source.slice(start, end)}`);
}

const reports = (body: string, ...expected: string[]) =>
  it(`finds: ${body}`, () => assert.deepEqual(found(tf + body), expected));
const silent = (why: string, body: string) =>
  it(`is silent: ${why}`, () => assert.deepEqual(found(tf + body), [], body));

/** That the first fix of that title makes this of the source, and brings no finding. */
const mends = (body: string, title: string, expected: string, left: readonly string[] = []) =>
  it(`mends by ‘${title}’: ${body}`, () => {
    const offered = check(tf + body, 'typescript').flatMap(({ fixes }) => fixes);
    const fix = offered.find((one) => one.title === title);
    assert.ok(fix, `no such fix among ${offered.map((one) => one.title).join(', ')}`);
    let text = tf + body;
    for (const { start, end, text: replacement } of [...fix.edits].reverse()) {
      text = text.slice(0, start) + replacement + text.slice(end);
    }
    assert.equal(text, tf + expected);
    assert.deepEqual(found(text), left);
  });

const dense = (options: string) => `tf.layers.dense({ ${options} })`;
const compiled = (layer: string, loss: string) =>
  `const model = tf.sequential();\nmodel.add(${dense("units: 8, activation: 'relu', inputShape: [4]")});\nmodel.add(${layer});\nmodel.compile({ optimizer: 'adam', loss: ${loss} });\n`;

describe('activations before losses of TensorFlow.js', () => {
  for (const written of [
    'x.softmax()',
    'tf.softmax(x)',
    'x.softmax(-1)',
    'x.softmax().clipByValue(1e-7, 1)',
  ]) {
    reports(`tf.losses.softmaxCrossEntropy(y, ${written});`, `softmax-before-cross-entropy: ${written}`);
  }
  reports('const p = tf.softmax(x); tf.losses.softmaxCrossEntropy(y, p);', 'softmax-before-cross-entropy: p');
  reports('tf.losses.softmaxCrossEntropy(y, x.sigmoid());', 'softmax-before-cross-entropy: x.sigmoid()');
  reports(
    'tf.losses.softmaxCrossEntropy(y, x.logSoftmax());',
    'log-softmax-before-cross-entropy: x.logSoftmax()',
  );
  reports(
    'tf.losses.sigmoidCrossEntropy(y, tf.sigmoid(x) as tf.Tensor2D);',
    'sigmoid-before-bce-with-logits: tf.sigmoid(x) as tf.Tensor2D',
  );
  reports(
    'function prob(x: tf.Tensor) { return tf.tidy(() => tf.softmax(x)); }\ntf.losses.softmaxCrossEntropy(y, prob(a));',
    'softmax-before-cross-entropy: prob(a)',
  );
  reports(
    "import { softmax, losses } from '@tensorflow/tfjs';\nlosses.softmaxCrossEntropy(y, softmax(x));",
    'softmax-before-cross-entropy: softmax(x)',
  );
  reports(
    `${compiled(dense("units: 3, activation: 'softmax'"), "'categoricalCrossentropy'")}tf.losses.softmaxCrossEntropy(y, model.predict(x) as tf.Tensor);`,
    'softmax-before-cross-entropy: model.predict(x) as tf.Tensor',
  );
  reports(
    compiled(dense("units: 3, activation: 'softmax'"), 'tf.losses.softmaxCrossEntropy'),
    'softmax-before-cross-entropy: tf.losses.softmaxCrossEntropy',
  );
  reports(
    `tf.losses.logLoss(y, ${dense('units: 1')}.apply(x));`,
    `bce-of-logits: ${dense('units: 1')}.apply(x)`,
  );
  silent('a loss of probabilities', 'tf.losses.logLoss(y, x.sigmoid());');
  silent('logits', 'tf.losses.softmaxCrossEntropy(y, x.matMul(w).add(b));');
  silent("somebody's own softmax", 'tf.losses.softmaxCrossEntropy(y, math.softmax(x));');
  silent('a parameter', 'function f(p) { return tf.losses.softmaxCrossEntropy(y, p); }\nf(x.softmax());');
  silent('two branches', 'tf.losses.softmaxCrossEntropy(y, a ? x.softmax() : x);');
  silent(
    'what may have been assigned since',
    'let p = x.softmax(); if (a) p = x; tf.losses.softmaxCrossEntropy(y, p);',
  );
  silent("another library's losses", 'mine.losses.softmaxCrossEntropy(y, x.softmax());');
  silent(
    'a comment',
    '// loss-lens: ignore[softmax-before-cross-entropy]\ntf.losses.softmaxCrossEntropy(y, x.softmax());',
  );
  mends(
    'const p = logits.softmax();\ntf.losses.softmaxCrossEntropy(y, p);',
    'Pass logits, as it was before the softmax',
    'const p = logits.softmax();\ntf.losses.softmaxCrossEntropy(y, logits);',
  );
  mends(
    'tf.losses.sigmoidCrossEntropy(y, tf.sigmoid(a.add(b)));',
    'Remove the sigmoid',
    'tf.losses.sigmoidCrossEntropy(y, a.add(b));',
  );
  mends(
    compiled(dense("units: 3, activation: 'softmax'"), 'tf.losses.softmaxCrossEntropy'),
    "Remove activation: 'softmax'",
    compiled(dense('units: 3'), 'tf.losses.softmaxCrossEntropy'),
  );
  mends(
    `const m = tf.sequential();\nm.add(${dense('units: 3')});\nm.add(tf.layers.softmax());\nm.compile({ optimizer: 'sgd', loss: tf.losses.softmaxCrossEntropy });`,
    'Remove the softmax layer',
    `const m = tf.sequential();\nm.add(${dense('units: 3')});\nm.compile({ optimizer: 'sgd', loss: tf.losses.softmaxCrossEntropy });`,
  );
});

describe('a cross-entropy without activation', () => {
  const code = 'crossentropy-without-activation';
  for (const loss of [
    'categoricalCrossentropy',
    'sparseCategoricalCrossentropy',
    'binaryCrossentropy',
    'kullbackLeiblerDivergence',
  ]) {
    reports(compiled(dense('units: 3'), `'${loss}'`), `${code}: '${loss}'`);
  }
  reports(
    compiled(dense("units: 3, activation: 'tanh'"), "'categoricalCrossentropy'"),
    `${code}: 'categoricalCrossentropy'`,
  );
  reports(
    `tf.metrics.categoricalCrossentropy(y, ${dense('units: 3')}.apply(x));`,
    `${code}: ${dense('units: 3')}.apply(x)`,
  );
  for (const [what, source] of Object.entries({
    'a function that makes the model, below its call': `const model = make();\nmodel.compile({ optimizer: 'sgd', loss: 'binaryCrossentropy' });\nfunction make() { const model = tf.sequential(); model.add(${dense('units: 1')}); return model; }`,
    'an async function': `const make = async () => { const m = tf.sequential({ layers: [${dense('units: 1')}] }); return m; };\nasync function train() { const model = await make(); model.compile({ optimizer: 'sgd', loss: 'binaryCrossentropy' }); }`,
    'a field': `class A {\n  private model: tf.Sequential | null = null;\n  build() { this.model = tf.sequential(); this.model.add(${dense('units: 1')}); }\n  train() { this.model!.compile({ optimizer: 'sgd', loss: 'binaryCrossentropy' }); }\n}`,
    'a variable that another function assigns': `let model;\nfunction build() { model = tf.sequential(); model.add(${dense('units: 1')}); }\nfunction train() { model.compile({ optimizer: 'sgd', loss: 'binaryCrossentropy' }); }`,
    'a functional model': `const x = tf.input({ shape: [4] });\nconst y = ${dense('units: 1')}.apply(x) as tf.SymbolicTensor;\ntf.model({ inputs: x, outputs: y }).compile({ optimizer: 'sgd', loss: 'binaryCrossentropy' });`,
    'a string in a variable': `const loss = 'binaryCrossentropy';\nconst m = tf.sequential({ layers: [${dense('units: 1')}] });\nm.compile({ optimizer: 'sgd', loss });`,
    'an object of settings': `const settings = { optimizer: 'sgd', loss: 'binaryCrossentropy' };\nconst m = tf.sequential({ layers: [${dense('units: 1')}] });\nm.compile(settings);`,
    'a module that is required': `const tf2 = require('@tensorflow/tfjs-node');\nconst m = tf2.sequential({ layers: [tf2.layers.dense({ units: 1 })] });\nm.compile({ optimizer: 'sgd', loss: 'binaryCrossentropy' });`,
  })) {
    it(`is seen through ${what}`, () => {
      assert.deepEqual(
        check(tf + source, 'typescript').map((finding) => finding.code),
        [code],
        source,
      );
    });
  }
  silent('a softmax', compiled(dense("units: 3, activation: 'softmax'"), "'categoricalCrossentropy'"));
  silent(
    'a sigmoid, which the division makes into shares',
    compiled(dense("units: 3, activation: 'sigmoid'"), "'categoricalCrossentropy'"),
  );
  silent('another loss', compiled(dense('units: 1'), "'meanSquaredError'"));
  silent('options that are spread', compiled(dense('units: 3, ...more'), "'categoricalCrossentropy'"));
  silent(
    'an activation that is not known',
    compiled(dense('units: 3, activation'), "'categoricalCrossentropy'"),
  );
  silent(
    'a last layer on a condition',
    `const m = tf.sequential();\nm.add(${dense('units: 3')});\nif (a) m.add(tf.layers.softmax());\nm.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });`,
  );
  silent(
    'a layer that is popped',
    `const m = tf.sequential();\nm.add(${dense('units: 3')});\nm.pop();\nm.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });`,
  );
  silent(
    'a layer of somebody else',
    `const m = tf.sequential({ layers: [${dense('units: 3')}, new Mine()] });\nm.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });`,
  );
  silent(
    'another model of the same name',
    `function a() { const model = tf.sequential(); model.add(${dense('units: 3')}); }\nfunction b(model) { model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' }); }`,
  );
  mends(
    compiled('tf.layers.dense({ units: 3 })', "'categoricalCrossentropy'"),
    "End in activation: 'softmax'",
    compiled("tf.layers.dense({ units: 3, activation: 'softmax' })", "'categoricalCrossentropy'"),
  );
  mends(
    compiled('tf.layers.dense({ units: 1, activation: "linear" })', "'binaryCrossentropy'"),
    "End in activation: 'sigmoid'",
    compiled('tf.layers.dense({ units: 1, activation: "sigmoid" })', "'binaryCrossentropy'"),
  );
});

describe('classes and targets of TensorFlow.js', () => {
  const softmax = dense("units: 3, activation: 'softmax'");
  reports(
    compiled(dense("units: 1, activation: 'softmax'"), "'binaryCrossentropy'"),
    "single-class: 'softmax'",
  );
  mends(
    compiled(dense("units: 1, activation: 'softmax'"), "'binaryCrossentropy'"),
    'Use a sigmoid',
    compiled(dense("units: 1, activation: 'sigmoid'"), "'binaryCrossentropy'"),
  );
  reports(
    `${compiled(softmax, "'sparseCategoricalCrossentropy'")}const ys = tf.oneHot(labels, 3);\nawait model.fit(xs, ys);`,
    'class-targets: ys',
  );
  reports(
    `${compiled(softmax, "'categoricalCrossentropy'")}await model.fit(xs, tf.tensor1d(labels, 'int32'));`,
    "class-targets: tf.tensor1d(labels, 'int32')",
  );
  mends(
    `${compiled(softmax, "'categoricalCrossentropy'")}await model.fit(xs, tf.tensor1d(labels));`,
    'Use sparseCategoricalCrossentropy',
    `${compiled(softmax, "'sparseCategoricalCrossentropy'")}await model.fit(xs, tf.tensor1d(labels));`,
  );
  silent(
    'targets that fit',
    `${compiled(softmax, "'categoricalCrossentropy'")}await model.fit(xs, tf.oneHot(labels, 3));`,
  );
  silent(
    'targets of another model',
    `${compiled(softmax, "'categoricalCrossentropy'")}await other.fit(xs, tf.tensor1d(labels));`,
  );
  mends(
    'tf.losses.softmaxCrossEntropy(tf.tensor1d([0, 2]), tf.tensor2d([[1, 2, 3], [3, 2, 1]]));',
    'Make it one-hot',
    'tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor1d([0, 2]).toInt(), 3), tf.tensor2d([[1, 2, 3], [3, 2, 1]]));',
  );
  reports('tf.oneHot(tf.tensor1d([0, 1, 2]), 3);', 'one-hot-indices: tf.tensor1d([0, 1, 2])');
  reports('tf.oneHot(tf.range(0, 3), 3);', 'one-hot-indices: tf.range(0, 3)');
  mends('tf.oneHot(tf.range(0, 3), 3);', 'Cast to int32', 'tf.oneHot(tf.range(0, 3).toInt(), 3);');
  silent('int32', "tf.oneHot(tf.tensor1d(labels, 'int32'), 3); tf.oneHot([0, 1], 3);");
  silent('numbers of which the dtype is not known', 'tf.oneHot(tf.tensor1d(labels), 3);');
  silent(
    'one-hot rows of int32 or bool, which all losses take',
    'tf.losses.softmaxCrossEntropy(tf.oneHot([0], 3), x); tf.losses.sigmoidCrossEntropy(y.toBool(), x);',
  );
});

describe('arguments of losses of TensorFlow.js', () => {
  reports('tf.losses.softmaxCrossEntropy(logits, labels);', 'swapped-arguments: logits, labels');
  reports(
    'tf.losses.softmaxCrossEntropy(x.softmax(), tf.oneHot(a, 3));',
    'swapped-arguments: x.softmax(), tf.oneHot(a, 3)',
  );
  reports('tf.losses.sigmoidCrossEntropy(preds, batch.labels);', 'swapped-arguments: preds, batch.labels');
  reports(
    `tf.losses.softmaxCrossEntropy(${dense('units: 3')}.apply(x), tf.oneHot(a, 3));`,
    `swapped-arguments: ${dense('units: 3')}.apply(x), tf.oneHot(a, 3)`,
  );
  mends(
    'tf.losses.softmaxCrossEntropy(logits, labels);',
    'Swap the arguments',
    'tf.losses.softmaxCrossEntropy(labels, logits);',
  );
  reports(
    'const loss = (pred, label) => tf.losses.sigmoidCrossEntropy(pred, label);\nopt.minimize(() => loss(f(x), y));',
    'swapped-arguments: pred, label',
  );
  silent(
    'names in a function that compile calls with the labels first',
    'const loss = (pred, label) => tf.losses.sigmoidCrossEntropy(pred, label);\nmodel.compile({ optimizer, loss: loss });',
  );
  silent(
    'the same, written in place',
    'm.compile({ optimizer, loss: (pred, label) => tf.losses.sigmoidCrossEntropy(pred, label) });',
  );
  silent(
    'the same by a shorthand',
    'function loss(pred, label) { return tf.losses.sigmoidCrossEntropy(pred, label); }\nm.compile({ optimizer, loss });',
  );
  silent('the right order', 'tf.losses.softmaxCrossEntropy(labels, logits);');
  silent('a symmetric loss', 'tf.losses.meanSquaredError(predictions, labels);');
  for (const loss of ['meanSquaredError', 'absoluteDifference', 'huberLoss', 'hingeLoss']) {
    reports(`tf.losses.${loss}(y, p, tf.Reduction.SUM);`, 'misplaced-reduction: tf.Reduction.SUM');
  }
  reports('tf.losses.huberLoss(y, p, w, tf.Reduction.NONE);', 'misplaced-reduction: tf.Reduction.NONE');
  reports("tf.losses.meanSquaredError(y, p, undefined, 'mean');", "misplaced-reduction: 'mean'");
  mends(
    'tf.losses.huberLoss(y, p, tf.Reduction.SUM);',
    'Move it to the reduction',
    'tf.losses.huberLoss(y, p, undefined, undefined, tf.Reduction.SUM);',
  );
  mends(
    "tf.losses.meanSquaredError(y, p, undefined, 'sum');",
    'Use tf.Reduction.SUM',
    'tf.losses.meanSquaredError(y, p, undefined, tf.Reduction.SUM);',
  );
  silent(
    'reductions where they belong',
    'tf.losses.huberLoss(y, p, w, 1, tf.Reduction.SUM); tf.losses.meanSquaredError(y, p, 2);',
  );
  reports(compiled(dense('units: 1'), "'mse'"), "unknown-loss: 'mse'");
  reports(
    "m.compile({ optimizer: tf.train.sgd(1), loss: 'mean_squared_error' });",
    "unknown-loss: 'mean_squared_error'",
  );
  mends(
    compiled(dense('units: 1'), "'mse'"),
    'Use ‘meanSquaredError’',
    compiled(dense('units: 1'), "'meanSquaredError'"),
  );
  silent('a compile of another library', "webpack.compile({ optimizer: 'x', loss: 'mse' });");
});

describe('shapes and gradients of TensorFlow.js', () => {
  const column = 'tf.tensor2d([[1], [2]])';
  reports(`tf.losses.meanSquaredError(tf.tensor1d([1, 2]), ${column});`, `broadcast-shapes: ${column}`);
  reports(`tf.metrics.meanSquaredError(${column}, tf.tensor1d([1, 2]));`, `broadcast-shapes: ${column}`);
  mends(
    `tf.losses.meanSquaredError(tf.tensor1d([1, 2]), ${column});`,
    'Flatten it',
    `tf.losses.meanSquaredError(tf.tensor1d([1, 2]), ${column}.flatten());`,
  );
  reports('tf.losses.huberLoss(tf.zeros([2, 3, 4]), tf.ones([2, 3]));', 'broadcast-shapes: tf.ones([2, 3])');
  const either = `(isTest ? ${column} : tf.zeros([2, 1]))`;
  reports(`tf.losses.meanSquaredError(tf.tensor1d([1, 2]), ${either});`, `broadcast-shapes: ${either}`);
  silent(
    'a shape that only one of two has',
    `tf.losses.meanSquaredError(tf.tensor1d([1, 2]), isTest ? ${column} : tf.tensor1d([1, 2]));`,
  );
  reports(
    `${compiled(dense('units: 1'), "'meanSquaredError'")}tf.losses.meanSquaredError(tf.tensor1d(ys), model.predict(x));`,
    'broadcast-shapes: model.predict(x)',
  );
  silent(
    'one shape',
    `tf.losses.meanSquaredError(${column}, ${column}); tf.losses.meanSquaredError(tf.tensor1d([1]), x.flatten());`,
  );

  const trained = (prediction: string) =>
    `optimizer.minimize(() => tf.losses.meanSquaredError(ys, ${prediction}));`;
  for (const prediction of [
    'f(x).argMax(-1)',
    'f(x).round()',
    'tf.tensor1d(f(x).dataSync())',
    'tf.oneHot(f(x).argMax(-1), 3)',
    'f(x).greater(0.5).toFloat()',
  ]) {
    reports(trained(prediction), `non-differentiable: ${prediction}`);
  }
  reports(
    'const loss = () => { const p = f(x).sign(); const l = tf.losses.meanSquaredError(labels, p); return l.mean() as tf.Scalar; };\ntf.variableGrads(loss);',
    'non-differentiable: p',
  );
  silent('a cast, which lets the gradient through', trained('f(x).toInt()'));
  silent('what is not differentiated', 'tf.losses.meanSquaredError(ys, f(x).argMax(-1));');
  silent(
    'a gradient that may be meant for the other argument',
    'optimizer.minimize(() => tf.losses.meanSquaredError(g(x), f(x).argMax(-1)));',
  );
});

describe('checks of JavaScript', () => {
  it('hold in every language of scripts', () => {
    for (const language of ['javascript', 'javascriptreact', 'typescript', 'typescriptreact']) {
      assert.equal(
        found(`${tf}tf.losses.softmaxCrossEntropy(y, x.softmax());`, language).length,
        1,
        language,
      );
    }
  });

  it('survive sources that are cut off anywhere', () => {
    const source = `${tf}${compiled(dense("units: 3, activation: 'softmax'"), 'tf.losses.softmaxCrossEntropy')}opt.minimize(() => tf.losses.huberLoss(y, model.apply(x).argMax(), tf.Reduction.SUM));\nlet a, b;\na = b;\nb = a;\ntf.losses.meanSquaredError(a, b);`;
    for (let end = 0; end <= source.length; end++) check(source.slice(0, end), 'typescript');
  });
});
