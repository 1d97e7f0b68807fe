/** Which backends may take an evaluation. */
import { t } from '@vscode/l10n';
import { LossLensError } from '../errors.ts';
import type { BackendName } from '../evaluation.ts';
import type { Backend } from './backend.ts';
import { reference } from './reference/interpreter.ts';
import { small } from './small.ts';
import { wasm } from './wasm/backend.ts';
import { hardware, webgpu } from './webgpu/backend.ts';
import { gpuFrom } from './webgpu/device.ts';

/** Up to this many numbers the plain interpreter answers the first run long before kernels would be compiled. */
const tiny = 4096;

/** What the CPU has for more than a few numbers. */
export const cpuBackend = (): 'wasm' | 'reference' => (wasm.isAvailable() ? 'wasm' : 'reference');

/**
 * The backend asked for; or, one after the other, those that may take what the ones before could not.
 * @param numbers  how many there are to work through
 * @throws LossLensError `backend-unsupported`
 */
export function choose(asked: 'auto' | BackendName, numbers: number): readonly Backend[] {
  switch (asked) {
    case 'reference':
      return [reference];
    case 'wasm':
      if (!wasm.isAvailable()) {
        throw new LossLensError('backend-unsupported', t('The wasm backend has no workers here.'), {
          found: t("backend: 'wasm' without configure({ worker })"),
          expected: t("backend: 'auto' or 'reference', or a worker configured"),
        });
      }
      return [wasm];
    case 'webgpu':
      return [webgpu];
    case 'auto': {
      const onCpu = numbers <= tiny || !wasm.isAvailable() ? small : wasm;
      return webgpu.isAvailable() && numbers >= gpuFrom() ? [hardware, onCpu] : [onCpu];
    }
    default:
      throw new LossLensError('backend-unsupported', t('There is no such backend.'), {
        found: `backend: '${asked}'`,
        expected: t("'auto', 'reference', 'wasm' or 'webgpu'"),
      });
  }
}
