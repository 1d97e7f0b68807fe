/**
 * What a tensor surely is where the source reads it: abstract interpretation without running anything. A value is followed
 * through assignments, calls of functions and layers, `nn.Sequential` and the returns of `forward` in the same source.
 * Whatever is not understood, and branches that disagree, make it unknown.
 */
import { t } from '@vscode/l10n';
import type { Scope } from '../../recognise/python/bindings.ts';
import { constant } from '../../recognise/python/literals.ts';
import {
  argumentsOf,
  isExpression,
  type Node,
  none,
  type Syntax,
  unwrap,
} from '../../recognise/python/syntax.ts';
import { once } from '../once.ts';
import {
  agreed,
  clamped,
  type Kind,
  logarithm,
  type Maker,
  type Tensor,
  unknownTensor,
  withNumber,
  without,
} from '../tensor.ts';
import { Layers } from './layers.ts';
import {
  activations,
  comparison,
  functionModules,
  keepsLogits,
  kinds,
  nameOfStop,
  neutral,
  rearranging,
  resampling,
  stops,
} from './operations.ts';
import type { PythonProgram } from './program.ts';
import { shapeAfter, shapeMade } from './shapes.ts';

/** Expressions that are looked into for one another. */
const deepest = 60;

export class Tensors {
  readonly layers: Layers;
  readonly #program: PythonProgram;
  readonly #syntax: Syntax;
  readonly of = once(deepest, unknownTensor, (expression): Tensor => this.#evaluate(expression));

  constructor(program: PythonProgram) {
    this.#program = program;
    this.#syntax = program.syntax;
    this.layers = new Layers(program);
  }

  #evaluate(expression: Node): Tensor {
    const syntax = this.#syntax;
    switch (syntax.name(expression)) {
      case 'VariableName':
        return this.#name(expression);
      case 'ParenthesizedExpression':
        return this.of(unwrap(syntax, expression));
      case 'NamedExpression':
        return this.of(syntax.children(expression).at(-1)!);
      case 'ConditionalExpression': {
        const [then = none, , , , otherwise = none] = syntax.children(expression);
        return agreed([this.of(then), this.of(otherwise)]);
      }
      case 'MemberExpression':
        return this.#member(expression);
      case 'CallExpression':
        return this.#call(expression);
      case 'BinaryExpression':
        return this.#binary(expression);
      case 'UnaryExpression': {
        const { stop, shape } = this.of(syntax.children(expression).at(-1)!);
        return { ...(stop && { stop }), ...(shape && { shape }) };
      }
      default:
        return unknownTensor;
    }
  }

