/** Layers by name: which a file has, and the part of its network that some of them need. */
import { t } from '@vscode/l10n';
import { LossLensError } from '../errors.ts';
import { readFile } from '../files.ts';
import type { Network, Node, Tensor } from './network.ts';
import { type OnnxFile, readOnnx } from './onnx.ts';
import { newestOpset, oldestOpset, operators } from './operators/index.ts';
import { dtypeName, isFloatDtype, tensorOf } from './tensor.ts';

/** What a layer may be called: by its value, or by the node that computes it. */
export interface Layer {
  readonly name: string;
  readonly node: string;
  readonly operator: string;
  /** Whether it is one of the network's own outputs. */
  readonly isOutput: boolean;
}

/**
 * The layers of a network file that can be compared, in the order in which they are computed.
 * @throws LossLensError `no-file`, `not-a-network`.
 */
export function networkLayers(file: string): Layer[] {
  return usableLayers(readOnnx(readFile(file), file));
}

/** Those that can be compared: they depend on what is neither computed nor stored, by operators that are known. */
function usableLayers(file: OnnxFile): Layer[] {
  const images = file.inputs.map(({ name }) => name).filter((name) => !file.tensors.has(name));
  const dependent = new Set(images);
  const unknown = new Set<string>();
  for (const node of file.nodes) {
    const takes = (values: ReadonlySet<string>): boolean => node.inputs.some((name) => values.has(name));
    const depends = takes(dependent) && node.operator !== 'Shape';
    const fails = takes(unknown) || !isKnown(node);
    for (const name of node.outputs) {
      if (depends) dependent.add(name);
      if (fails) unknown.add(name);
    }
  }
  return layersOf(file).filter(({ name }) => dependent.has(name) && !unknown.has(name));
}

/** In the order in which they are computed. */
function layersOf(file: OnnxFile): Layer[] {
  return file.nodes.flatMap((node) =>
    node.outputs
      .filter((name) => name !== '')
      .map((name) => ({
        name,
        node: node.name,
        operator: node.operator,
        isOutput: file.outputs.includes(name),
      })),
  );
}

/**
 * @param wanted  names of values or of nodes; none for the network's outputs
 * @throws LossLensError `unknown-layer`; `network-unsupported` for what only these layers need.
 */
export function subnetwork(file: OnnxFile, wanted: readonly string[]): Network {
  const layers = wanted.length === 0 ? file.outputs : wanted.map((name) => valueNamed(file, name));
  const nodes = neededNodes(file, layers);
  requireOperators(file, nodes);
  if (file.opset < oldestOpset || file.opset > newestOpset) {
    throw new LossLensError(
      'network-unsupported',
      t('This network is written for operators of another time.'),
      {
        found: `opset ${file.opset}`,
        expected: t`opset ${oldestOpset} to ${newestOpset}, such as torch.onnx.export(…, opset_version=18)`,
      },
    );
  }
  const computed = new Set(nodes.flatMap(({ outputs }) => outputs));
  const taken = new Set(nodes.flatMap(({ inputs }) => inputs).filter((name) => name !== ''));
  const constants: Record<string, Tensor> = {};
  const open: string[] = [];
  for (const name of taken) {
    if (computed.has(name)) continue;
    const stored = file.tensors.get(name);
    if (stored) constants[name] = tensorOf(stored);
    else open.push(name);
  }
  return { opset: file.opset, image: imageOf(file, open), nodes, constants, layers };
}

function valueNamed({ nodes }: OnnxFile, name: string): string {
  for (const { outputs } of nodes) if (outputs.includes(name)) return name;
  const [first] = nodes.find((node) => node.name === name)?.outputs ?? [];
  if (first !== undefined) return first;
  const known = [...new Set(nodes.flatMap((node) => [...node.outputs, node.name]))].filter(
    (each) => each !== '',
  );
  const near = known
    .map((each) => ({ each, distance: distanceOf(name.toLowerCase(), each.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 5)
    .map(({ each }) => `'${each}'`);
  throw new LossLensError('unknown-layer', t('The network has no layer of this name.'), {
    found: `'${name}'`,
    expected: t`one of ${known.length} names, such as ${near.join(', ')}`,
  });
}

/** How many letters have to be put in, left out or changed; leaving out is cheap, for what is asked is often a part. */
function distanceOf(asked: string, known: string): number {
  let row = Array.from({ length: known.length + 1 }, (_, i) => i / 10);
  for (let a = 1; a <= asked.length; a++) {
    const next = [a];
    for (let k = 1; k <= known.length; k++) {
      const changed = row[k - 1]! + (asked[a - 1] === known[k - 1] ? 0 : 1);
      next.push(Math.min(changed, row[k]! + 1, next[k - 1]! + 0.1));
    }
    row = next;
  }
  return row[known.length]!;
}

/** The nodes that lead to these values, in the file's order, which is one of computation. */
function neededNodes({ nodes }: OnnxFile, layers: readonly string[]): Node[] {
  const values = new Set(layers);
  const needed: Node[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    if (!node.outputs.some((name) => values.has(name))) continue;
    needed.unshift(node);
    for (const name of node.inputs) if (name !== '') values.add(name);
  }
  return needed;
}

const isKnown = ({ operator, domain }: Node): boolean =>
  (domain === '' || domain === 'ai.onnx') && Object.hasOwn(operators, operator);

/** Of the whole file: what some layer would need that is not there. */
function requireOperators(file: OnnxFile, nodes: readonly Node[]): void {
  const first = nodes.find((node) => !isKnown(node));
  if (!first) return;
  const missing = [...new Set(nodes.filter((node) => !isKnown(node)).map(fullName))];
  const last = usableLayers(file).at(-1)?.name;
  const advice =
    last === undefined ? '' : ` ${t`Layers that do without them can be compared: up to '${last}'.`}`;
  throw new LossLensError(
    'network-unsupported',
    t`The layers asked for need operators that Loss Lens does not have.${advice}`,
    {
      found: t`${missing.join(', ')}, first in node '${first.name || String(first.outputs[0])}'`,
      expected: Object.keys(operators).sort().join(', '),
    },
  );
}

const fullName = ({ operator, domain }: Node): string => (domain === '' ? operator : `${domain}.${operator}`);

/** The one thing that is neither computed nor stored. */
function imageOf(file: OnnxFile, open: readonly string[]): Network['image'] {
  const names = file.inputs.map(({ name }) => name);
  const unknown = open.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new LossLensError('not-a-network', t('The file is damaged: a value comes from nowhere.'), {
      found: `'${unknown}'`,
      expected: t('an input, a weight or the output of an earlier node'),
    });
  }
  if (open.length !== 1) {
    throw new LossLensError(
      'network-unsupported',
      t('The layers asked for have to depend on one input, the image.'),
      {
        found: open.length === 0 ? t('layers that depend on no input') : t`the inputs ${open.join(', ')}`,
        expected: t('one input'),
      },
    );
  }
  const image = file.inputs.find(({ name }) => name === open[0])!;
  if (image.dtype !== 0 && !isFloatDtype(image.dtype)) {
    throw new LossLensError(
      'network-unsupported',
      t('The network takes no floating-point images, so no gradient reaches them.'),
      {
        found: `'${image.name}', ${dtypeName(image.dtype)}`,
        expected: t('an input of float32, float64, float16 or bfloat16'),
      },
    );
  }
  return { name: image.name, shape: image.shape };
}
