/**
 * What a tensor surely is where the source reads it: abstract interpretation without running anything. A value is followed
 * through assignments, functions, layers and models of the same source, and by its type where there is a checker.
 * Whatever is not understood, and branches that disagree, make it unknown.
 */
import { constant } from '../../recognise/script/literals.ts';
import { argumentsOf, type Node, none, type Syntax } from '../../recognise/script/syntax.ts';
import { once } from '../once.ts';
import {
  agreed,
  clamped,
  logarithm,
  type Maker,
  type Tensor,
  unknownTensor,
  withNumber,
  without,
} from '../tensor.ts';
import { type Layer, Layers } from './layers.ts';
import {
  activations,
  keepsLogits,
  neutral,
  neutralLayers,
  ofClasses,
  plainArray,
  plainNumbers,
  rearranging,
  rearrangingLayers,
  stops,
} from './operations.ts';
import type { ScriptProgram } from './program.ts';
import { kindOf, shapeAfter, tensorMade } from './shapes.ts';

/** Expressions that are looked into for one another. */
const deepest = 60;
const applying = new Set(['apply', 'predict', 'predictOnBatch']);
const signs: Readonly<Record<string, string>> = { add: '+', sub: '-', mul: '*', div: '/' };

export class Tensors {
  readonly layers: Layers;
  readonly #program: ScriptProgram;
  readonly #syntax: Syntax;
  readonly of = once(
    deepest,
    unknownTensor,
    (expression): Tensor => this.#typed(expression, this.#evaluate(expression)),
  );

  constructor(program: ScriptProgram) {
    this.#program = program;
    this.#syntax = program.syntax;
    this.layers = new Layers(program);
  }

