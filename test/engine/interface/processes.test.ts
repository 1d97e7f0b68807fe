/** The engine in a process of its own: that it ends, what it does without workers, and what memory it takes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(import.meta.dirname, '../../..');
const engines = {
  'engine/node.ts': path.join(root, 'engine/node.ts'),
  'dist/engine.mjs': path.join(root, 'dist/engine.mjs'),
};

/** Runs a script that has `engine` imported; the last line that it prints, once it has ended by itself. */
async function inProcess<Answer>(file: string, script: string): Promise<Answer> {
  const source = `import * as engine from ${JSON.stringify(pathToFileURL(file).href)};\n${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const giveUp = setTimeout(() => child.kill('SIGKILL'), 15_000);
  let [out, errors] = ['', ''];
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    errors += data;
  });
  const [code, signal] = await once(child, 'close');
  clearTimeout(giveUp);
  assert.equal(signal, null, `the process did not end by itself after ${out || 'printing nothing'}${errors}`);
  assert.equal(code, 0, errors);
  return JSON.parse(out.trim().split('\n').at(-1)!);
}

const arrays = (length: number): string =>
  `const a = engine.array(new Float32Array(${length}).fill(3)), b = engine.array(new Float32Array(${length}));`;

describe('a process with the engine', () => {
  before(async function () {
    if (existsSync(engines['dist/engine.mjs'])) return;
    this.timeout(120_000);
    const build = spawn(process.execPath, [path.join(root, 'esbuild.mjs')], { stdio: 'inherit' });
    assert.deepEqual(await once(build, 'exit'), [0, null]);
  });

  for (const [name, file] of Object.entries(engines)) {
    describe(name, () => {
      it('ends by itself after it has evaluated, threads and all', async () => {
        const answer = await inProcess(
          file,
          `${arrays(100_000)}
          const { value, backend } = await engine.evaluate({ loss: 'huber', inputs: { prediction: a, target: b }, gradients: true });
          console.log(JSON.stringify([value.data[0], backend]));`,
        );
        assert.deepEqual(answer, [2.5, 'wasm']);
      });

      it('ends by itself while a loss is still prepared', async () => {
        const answer = await inProcess(
          file,
          `${arrays(100_000)}
          const prepared = engine.prepare({ loss: 'huber', inputs: { prediction: a, target: b } });
          console.log(JSON.stringify([(await prepared.run()).value.data[0], (await prepared.run({ delta: 1e9 })).value.data[0]]));`,
        );
        assert.deepEqual(answer, [2.5, 4.5]);
      });

      it('ends by itself though its threads never had anything to do', async () => {
        const answer = await inProcess(
          file,
          `${arrays(100_000)}
          engine.prepare({ loss: 'huber', inputs: { prediction: a, target: b }, backend: 'wasm' });
          console.log(true);`,
        );
        assert.equal(answer, true);
      });

      it('does not end before it has answered', async () => {
        const answer = await inProcess(
          file,
          `${arrays(100_000)}
          engine.evaluate({ loss: 'huber', inputs: { prediction: a, target: b }, backend: 'wasm' })
            .then(({ value }) => console.log(value.data[0]));`,
        );
        assert.equal(answer, 2.5);
      });

      it('ends after its threads were disposed of in the middle of a run', async () => {
        const answer = await inProcess(
          file,
          `${arrays(1 << 24)}
          const running = engine.evaluate({
            loss: 'binary-cross-entropy', inputs: { prediction: a, target: b }, parameters: { from: 'logit' }, gradients: true,
          });
          setImmediate(engine.dispose);
          console.log(JSON.stringify(await running.catch(({ code }) => code)));`,
        );
        assert.equal(answer, 'worker-died');
      });
    });
  }

  it('that was given no workers evaluates all on the reference, and refuses wasm', async () => {
    const answer = await inProcess(
      path.join(root, 'engine/index.ts'),
      `${arrays(100_000)}
      const asked = { loss: 'huber', inputs: { prediction: a, target: b } };
      const { value, backend } = await engine.evaluate(asked);
      const refusal = await engine.evaluate({ ...asked, backend: 'wasm' }).catch((error) => error);
      console.log(JSON.stringify([value.data[0], backend, refusal.code, refusal.message.includes('configure')]));`,
    );
    assert.deepEqual(answer, [2.5, 'reference', 'backend-unsupported', true]);
  });

  it('takes the memory of inputs and gradient plus a tenth: ten million float32, mean squared error', async () => {
    const answer = await inProcess<{ wasm: number; others: number; slope: number }>(
      engines['engine/node.ts'],
      `let wasm = 0;
      const Memory = WebAssembly.Memory;
      WebAssembly.Memory = class extends Memory {
        constructor(descriptor) {
          super(descriptor);
          wasm += this.buffer.byteLength;
        }
      };
      ${arrays(10_000_000)}
      const before = process.memoryUsage().arrayBuffers;
      const prepared = engine.prepare({
        loss: 'mean-squared-error', inputs: { prediction: a, target: b }, gradients: ['prediction'], backend: 'wasm',
      });
      await prepared.run();
      const { gradients } = await prepared.run();
      const others = process.memoryUsage().arrayBuffers - before;
      console.log(JSON.stringify({ wasm, others, slope: gradients.prediction.data[9_999_999] * 1e7 }));`,
    );
    const needed = 3 * 4 * 10_000_000;
    assert.ok(Math.abs(answer.slope - 6) < 1e-5, String(answer.slope));
    assert.ok(answer.wasm >= needed, 'nothing was measured');
    // Shared memory may be counted among the array buffers too.
    const taken = answer.wasm + (answer.others >= answer.wasm ? answer.others - answer.wasm : answer.others);
    assert.ok(taken <= 1.1 * needed, `${taken} bytes where ${needed} are needed`);
  });
});
