/**
 * WebGPU without a browser: Dawn for Node. On Linux x64 it runs on SwiftShader, out of the Chromium that the host tests
 * use, so that these tests need no GPU and give the same everywhere; elsewhere on the machine's own.
 */
import { constants } from 'node:os';
import path from 'node:path';
import { configure, dispose } from '../../../engine/node.ts';
import { installPinnedChromium } from '../../host/install.ts';

/** RTLD_NODELETE: the library stays though Node finds no addon in it. */
const keepLoaded = 0x1000;

let opening: Promise<GPU> | undefined;

/** @throws Error when there is no adapter: tests that need one fail, they are not skipped. */
export function openWebGpu(): Promise<GPU> {
  opening ??= open();
  return opening;
}

/** Takes the GPU from the engine again, and ends it: the tests that follow in this process find none. */
export function closeWebGpu(): void {
  configure({ gpu: undefined, gpuFrom: 'measured' });
  dispose();
}

async function open(): Promise<GPU> {
  if (process.platform === 'linux' && process.arch === 'x64') {
    const browser = path.join(await installPinnedChromium(), 'browser');
    process.env.VK_ICD_FILENAMES = path.join(browser, 'vk_swiftshader_icd.json');
    // Dawn asks for Vulkan's loader by its name alone, which a library of that name that is there already answers.
    try {
      process.dlopen(
        { exports: {} },
        path.join(browser, 'libvulkan.so.1'),
        constants.dlopen.RTLD_NOW | keepLoaded,
      );
    } catch {
      // No addon of Node's, as expected; whether it is there shows below.
    }
  }
  const { create } = await import('webgpu');
  const gpu = create([]);
  const adapter = await gpu.requestAdapter();
  if (!adapter)
    throw new Error('These tests need a WebGPU adapter, and there is none: not even SwiftShader.');
  return gpu;
}
