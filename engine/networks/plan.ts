/** A network for images of one shape: what will be computed, with the gradient's way back. */
import { t } from '@vscode/l10n';
import { LossLensError } from '../errors.ts';
import type { Matrices } from './matrix.ts';
import type { Network, Node } from './network.ts';
import { operators } from './operators/index.ts';
import { requireRoom } from './operators/indices.ts';
import { OperatorCall, type Ran, type Step, type Value } from './operators/operator.ts';

interface PlannedStep {
  readonly inputs: readonly string[];
  readonly output: string;
  readonly step: Step;
}

export interface Features {
  /** One array for each layer, in the order that was asked for. */
  readonly layers: readonly Float64Array[];
  /** From the gradients by the layers to that by the image. */
  back(slopes: readonly Float64Array[]): Float64Array;
}

export class Plan {
  /** Of each layer. */
  readonly shapes: readonly (readonly number[])[];
  readonly #network: Network;
  readonly #steps: readonly PlannedStep[];
  readonly #values: ReadonlyMap<string, Value>;
  /** Constants as the operators compute with them, made when first needed. */
  readonly #numbers = new Map<string, Float64Array>();

  /**
   * What depends on no image (shapes, arithmetic on weights) is computed here, once.
   * @throws LossLensError `network-unsupported` for what an operator does not take.
   */
  constructor(network: Network, imageShape: readonly number[], matrices: Matrices) {
    this.#network = network;
    const values = new Map<string, Value>(
      Object.entries(network.constants).map(([name, { shape, data, integer }]) => [
        name,
        { shape, integer, constant: data },
      ]),
    );
    values.set(network.image.name, { shape: imageShape, integer: false });
    const steps: PlannedStep[] = [];
    const needed = new Set([...network.nodes.flatMap(({ inputs }) => inputs), ...network.layers]);
    for (const node of network.nodes) {
      node.outputs.forEach((output, index) => {
        if (!needed.has(output) || output === '') return;
        const step = stepOf(new OperatorCall(node, network.opset, inputsOf(node, values), index, matrices));
        const { shape, integer = false } = step;
        if (isConstant(node, values)) {
          const ran = step.run(node.inputs.map((name) => toFloat64(values.get(name)?.constant)));
          values.set(output, { shape, integer, constant: ran.output });
        } else {
          values.set(output, { shape, integer });
          steps.push({ inputs: node.inputs, output, step });
        }
      });
    }
    this.#steps = steps;
    this.#values = values;
    this.shapes = network.layers.map((name) => {
      const layer = values.get(name)!;
      if (layer.constant === undefined) return layer.shape;
      throw new LossLensError('unknown-layer', t('A layer to compare has to depend on the image.'), {
        found: t`'${name}', the same for every image`,
        expected: t('a layer that is computed from the image'),
      });
    });
  }

  /** @param differentiable  whether `back` will be called: what it needs is kept until then */
  run(image: Float64Array, differentiable: boolean): Features {
    const arrays = new Map<string, Float64Array>([[this.#network.image.name, image]]);
    const tape: { readonly planned: PlannedStep; readonly ran: Ran }[] = [];
    for (const planned of this.#steps) {
      const inputs = planned.inputs.map((name) => arrays.get(name) ?? this.#constant(name));
      const ran = planned.step.run(inputs);
      arrays.set(planned.output, ran.output);
      if (differentiable) tape.push({ planned, ran });
    }
    return {
      layers: this.#network.layers.map((name) => arrays.get(name)!),
      back: (slopes) => this.#back(image.length, tape, slopes),
    };
  }

  #back(
    size: number,
    tape: readonly { readonly planned: PlannedStep; readonly ran: Ran }[],
    given: readonly Float64Array[],
  ): Float64Array {
    const slopes = new Map<string, Float64Array>();
    const add = (name: string, slope: Float64Array): void => {
      const before = slopes.get(name);
      slopes.set(name, before ? before.map((own, i) => own + slope[i]!) : slope);
    };
    this.#network.layers.forEach((name, i) => {
      add(name, given[i]!);
    });
    for (let i = tape.length - 1; i >= 0; i--) {
      const { planned, ran } = tape[i]!;
      const slope = slopes.get(planned.output);
      if (!slope) continue;
      slopes.delete(planned.output);
      ran.back(slope).forEach((below, k) => {
        const name = planned.inputs[k]!;
        if (below && this.#values.get(name)?.constant === undefined) add(name, below);
      });
    }
    return slopes.get(this.#network.image.name) ?? new Float64Array(size);
  }

  #constant(name: string): Float64Array | undefined {
    const existing = this.#numbers.get(name);
    if (existing) return existing;
    const made = toFloat64(this.#values.get(name)?.constant);
    if (made) this.#numbers.set(name, made);
    return made;
  }
}

const inputsOf = (node: Node, values: ReadonlyMap<string, Value>): (Value | undefined)[] =>
  node.inputs.map((name) => (name === '' ? undefined : values.get(name)));

/** An operator is written for what ONNX allows; what else a file may hold is refused here. */
function stepOf(call: OperatorCall): Step {
  try {
    const step = operators[call.node.operator]!(call);
    requireRoom(step.shape);
    return step;
  } catch (error) {
    if (error instanceof LossLensError) throw error;
    return call.refuse(
      (node) => t`${node} is given what ONNX does not allow it.`,
      String(error),
      t('what its specification says'),
    );
  }
}

/** `Shape` depends on the image's extents alone, which are known. */
const isConstant = (node: Node, values: ReadonlyMap<string, Value>): boolean =>
  node.operator === 'Shape' ||
  node.inputs.every((name) => name === '' || values.get(name)?.constant !== undefined);

const toFloat64 = (data: Value['constant']): Float64Array | undefined =>
  data === undefined || data instanceof Float64Array ? data : Float64Array.from(data);
