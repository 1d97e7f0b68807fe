/** When `auto` takes the GPU: the decision on measured times, and the measurement itself on a software adapter. */
import assert from 'node:assert/strict';
import {
  array,
  configure,
  cpuSpeeds,
  evaluate,
  gpuKind,
  gpuSpeeds,
  type Speed,
  winsFrom,
} from '../../../engine/node.ts';
import { closeWebGpu, openWebGpu } from './adapter.ts';

const [small, large] = [65_536, 2_097_152];

/** Times of both losses at both sizes, the same placed or not. */
function speeds(memory: [number, number], compute: [number, number]): Speed[] {
  return Object.entries({ memory, compute }).flatMap(([loss, times]) =>
    times.map((time, i) => ({ loss, numbers: [small, large][i]!, once: time, again: time })),
  );
}

describe('when the GPU is worth it', () => {
  const cpu = speeds([1, 10], [2, 20]);

  it('never, where it is slower on the largest size, if only for one loss', () => {
    assert.equal(winsFrom(cpu, speeds([2, 11], [2, 21]), 'again'), Number.POSITIVE_INFINITY);
    assert.equal(winsFrom(cpu, speeds([0.1, 1], [0.1, 21]), 'again'), Number.POSITIVE_INFINITY);
    assert.equal(winsFrom(cpu, speeds([0.1, 9.9], [0.1, 1]), 'again'), Number.POSITIVE_INFINITY);
  });

  it('from the smallest size on that was measured, where it is faster everywhere', () => {
    assert.equal(winsFrom(cpu, speeds([0.1, 1], [0.1, 1]), 'again'), small);
  });

  it('from between, where it is slower on few numbers and faster on many: by the loss that is last', () => {
    // Gains of −1 and +10 cross an eleventh of the way; of −4 and +8, a third.
    const gpu = speeds([2 / 1.1, 0], [6 / 1.1, 12 / 1.1]);
    const from = winsFrom(cpu, gpu, 'again');
    assert.equal(from, Math.ceil(small + (large - small) / 3));
  });

  it('by the times that are asked for: with the way there, or without', () => {
    const gpu = speeds([0.1, 1], [0.1, 1]).map((speed) => ({ ...speed, once: 100 }));
    assert.equal(winsFrom(cpu, gpu, 'once'), Number.POSITIVE_INFINITY);
    assert.equal(winsFrom(cpu, gpu, 'again'), small);
  });

  it('never, where nothing was measured', () => {
    assert.equal(winsFrom([], [], 'again'), Number.POSITIVE_INFINITY);
    assert.equal(winsFrom(cpu, [], 'again'), Number.POSITIVE_INFINITY);
  });

  describe('on a software adapter', function () {
    this.timeout(60_000);

    before(async function () {
      this.timeout(180_000);
      configure({ gpu: await openWebGpu(), gpuFrom: 'measured' });
    });
    after(closeWebGpu);

    it('never, by its kind', async () => {
      assert.equal(await gpuKind(), 'software');
      const many = () => array(new Float32Array(large));
      // The first makes it be measured, in the background.
      for (let i = 0; i < 3; i++) {
        const request = { loss: 'mean-squared-error', inputs: { prediction: many(), target: many() } };
        assert.equal((await evaluate(request)).backend, 'wasm');
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    });

    it('never, by its times either', async function () {
      this.timeout(180_000);
      // Millions of numbers keep a software adapter, and all cores, busy for twenty seconds.
      const own = (await cpuSpeeds()).filter(({ numbers }) => numbers < large);
      assert.ok(own.length > 0);
      const its = await gpuSpeeds(own);
      const text = (all: readonly Speed[]) =>
        all.map(
          ({ loss, numbers, once, again }) =>
            `${loss} ${numbers}: ${once.toFixed(1)}, ${again.toFixed(1)} ms`,
        );
      console.log(`      CPU ${text(own).join('; ')}\n      GPU ${text(its).join('; ')}`);
      assert.deepEqual(
        its.map(({ loss, numbers }) => [loss, numbers]),
        own.map(({ loss, numbers }) => [loss, numbers]),
      );
      for (const timed of ['once', 'again'] as const) {
        assert.equal(winsFrom(own, its, timed), Number.POSITIVE_INFINITY);
      }
    });
  });
});
