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
  'tfjs-core/dist/base.d.ts': "export { Tensor } from './tensor';\nexport * from './ops/ops';\n",
  'tfjs-core/dist/tensor.d.ts': 'export declare class Tensor { readonly shape: number[]; }\n',
  'tfjs-core/dist/ops/ops.d.ts': `import { Tensor } from '../tensor';
declare const losses: {
    absoluteDifference: <T extends Tensor, O extends Tensor>(labels: T, predictions: T, weights?: Tensor) => O;
    huberLoss: <T extends Tensor, O extends Tensor>(labels: T, predictions: T, weights?: Tensor, delta?: number) => O;
    meanSquaredError: <T extends Tensor, O extends Tensor>(labels: T, predictions: T, weights?: Tensor) => O;
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
export { sequential } from './exports';
export { metrics };
`,
  'tfjs-layers/dist/exports.d.ts': `import { LayersModel } from './engine/training';
export declare function sequential(config?: {}): LayersModel;
`,
  'tfjs-layers/dist/engine/training.d.ts': `export interface ModelCompileArgs {
    optimizer: string;
    loss: string | string[] | { [outputName: string]: string };
    metrics?: string[];
}
export declare class LayersModel {
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
