/** A project that uses TensorFlow.js, in a folder of its own. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Declarations laid out as those of version 4.22 are: what is exported where, and by which kind of declaration. The
 * library itself is 140 MB, so it is no dependency; `TFJS_HOME`, a folder in which it is installed, makes the tests
 * run on its own.
 */
export const declarations: Readonly<Record<string, string>> = {
  'tfjs/package.json': '{ "name": "@tensorflow/tfjs", "version": "4.22.0", "types": "dist/index.d.ts" }',
  'tfjs/dist/index.d.ts':
    "export * from '@tensorflow/tfjs-core';\nexport * from '@tensorflow/tfjs-layers';\n",
  'tfjs-core/package.json':
    '{ "name": "@tensorflow/tfjs-core", "version": "4.22.0", "types": "dist/index.d.ts" }',
  'tfjs-core/dist/index.d.ts': "export * from './base';\n",
  'tfjs-core/dist/base.d.ts':
    "export { Tensor, Tensor1D, Tensor2D } from './tensor';\nexport { Rank } from './types';\nexport * from './ops/ops';\n",
  'tfjs-core/dist/types.d.ts': `export declare enum Rank { R0 = "R0", R1 = "R1", R2 = "R2" }
export type TensorLike = number | number[] | Float32Array;
`,
  'tfjs-core/dist/tensor.d.ts': `import { Rank } from './types';
export declare class Tensor<R extends Rank = Rank> {
    readonly rankType: R;
    readonly shape: number[];
    softmax<T extends this>(this: T, dim?: number): T;
    data(): Promise<Float32Array>;
    dataSync(): Float32Array;
}
export declare type Tensor1D = Tensor<Rank.R1>;
export declare type Tensor2D = Tensor<Rank.R2>;
`,
  'tfjs-core/dist/ops/ops.d.ts': `import { Tensor } from '../tensor';
import { TensorLike } from '../types';
declare const losses: {
    absoluteDifference: <T extends Tensor, O extends Tensor>(labels: T | TensorLike, predictions: T | TensorLike, weights?: Tensor | TensorLike) => O;
    huberLoss: <T extends Tensor, O extends Tensor>(labels: T | TensorLike, predictions: T | TensorLike, weights?: Tensor | TensorLike, delta?: number) => O;
    meanSquaredError: <T extends Tensor, O extends Tensor>(labels: T | TensorLike, predictions: T | TensorLike, weights?: Tensor | TensorLike) => O;
    softmaxCrossEntropy: <T extends Tensor, O extends Tensor>(onehotLabels: T | TensorLike, logits: T | TensorLike, weights?: Tensor | TensorLike) => O;
    computeWeightedLoss: <T extends Tensor, O extends Tensor>(losses: T, weights?: Tensor) => O;
};
export { losses };
`,
  'tfjs-core/dist/ops/losses/huber_loss.d.ts': `import { Tensor } from '../../tensor';
declare function huberLoss_<T extends Tensor, O extends Tensor>(labels: T, predictions: T): O;
export declare const huberLoss: typeof huberLoss_;
export {};
`,
  'tfjs-layers/package.json':
    '{ "name": "@tensorflow/tfjs-layers", "version": "4.22.0", "types": "dist/index.d.ts" }',
  'tfjs-layers/dist/index.d.ts': `import * as metrics from './exports_metrics';
import * as layers from './exports_layers';
export { sequential } from './exports';
export { layers, metrics };
`,
  'tfjs-layers/dist/exports_layers.d.ts':
    'export declare function dense(args: { units: number; activation?: string }): {};\n',
  'tfjs-layers/dist/exports.d.ts': `import { LayersModel } from './engine/training';
export declare function sequential(config?: {}): LayersModel;
`,
  'tfjs-layers/dist/engine/training.d.ts': `export interface ModelCompileArgs {
    optimizer: string;
    loss: string | string[] | { [outputName: string]: string } | ((yTrue: any, yPred: any) => any);
    metrics?: string[];
}
export declare class LayersModel {
    add(layer: unknown): void;
    compile(args: ModelCompileArgs): void;
}
`,
  'tfjs-layers/dist/exports_metrics.d.ts': `import { Tensor } from '@tensorflow/tfjs-core';
/** Mean squared error, as the library says it. */
export declare function meanSquaredError(yTrue: Tensor, yPred: Tensor): Tensor;
export declare function r2Score(yTrue: Tensor, yPred: Tensor): Tensor;
`,
};

export interface Project {
  readonly folder: string;
  dispose(): Promise<void>;
}

export async function makeProject(files: Readonly<Record<string, string>>): Promise<Project> {
  const folder = await mkdtemp(path.join(tmpdir(), 'loss-lens-tsserver-'));
  const library = path.join(folder, 'node_modules', '@tensorflow');
  const home = process.env.TFJS_HOME;
  const written = Object.entries(files).map(([name, text]) => [path.join(folder, name), text] as const);
  if (home) await cp(path.join(home, 'node_modules', '@tensorflow'), library, { recursive: true });
  else {
    for (const [name, text] of Object.entries(declarations)) written.push([path.join(library, name), text]);
  }
  for (const [file, text] of written) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return { folder, dispose: () => rm(folder, { recursive: true, force: true }) };
}
