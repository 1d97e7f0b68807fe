/**
 * Memory that threads share. V8 does not count it: whoever drops a gigabyte of it has, for all that the collectors of the
 * threads know, dropped nothing, and it stays. So memories are used again, and what is let go is made known.
 */
import { t } from '@vscode/l10n';
import { LossLensError } from '../../errors.ts';

/** WebAssembly addresses this much. */
const addressable = 65536 * 65536;
/** Bytes of memories that wait to be used again, all together. */
export const mostIdle = 2 ** 27;
/** Bytes let go that are worth a collection. */
const worthCollecting = 2 ** 27;

/** The latest last. */
let idle: WebAssembly.Memory[] = [];
let letGo = 0;
let tellThreads: (bytes: number) => void = () => {};

/** @param tell  has each thread call `makeKnown` */
export function onLetGo(tell: (bytes: number) => void): void {
  tellThreads = tell;
}

/**
 * A memory of at least so many bytes, all zero.
 * @param shared  whether threads are to share it, where the host lets them
 * @throws LossLensError `out-of-memory`
 */
export function takeMemory(bytes: number, shared: boolean): WebAssembly.Memory {
  if (bytes > addressable) {
    throw new LossLensError(
      'out-of-memory',
      t('WebAssembly cannot address this much at once; evaluate it in parts.'),
      {
        found: t`${(bytes / 2 ** 30).toFixed(1)} GiB for inputs and results`,
        expected: t('at most 4 GiB'),
      },
    );
  }
  const [fitting] = idle
    .filter((memory) => !(memory.buffer instanceof ArrayBuffer) === shared)
    .filter((memory) => sizeOf(memory) >= bytes && sizeOf(memory) <= Math.max(2 * bytes, 2 ** 20))
    .sort((a, b) => sizeOf(a) - sizeOf(b));
  if (fitting) {
    idle = idle.filter((memory) => memory !== fitting);
    new Uint8Array(fitting.buffer, 0, bytes).fill(0);
    return fitting;
  }
  const pages = Math.ceil(bytes / 65536);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch {
    throw new LossLensError('out-of-memory', t('There is not enough memory for the inputs and results.'), {
      found: t`${(bytes / 2 ** 20).toFixed(0)} MiB needed`,
    });
  }
}

/** Takes back a memory that no thread writes to any more. */
export function giveMemoryBack(memory: WebAssembly.Memory): void {
  idle.push(memory);
  let total = idle.reduce((sum, one) => sum + sizeOf(one), 0);
  while (total > mostIdle) {
    const bytes = sizeOf(idle.shift()!);
    total -= bytes;
    memoryLetGo(bytes);
  }
}

/** To be called with so many bytes of shared memory that nothing here refers to any more. */
export function memoryLetGo(bytes: number): void {
  letGo += bytes;
  if (letGo < worthCollecting) return;
  makeKnown(letGo);
  tellThreads(letGo);
  letGo = 0;
}

/** An array of the same size, which V8 does count, is dropped in its place. */
export function makeKnown(bytes: number): void {
  try {
    for (let left = bytes; left > 0; left -= worthCollecting)
      new ArrayBuffer(Math.min(left, worthCollecting));
  } catch {
    // Without room for it there is no need to be told.
  }
}

const sizeOf = ({ buffer }: WebAssembly.Memory): number => buffer.byteLength;
