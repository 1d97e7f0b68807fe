/** What an operator is written against, and what it returns. */
import { t } from '@vscode/l10n';
import { LossLensError } from '../../errors.ts';
import type { Matrices } from '../matrix.ts';
import type { Attribute, Node, Tensor } from '../network.ts';

/** A value whose shape is known; its numbers, too, where they do not depend on the image. */
export interface Value {
  readonly shape: readonly number[];
  readonly integer: boolean;
  readonly constant?: Tensor['data'];
}

/** One output of a node, for inputs of certain shapes. */
export interface Step {
  readonly shape: readonly number[];
  readonly integer?: boolean;
  /** `undefined` where an optional input is left out. */
  run(inputs: readonly (Float64Array | undefined)[]): Ran;
}

export interface Ran {
  readonly output: Float64Array;
  /**
   * From the gradient by the output to those by the inputs, in their order; what is constant needs none. Neither the
   * given array nor a returned one is changed by anybody.
   */
  back(slope: Float64Array): readonly (Float64Array | undefined)[];
}

/** Checks what it is given and says what will be computed. */
export type Operator = (call: OperatorCall) => Step;

export class OperatorCall {
  readonly node: Node;
  readonly opset: number;
  /** `undefined` where an optional input is left out. */
  readonly inputs: readonly (Value | undefined)[];
  /** Which of the node's outputs is meant. */
  readonly output: number;
  readonly matrices: Matrices;

  constructor(
    node: Node,
    opset: number,
    inputs: readonly (Value | undefined)[],
    output: number,
    matrices: Matrices,
  ) {
    this.matrices = matrices;
    this.node = node;
    this.opset = opset;
    this.inputs = inputs;
    this.output = output;
  }

  /** @throws LossLensError when a required input is left out. */
  input(index: number): Value {
    return (
      this.inputs[index] ??
      this.refuse((node) => t`${node} lacks an input.`, t`input ${index}`, t('an input there'))
    );
  }

  /** Whether a gradient has to reach this input. */
  varies(index: number): boolean {
    const value = this.inputs[index];
    return value !== undefined && value.constant === undefined;
  }

  /** The numbers of an input that must not depend on the image. */
  constant(index: number): number[] | undefined {
    const value = this.inputs[index];
    if (!value) return undefined;
    return Array.from(this.requireConstant(index));
  }

  /** As `constant`, where there are many. */
  requireConstant(index: number): Tensor['data'] {
    return (
      this.input(index).constant ??
      this.refuse(
        (node) => t`${node} takes something from the image that has to be fixed.`,
        this.node.inputs[index]!,
        t('a weight'),
      )
    );
  }

  /** Files hold these numbers in float32, so a default is rounded to it, too. */
  number(name: string, standard: number): number {
    const value = this.#attribute(name);
    return typeof value === 'number' ? value : Math.fround(standard);
  }

  flag(name: string, standard = false): boolean {
    return this.number(name, standard ? 1 : 0) !== 0;
  }

  numbers(name: string): readonly number[] | undefined {
    const value = this.#attribute(name);
    return Array.isArray(value) ? value : undefined;
  }

  text(name: string, standard: string): string {
    const value = this.#attribute(name);
    return typeof value === 'string' ? value : standard;
  }

  tensor(name: string): Tensor | undefined {
    const value = this.#attribute(name);
    return typeof value === 'object' && 'data' in value ? value : undefined;
  }

  /** An axis counted from the front. */
  axis(axis: number, rank: number): number {
    if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
    return this.refuse(
      (node) => t`${node} names an axis that is not there.`,
      t`axis ${axis}`,
      t`−${rank} to ${rank - 1}`,
    );
  }

  /** Axes that stand in an attribute, or in an input since a later opset. */
  axes(input: number, rank: number): number[] | undefined {
    const given = this.constant(input) ?? this.numbers('axes');
    return given?.map((axis) => this.axis(axis, rank));
  }

  refuse(sentence: (node: string) => string, found: string, expected: string): never {
    const { operator, name, outputs } = this.node;
    throw new LossLensError('network-unsupported', sentence(t`${operator} (node '${name || outputs[0]!}')`), {
      found,
      expected,
    });
  }

  #attribute(name: string): Attribute | undefined {
    return this.node.attributes[name];
  }
}

/** As messages write a shape. */
export const written = (shape: readonly (number | string | undefined)[]): string =>
  `[${shape.map((extent) => extent ?? '?').join(', ')}]`;