  /** With what the type says besides. */
  #typed(expression: Node, tensor: Tensor): Tensor {
    const { rank, plain } = this.#program.typeOf(expression);
    const { shape, stop } = tensor;
    return {
      ...tensor,
      ...(rank !== undefined && shape?.rank === undefined && { shape: { ...shape, rank } }),
      ...(plain && !stop && { stop: { node: expression, how: plainNumbers, consequence: plainArray } }),
    };
  }

  #evaluate(expression: Node): Tensor {
    const syntax = this.#syntax;
    const program = this.#program;
    const inner = program.unwrap(expression);
    if (inner !== expression) return this.of(inner);
    switch (syntax.name(expression)) {
      case 'VariableName':
      case 'PropertyDefinition':
      case 'MemberExpression': {
        const assigned = program.assigned(expression);
        return assigned === undefined ? unknownTensor : this.of(assigned);
      }
      case 'AwaitExpression':
        return this.of(syntax.children(expression)[1] ?? none);
      case 'AssignmentExpression':
        return syntax.source(syntax.children(expression)[1] ?? none) === '='
          ? this.of(syntax.children(expression).at(-1) ?? none)
          : unknownTensor;
      case 'ConditionalExpression': {
        const children = syntax.children(expression);
        return agreed([this.of(children[2] ?? none), this.of(children[4] ?? none)]);
      }
      case 'CallExpression':
        return this.#call(expression);
      default:
        return unknownTensor;
    }
  }

  /** What a model gives when it is applied. */
  output(model: Node): Tensor {
    const layer = this.layers.of(model);
    return layer ? this.#applied(layer, none, none) : unknownTensor;
  }

  /** All that a function can return, where its returns agree. */
  returned(definition: Node): Tensor {
    const returns = this.#program.returns(definition);
    return returns.length === 0 ? unknownTensor : agreed(returns.map((value) => this.of(value)));
  }

  #call(call: Node): Tensor {
    const syntax = this.#syntax;
    const program = this.#program;
    const callee = program.unwrap(syntax.first[call]!);
    const given = argumentsOf(syntax, call);
    if (given.some(({ spread }) => spread)) return unknownTensor;
    const values = given.map(({ value }) => value);
    const path = program.path(callee);
    if (path !== undefined) return this.#function(path, call, values);
    const own = program.function(callee);
    if (own !== undefined) return this.returned(own);
    const imported = program.elsewhere(call);
    if (imported) return imported.returned;
    const property = syntax.property(callee);
    const name = syntax.word(property);
    if (name === undefined) return unknownTensor;
    const base = syntax.first[callee]!;
    const layer = applying.has(name) ? this.layers.of(base) : undefined;
    if (layer) return this.#applied(layer, call, values[0] ?? none);
    // `math.softmax(x)` is a function of somebody's own.
    const takesNumbers = values.every((value) => constant(program.values, value) !== undefined);
    if (Object.hasOwn(activations, name) && !takesNumbers) return unknownTensor;
    return this.#operation(name, call, base, values);
  }

  #function(path: string, call: Node, values: readonly Node[]): Tensor {
    const name = /^tf\.(\w+)$/.exec(path)?.[1];
    if (name === undefined) return unknownTensor;
    if (name === 'tidy') {
      const body = this.#program.function(values.at(-1) ?? none);
      return body === undefined ? unknownTensor : this.returned(body);
    }
    const made = tensorMade(this.#program, name, call);
    if (made) {
      const { stop } = this.of(values[0] ?? none);
      return { ...made, ...(stop && { stop }) };
    }
    const [operand, ...others] = values;
    return operand === undefined ? unknownTensor : this.#operation(name, call, operand, others);
  }

  /** A function or a method of a tensor: they have the same names. */
  #operation(name: string, call: Node, operand: Node, others: readonly Node[]): Tensor {
    const program = this.#program;
    const before = this.of(operand);
    const { shape, stop } = before;
    const rest: Tensor = { ...(shape && { shape }), ...(stop && { stop }) };
    const form = Object.hasOwn(activations, name) ? activations[name] : undefined;
    if (form) return { ...rest, form, maker: { node: call, as: 'call', operand } };
    if (name === 'log' || name === 'exp') return { ...rest, ...logarithm(name, before, none) };
    if (name === 'clipByValue') return clamped(before, this.#numbers(others));
    if (Object.hasOwn(signs, name)) {
      const number = constant(program.values, others[0] ?? none);
      if (typeof number === 'number') return withNumber(before, signs[name]!, number, true);
      const other = this.of(others[0] ?? none);
      return stop && other.stop ? { stop } : unknownTensor;
    }
    if (name === 'oneHot') return this.#oneHot(call, before, others);
    if (Object.hasOwn(stops, name)) {
      const own = { node: call, how: () => name, consequence: stops[name]! };
      const picks = /^arg/.test(name);
      return {
        ...(shape && !picks && { shape }),
        ...(picks && { kind: 'int' as const }),
        stop: stop ?? own,
      };
    }
    const after = shapeAfter(program, name, shape, others);
    const kept = { ...without(before, 'shape'), ...(after && { shape: after }) };
    if (/^to(Int|Bool|Float)$/.test(name)) {
      const kind = name === 'toInt' ? 'int' : name === 'toBool' ? 'bool' : 'float';
      return kind === 'float' ? { ...kept, kind } : { ...rest, kind };
    }
    if (name === 'cast' || name === 'asType') {
      const kind = kindOf(program, others[0] ?? none);
      if (kind === 'float') return { ...kept, kind };
      return { ...rest, ...(kind && { kind }) };
    }
    if (neutral.has(name) || rearranging.has(name)) return kept;
    return stop ? { stop } : unknownTensor;
  }

  #oneHot(call: Node, indices: Tensor, [depth = none]: readonly Node[]): Tensor {
    const classes = constant(this.#program.values, depth);
    const rank = indices.shape?.rank;
    return {
      kind: 'int',
      oneHot: true,
      shape: {
        ...(rank !== undefined && { rank: rank + 1 }),
        ...(typeof classes === 'number' && { last: classes }),
      },
      stop: { node: call, how: () => 'oneHot', consequence: ofClasses },
    };
  }

  #numbers(nodes: readonly Node[]): number[] {
    return nodes
      .map((node) => constant(this.#program.values, node))
      .filter((bound) => typeof bound === 'number');
  }

  #applied(layer: Layer, call: Node, operand: Node): Tensor {
    if (layer.kind === 'elsewhere') return layer.output;
    if (layer.kind === 'functional') return this.of(layer.outputs);
    if (layer.kind === 'sequence') {
      let tensor = unknownTensor;
      for (const item of layer.items) tensor = item ? this.#through(item, tensor) : unknownTensor;
      return tensor;
    }
    return this.#through(layer, this.of(operand), { node: call, as: 'call', operand });
  }

  /** @param applied  where the layer is called; absent for an item of a sequence, which is written where it is made. */
  #through(layer: Layer, before: Tensor, applied?: Maker): Tensor {
    if (layer.kind !== 'library') return this.#applied(layer, none, none);
    const { name, node } = layer;
    const made = this.layers.form(layer);
    const shape = this.layers.shapeOf(layer, before.shape);
    const rest = { ...(shape && { shape }), ...(before.stop && { stop: before.stop }) };
    if (made) {
      const { form, argument } = made;
      const maker: Maker =
        argument === none
          ? { node, as: 'layer', operand: none }
          : { node: argument, as: 'argument', operand: none };
      return { ...rest, form, maker: applied && argument === none && form !== 'logits' ? applied : maker };
    }
    if (neutralLayers.has(name) || rearrangingLayers.has(name)) {
      return { ...without(before, 'shape'), ...(shape && { shape }) };
    }
    const { form, maker } = before;
    const logits = keepsLogits.has(name) && form === 'logits' && maker;
    return logits ? { ...rest, form, maker } : rest;
  }
}