  #name(word: Node): Tensor {
    const assigned = this.#program.assigned(word);
    if (assigned !== undefined) return this.of(assigned);
    return this.#unpacked(word);
  }

  /** `output, hidden = self.lstm(x)`, and what functions of this source return as a tuple. */
  #unpacked(word: Node): Tensor {
    const binding = this.#program.values.assignment(word);
    if (binding?.source.kind !== 'unknown' || binding.word === none) return unknownTensor;
    const syntax = this.#syntax;
    const statement = syntax.parent[binding.word]!;
    if (syntax.name(statement) !== 'AssignStatement') return unknownTensor;
    const items = syntax.children(statement).filter((item) => isExpression(syntax, item));
    const call = items.pop()!;
    const index = items.indexOf(binding.word);
    const plain = syntax.children(statement).every((item) => syntax.name(item) !== '*');
    if (index < 0 || !plain || syntax.name(call) !== 'CallExpression') return unknownTensor;
    const callee = syntax.first[call]!;
    const layer = this.layers.of(callee);
    if (layer?.kind === 'library') {
      const sequence = index === 0 && /^(LSTM|GRU|RNN)$/.test(layer.name);
      return sequence ? { shape: { rank: 3 } } : unknownTensor;
    }
    const called = layer?.kind === 'own' ? this.#forward(layer.scope) : this.#program.function(callee);
    const returned = called ? this.#program.returnedItems(called, index, items.length) : [];
    return returned.length === 0 ? unknownTensor : agreed(returned.map((item) => this.of(item)));
  }

  /** The method that runs when an object of a class is called. */
  #forward(scope: Scope): Scope | undefined {
    for (const name of ['forward', '__call__', 'call']) {
      const method = this.#program.method(scope, name);
      if (method) return method;
    }
    return undefined;
  }

  #member(expression: Node): Tensor {
    const syntax = this.#syntax;
    const property = syntax.property(expression);
    const base = this.of(syntax.first[expression]!);
    if (property === none) {
      // A subscript picks numbers; of what sums to one it may pick a part.
      const { form, maker, shape: _, ...rest } = base;
      const elementwise = form !== undefined && !/softmax/.test(form);
      return elementwise ? { ...rest, form, ...(maker && { maker }) } : rest;
    }
    const name = syntax.source(property);
    if (name === 'data') return { ...base, stop: base.stop ?? { node: expression, how: () => '.data' } };
    if (name === 'T' || name === 'mT') return without(base, 'shape');
    const assigned = this.#program.assigned(expression);
    return assigned === undefined ? unknownTensor : this.of(assigned);
  }

  #binary(expression: Node): Tensor {
    const syntax = this.#syntax;
    const [left = none, operator = none, right = none] = syntax.children(expression);
    if (!isExpression(syntax, right)) return unknownTensor;
    const sign = syntax.source(operator);
    if (/^(<|>|<=|>=|==|!=)$/.test(sign)) {
      const { shape } = this.of(left);
      return {
        kind: 'bool',
        stop: { node: expression, how: comparison },
        ...(shape && this.#isNumber(right) && { shape }),
      };
    }
    for (const [tensor, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const number = constant(this.#program.values, other);
      if (typeof number !== 'number') continue;
      return withNumber(this.of(tensor), sign, number, tensor === left);
    }
    const [a, b] = [this.of(left), this.of(right)];
    return a.stop && b.stop ? { stop: a.stop } : unknownTensor;
  }

  #isNumber(node: Node): boolean {
    return typeof constant(this.#program.values, node) === 'number';
  }

  #call(call: Node): Tensor {
    const syntax = this.#syntax;
    const callee = syntax.first[call]!;
    const path = this.#program.path(callee);
    if (path !== undefined) return this.#function(path, call);
    const layer = this.layers.of(callee);
    if (layer) {
      const operand = argumentsOf(syntax, call)[0]?.value ?? none;
      return this.#applied(layer, call, operand);
    }
    const own = this.#program.function(callee);
    if (own) return this.returned(own);
    const property = syntax.property(callee);
    if (property === none) return unknownTensor;
    const base = syntax.first[callee]!;
    if (this.#program.object(base)) return unknownTensor;
    return this.#operation(
      syntax.source(property),
      call,
      base,
      argumentsOf(syntax, call).map(({ value }) => value),
    );
  }

  /** What a model gives when it is called. */
  output(model: Node): Tensor {
    const layer = this.layers.of(model);
    return layer ? this.#applied(layer, none, none) : unknownTensor;
  }

  /** All that a function can return, where its returns agree. */
  returned(scope: Scope): Tensor {
    const returns = this.#program.returns(scope);
    return returns.length === 0 ? unknownTensor : agreed(returns.map((value) => this.of(value)));
  }

  #function(path: string, call: Node): Tensor {
    const dot = path.lastIndexOf('.');
    const module = path.slice(0, dot);
    const name = path.slice(dot + 1);
    const made = shapeMade(this.#program, path, call);
    if (made) return made;
    if (!functionModules.includes(module)) return unknownTensor;
    const given = argumentsOf(this.#syntax, call);
    const operand =
      given.find(({ keyword }) => keyword === 'input' || keyword === 'x' || keyword === 'logits') ??
      (given[0]?.keyword === undefined ? given[0] : undefined);
    if (!operand) return unknownTensor;
    const others = given.filter((argument) => argument !== operand).map(({ value }) => value);
    return this.#operation(name, call, operand.value, others);
  }

  /** A function or a method of a tensor: they have the same names. */
  #operation(name: string, call: Node, operand: Node, others: readonly Node[]): Tensor {
    const form = Object.hasOwn(activations, name) ? activations[name] : undefined;
    const before = this.of(operand);
    const { shape, stop } = before;
    const rest: Tensor = { ...(shape && { shape }), ...(stop && { stop }) };
    if (form) return { ...rest, form, maker: { node: call, as: 'call', operand } };
    if (name === 'log' || name === 'exp') return { ...rest, ...logarithm(name, before, none) };
    if (/^clamp_?$|^clip$|^clip_by_value$/.test(name)) return clamped(before, this.#numbers(call));
    const after = shapeAfter(this.#program, name, before.shape, call, others);
    const kept = { ...without(before, 'shape'), ...(after && { shape: after }) };
    if (name === 'one_hot') return { kind: 'long', stop: { node: call, how: () => 'one_hot' }, oneHot: true };
    if (stops.has(name)) {
      // Of what is picked, neither the form nor the shape is that of the scores.
      const picks = /^arg/.test(name);
      const kind = picks ? 'long' : this.#castTo(name, others, before.kind);
      const own = { node: call, how: () => nameOfStop(name) };
      const stopped = picks ? own : (stop ?? own);
      if (name === 'detach') return { ...kept, stop: stopped };
      return { ...(after && !picks && { shape: after }), ...(kind && { kind }), stop: stopped };
    }
    if (neutral.has(name)) {
      const kind = this.#castTo(name, others, before.kind);
      return { ...without(kept, 'kind'), ...(kind && { kind }), ...this.#stoppedByCast(kind, call, kept) };
    }
    if (rearranging.has(name) || resampling.has(name)) return kept;
    if (keepsLogits.has(name) && before.form === 'logits') return before;
    return stop ? { stop } : unknownTensor;
  }

  /** Integers carry no gradient. */
  #stoppedByCast(kind: Kind | undefined, call: Node, before: Tensor): Tensor {
    return kind && kind !== 'float' && !before.stop
      ? { stop: { node: call, how: () => t`a cast to ${kind}` } }
      : {};
  }

  #castTo(name: string, others: readonly Node[], before: Kind | undefined): Kind | undefined {
    if (Object.hasOwn(kinds, name)) return kinds[name];
    if (name !== 'to' && name !== 'type') return before;
    for (const other of others) {
      const dtype = this.#program.path(other) ?? '';
      const last = dtype.slice(dtype.lastIndexOf('.') + 1);
      if (dtype.startsWith('torch.')) return Object.hasOwn(kinds, last) ? kinds[last] : undefined;
    }
    // `.to(device)` keeps the dtype; `.to(other)` may not.
    return name === 'to' &&
      others.every((other) => /device|cuda|cpu|rank|gpu/i.test(this.#syntax.source(other)))
      ? before
      : undefined;
  }

  /** Those of the arguments that are constants. */
  #numbers(call: Node): number[] {
    return argumentsOf(this.#syntax, call)
      .map(({ value }) => constant(this.#program.values, value))
      .filter((bound) => typeof bound === 'number');
  }

  #applied(layer: NonNullable<ReturnType<Layers['of']>>, call: Node, operand: Node): Tensor {
    const before = this.of(operand);
    if (layer.kind === 'own') {
      const method = this.#forward(layer.scope);
      return method ? this.returned(method) : unknownTensor;
    }
    if (layer.kind === 'functional') return this.of(layer.outputs);
    if (layer.kind === 'sequence') {
      let tensor = before;
      for (const item of layer.items) {
        tensor = item ? this.#through(item, tensor, undefined) : unknownTensor;
      }
      return tensor;
    }
    return this.#through(layer, before, { node: call, as: 'call', operand });
  }

  /** @param applied  where the layer is called; absent for an item of a `Sequential`, which is written where it is made. */
  #through(layer: NonNullable<ReturnType<Layers['of']>>, before: Tensor, applied: Maker | undefined): Tensor {
    if (layer.kind !== 'library') return this.#applied(layer, none, none);
    const { name, node } = layer;
    const maker = applied ?? { node, as: 'layer' as const, operand: none };
    const made = this.layers.form(layer);
    const stop = before.stop ? { stop: before.stop } : {};
    if (made) {
      const shape = this.layers.shapeOf(layer, before.shape);
      const by =
        made.argument === none ? maker : { node: made.argument, as: 'argument' as const, operand: none };
      return { form: made.form, maker: by, ...(shape && { shape }), ...stop };
    }
    if (neutral.has(name)) return before;
    if (rearranging.has(name)) return without(before, 'shape');
    if (resampling.has(name)) return before;
    return keepsLogits.has(name) && before.form === 'logits' ? before : unknownTensor;
  }
}
