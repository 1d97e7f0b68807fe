import type { Backend } from '../backend.ts';

export const wasm: Backend & { isAvailable(): boolean } = {
  name: 'wasm',
  isAvailable: () => false,
  prepare() {
    throw new Error('not built yet');
  },
};
