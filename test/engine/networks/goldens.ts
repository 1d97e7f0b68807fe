/** Networks and what the real libraries make of images with them: made by test/golden/make_networks.py. */
import { readFileSync } from 'node:fs';

interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export interface OperatorGolden {
  readonly note: string;
  /** An ONNX file, base64. */
  readonly network: string;
  readonly image: Numbers;
  readonly output: Numbers;
}

export interface ExportGolden {
  readonly note: string;
  readonly network: string;
  readonly prediction: Numbers;
  readonly target: Numbers;
  readonly value: number;
  readonly gradients: { readonly prediction: readonly number[]; readonly target: readonly number[] };
}

const text = readFileSync(new URL('../../golden/data/networks.json', import.meta.url), 'utf8');

export const { operators, exports } = JSON.parse(text) as {
  readonly operators: readonly OperatorGolden[];
  readonly exports: readonly ExportGolden[];
};

export const bytesOf = (network: string): Uint8Array => Buffer.from(network, 'base64');
