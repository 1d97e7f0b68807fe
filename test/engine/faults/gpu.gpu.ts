/** A real device that is lost, refuses a kernel or a buffer, or is left in the middle: an error soon, the next one right, nothing left. */
import assert from 'node:assert/strict';
import { configure, evaluate, prepare } from '../../../engine/node.ts';
import { closeWebGpu, openWebGpu } from '../webgpu/adapter.ts';
import { altered } from '../webgpu/altered.ts';
import { assertSoon, assertWorks, endOf, expected, type Moment, now, scores, short } from './evaluations.ts';

describe('a GPU', function () {
  this.timeout(120_000);
  let gpu: GPU;
  let devices: GPUDevice[] = [];
  /** Buffers that were made and not destroyed. */
  const living = new Set<GPUBuffer>();

  /** The GPU, its devices and buffers counted. */
  const counted = (members: (device: GPUDevice) => Readonly<Record<string, unknown>> = () => ({})): GPU =>
    altered(gpu, {}, (device) => {
      devices.push(device);
      return {
        createBuffer: (descriptor: GPUBufferDescriptor) => {
          const buffer = device.createBuffer(descriptor);
          living.add(buffer);
          const destroy = buffer.destroy.bind(buffer);
          buffer.destroy = () => {
            living.delete(buffer);
            destroy();
          };
          return buffer;
        },
        ...members(device),
      };
    });

  before(async () => {
    gpu = await openWebGpu();
  });
  beforeEach(() => {
    devices = [];
    living.clear();
  });
  after(closeWebGpu);

  it('that is lost in the middle of a run', async () => {
    let deadly = false;
    let lost: Moment | undefined;
    const losing = (device: GPUDevice) => ({
      createCommandEncoder: () => {
        if (deadly) {
          // The commands are written and submitted in one go: this comes right after.
          queueMicrotask(() => {
            device.destroy();
            lost = now();
          });
        }
        deadly = false;
        return device.createCommandEncoder();
      },
    });
    configure({ gpu: counted(losing) });
    await assertWorks('webgpu');
    deadly = true;
    const end = await evaluate({ ...short, backend: 'webgpu' }).catch(({ code }) => code);
    assert.equal(end, 'gpu-lost');
    assertSoon(lost!, 'it was told');
    await assertWorks('webgpu');
    assert.equal(devices.length, 2);
    assert.equal(living.size, 0, 'buffers that nobody destroyed');
  });

  it('whose kernel does not compile: refused with its reason, and tried again', async () => {
    let broken = false;
    const failing = (device: GPUDevice) => ({
      createShaderModule: ({ code }: GPUShaderModuleDescriptor) =>
        device.createShaderModule({ code: broken ? `${code}\nfn broken( {` : code }),
    });
    configure({ gpu: counted(failing) });
    await assertWorks('webgpu');
    broken = true;
    const other = scores(300, 7);
    const since = now();
    const error = await evaluate({ ...other, parameters: { label_smoothing: 0.1 }, backend: 'webgpu' }).catch(
      (reason) => reason,
    );
    assertSoon(since, error.code);
    assert.equal(error.code, 'gpu-refused');
    assert.match(error.message, /expected|broken/);
    broken = false;
    const { value } = await evaluate({ ...other, parameters: { label_smoothing: 0.1 }, backend: 'webgpu' });
    assert.ok(Math.abs(Number(value.data[0]) - Math.log(7)) < 1e-5, String(value.data[0]));
    assert.equal(living.size, 0, 'buffers that nobody destroyed');
  });

  it('that refuses a buffer', async () => {
    let refusing = false;
    const small = (device: GPUDevice) => ({
      createBuffer: (descriptor: GPUBufferDescriptor) => {
        const size = refusing && descriptor.size > 1e5 ? device.limits.maxBufferSize + 4 : descriptor.size;
        return device.createBuffer({ ...descriptor, size });
      },
    });
    configure({ gpu: counted(small), gpuFrom: 10_000 });
    await assertWorks('webgpu');
    refusing = true;
    assert.equal(await endOf(evaluate({ ...short, backend: 'webgpu' }), now()), 'gpu-refused');
    const { backend, value, warnings } = await evaluate(short);
    assert.notEqual(backend, 'webgpu');
    assert.ok(Math.abs(Number(value.data[0]) - expected) < 1e-5);
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['gpu-refused'],
    );
    refusing = false;
    await assertWorks('webgpu');
    configure({ gpuFrom: 'measured' });
  });

  it('that is left in the middle of a run, by dispose and by a signal', async () => {
    configure({ gpu: counted() });
    await assertWorks('webgpu');
    for (const how of ['dispose', 'signal'] as const) {
      const controller = new AbortController();
      const prepared = prepare({ ...short, backend: 'webgpu', signal: controller.signal });
      await prepared.run();
      const running = prepared.run();
      if (how === 'dispose') prepared.dispose();
      else controller.abort();
      assert.equal(await endOf(running, now()), 'cancelled');
      prepared.dispose();
    }
    await assertWorks('webgpu');
    assert.equal(living.size, 0, 'buffers that nobody destroyed');
  });

  it('that is lost again and again leaves no buffer and no memory behind', async () => {
    configure({ gpu: counted() });
    const cycle = async (i: number): Promise<void> => {
      const prepared = prepare({ ...scores(100 + i, 40), backend: 'webgpu' });
      if (i % 3 === 0) devices.at(-1)?.destroy();
      const end = await prepared.run().then(
        ({ value }) => Math.abs(Number(value.data[0]) - expected) < 1e-5,
        ({ code }) => code === 'gpu-lost',
      );
      assert.equal(end, true);
      prepared.dispose();
    };
    for (let i = 0; i < 6; i++) await cycle(i);
    const before = process.memoryUsage.rss();
    for (let i = 6; i < 18; i++) await cycle(i);
    assert.equal(living.size, 0, 'buffers that nobody destroyed');
    const left = (process.memoryUsage.rss() - before) / 1e6;
    assert.ok(left < 300, `${left.toFixed(0)} MB`);
    await assertWorks('webgpu');
  });
});
