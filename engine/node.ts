/** The engine as Node loads it: the entry of `dist/engine.mjs`. */
export * from './index.ts';
