/**
 * Compiles TensorFlow.js snippets against the library's own types and runs them on its plain CPU backend: cases as JSON
 * on standard input, loss and step on standard output. The folder whose node_modules has the library is the only argument.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const home = process.argv[2];
console.log = console.warn = console.info = () => {};
const tf = createRequire(join(home, 'index.js'))('@tensorflow/tfjs');
await tf.setBackend('cpu');

const cases = JSON.parse(await text(process.stdin));
const folder = join(home, 'snippets');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const scope = ({ arrays, networks }) =>
  [
    ...Object.keys(arrays).map((name) => `declare const ${name}: tf.Tensor;`),
    ...networks.map((name) => `declare const ${name}: tf.LayersModel;`),
    'declare const optimizer: tf.Optimizer;',
  ].join('\n');
cases.forEach((one, i) => {
  const source = [...one.imports, scope(one), one.code, 'export default loss;'].join('\n');
  writeFileSync(
    join(folder, `s${i}.ts`),
    one.code.includes('const history') ? source.replace('default loss', 'default history') : source,
  );
});
writeFileSync(
  join(folder, 'tsconfig.json'),
  JSON.stringify({
    compilerOptions: {
      strict: true,
      target: 'es2022',
      module: 'esnext',
      moduleResolution: 'bundler',
      skipLibCheck: true,
      outDir: 'out',
      types: [],
      lib: ['es2022', 'dom'],
    },
  }),
);
const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
const compiled = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
const complaints = Map.groupBy(
  compiled.stdout.split('\n').filter((line) => line.includes('error')),
  (line) => /s(\d+)\.ts/.exec(line)?.[1],
);
if (compiled.status !== 0 && complaints.size === 0) throw new Error(compiled.stdout + compiled.stderr);

class Factor extends tf.layers.Layer {
  static className = 'Factor';
  build() {
    this.factor = this.addWeight('factor', [], 'float32', tf.initializers.ones());
    this.built = true;
  }
  computeOutputShape(shape) {
    return shape;
  }
  call(inputs) {
    return tf.mul(Array.isArray(inputs) ? inputs[0] : inputs, this.factor.read());
  }
}

const activations = { probability: 'sigmoid', distribution: 'softmax', positive: 'softplus' };

function network({ arrays, activation, code }) {
  const [raw] = Object.values(arrays);
  const input = tf.input({ shape: raw.shape.slice(1) });
  const factor = new Factor({});
  let output = factor.apply(input);
  if (code.includes('.compile(') && activations[activation]) {
    output = tf.layers.activation({ activation: activations[activation] }).apply(output);
  }
  return { model: tf.model({ inputs: input, outputs: output }), factor };
}

async function run(one, i) {
  const problem = complaints.get(String(i));
  if (problem) return { error: problem.join('\n') };
  const code = readFileSync(join(folder, 'out', `s${i}.js`), 'utf8')
    .replace(/^import .*$/m, '')
    .replace('export default', 'return');
  const dtypes = { float64: 'float32', int64: 'int32' };
  const tensors = Object.entries(one.arrays).map(([name, { data, shape, dtype }]) => [
    name,
    tf.tensor(data, shape, dtypes[dtype]),
  ]);
  const made = one.networks.map((name) => [name, network(one)]);
  const names = { tf, optimizer: tf.train.sgd(1), ...Object.fromEntries(tensors) };
  for (const [name, { model }] of made) names[name] = model;
  try {
    const body = new Function(...Object.keys(names), `return (async () => {${code}})();`);
    const answer = await body(...Object.values(names));
    const loss = answer.history ? answer.history.loss[0] : answer.dataSync()[0];
    const { factor } = made.find(([name]) => name === one.trained)[1];
    return { loss, slope: 1 - factor.factor.read().dataSync()[0] };
  } catch (error) {
    return { error: error.stack.split('\n').slice(0, 4).join('\n') };
  }
}

const answers = [];
for (const [i, one] of cases.entries()) answers.push(await run(one, i));
process.stdout.write(JSON.stringify(answers));
