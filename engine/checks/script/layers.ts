/** Layers and models of TensorFlow.js: what an expression that is applied to tensors surely is. */
import { constant } from '../../recognise/script/literals.ts';
import { argumentsOf, isExpression, type Node, none } from '../../recognise/script/syntax.ts';
import { once } from '../once.ts';
import type { Form, Shape, Tensor } from '../tensor.ts';
import { activationLayers, activations, affineLayers, neutralLayers } from './operations.ts';
import type { ScriptProgram } from './program.ts';
import { listShape } from './shapes.ts';

export interface LibraryLayer {
  readonly kind: 'library';
  /** `dense` of `tf.layers.dense`. */
  readonly name: string;
  /** The call that makes it. */
  readonly node: Node;
}

export interface Sequence {
  readonly kind: 'sequence';
  /** In order; `undefined` for one that is not understood. */
  readonly items: readonly (Layer | undefined)[];
}

/** `tf.model({ inputs, outputs })` */
export interface Functional {
  readonly kind: 'functional';
  readonly outputs: Node;
}

/** A model that a function of another file makes. */
export interface Elsewhere {
  readonly kind: 'elsewhere';
  readonly output: Tensor;
}

export type Layer = LibraryLayer | Sequence | Functional | Elsewhere;

const deepest = 20;
/** Calls of `add` that are followed. */
const longestGrowth = 200;

export class Layers {
  readonly #program: ScriptProgram;
  readonly of = once<Layer | undefined>(deepest, undefined, (expression) => this.#evaluate(expression));

  constructor(program: ScriptProgram) {
    this.#program = program;
  }

  /** The form that a layer gives whatever goes in, and the `activation` that says so, if one does. */
  form({ name, node }: LibraryLayer): { readonly form: Form; readonly argument: Node } | undefined {
    const program = this.#program;
    if (Object.hasOwn(activationLayers, name)) return { form: activationLayers[name]!, argument: none };
    const options = argumentsOf(program.syntax, node)[0]?.value ?? none;
    const argument = options === none ? none : program.property(options, 'activation');
    if (argument === undefined || (name !== 'activation' && !Object.hasOwn(affineLayers, name)))
      return undefined;
    const given = argument === none ? 'linear' : constant(program.values, argument);
    if (given === 'linear') return name === 'activation' ? undefined : { form: 'logits', argument };
    const form =
      typeof given === 'string' && Object.hasOwn(activations, given) ? activations[given] : undefined;
    return form && { form, argument: name === 'activation' ? none : argument };
  }

  /** Also of what its `inputShape` says, where nothing is known of what goes in. */
  shapeOf({ name, node }: LibraryLayer, before: Shape | undefined): Shape | undefined {
    const program = this.#program;
    const options = argumentsOf(program.syntax, node)[0]?.value ?? none;
    const option = (of: string) => (options === none ? none : (program.property(options, of) ?? none));
    const input = listShape(program, option('inputShape'));
    const rank = input?.rank === undefined ? before?.rank : input.rank + 1;
    if (name === 'flatten') return { rank: 2 };
    const size = Object.hasOwn(affineLayers, name) ? option(affineLayers[name]!) : none;
    const keeps =
      size !== none || neutralLayers.has(name) || /^(activation|softmax|reLU|.*Normalization)$/.test(name);
    if (!keeps) return undefined;
    const last = size === none ? before?.last : constant(program.values, size);
    return { ...(rank !== undefined && { rank }), ...(typeof last === 'number' && { last }) };
  }

  #evaluate(expression: Node): Layer | undefined {
    const program = this.#program;
    const { syntax } = program;
    const node = program.unwrap(expression);
    switch (syntax.name(node)) {
      case 'VariableName':
      case 'MemberExpression': {
        const assigned = program.assigned(node);
        if (assigned === undefined) return undefined;
        const layer = this.of(assigned);
        return layer?.kind === 'sequence' ? this.#grown(layer, node, assigned) : layer;
      }
      case 'AwaitExpression':
        return this.of(syntax.children(node)[1] ?? none);
      case 'AssignmentExpression':
        return this.of(syntax.children(node).at(-1) ?? none);
      case 'CallExpression':
        return this.#made(node);
      default:
        return undefined;
    }
  }

  #made(call: Node): Layer | undefined {
    const program = this.#program;
    const { syntax } = program;
    const callee = syntax.first[call]!;
    const path = program.path(callee);
    const options = argumentsOf(syntax, call)[0]?.value ?? none;
    if (path === 'tf.sequential') return this.#sequence(options);
    if (path === 'tf.model') {
      const outputs = options === none ? undefined : program.property(options, 'outputs');
      return outputs === undefined || outputs === none ? undefined : { kind: 'functional', outputs };
    }
    const name = path === undefined ? undefined : /^tf\.layers\.(\w+)$/.exec(path)?.[1];
    if (name !== undefined) return { kind: 'library', name, node: call };
    if (path !== undefined) return undefined;
    const builder = program.function(callee);
    if (builder === undefined) {
      const output = program.elsewhere(call)?.model;
      return output?.form ? { kind: 'elsewhere', output } : undefined;
    }
    const returns = program.returns(builder);
    return returns.length === 1 ? this.of(returns[0]!) : undefined;
  }

  #sequence(options: Node): Sequence | undefined {
    const program = this.#program;
    const { syntax } = program;
    const layers = options === none ? none : program.property(options, 'layers');
    if (layers === none) return { kind: 'sequence', items: [] };
    if (layers === undefined) return undefined;
    const list = program.unwrap(program.assigned(layers) ?? layers);
    if (syntax.name(list) !== 'ArrayExpression') return undefined;
    const items: (Layer | undefined)[] = [];
    let spread = false;
    for (const child of syntax.children(list)) {
      if (syntax.name(child) === 'Spread') spread = true;
      else if (isExpression(syntax, child)) {
        items.push(spread ? undefined : this.of(child));
        spread = false;
      }
    }
    return { kind: 'sequence', items };
  }

  /** What `model.add(…)` appends between the making of a model and this place. */
  #grown(sequence: Sequence, read: Node, made: Node): Sequence | undefined {
    const program = this.#program;
    const { syntax } = program;
    const on = (method: string) =>
      program.methodCalls(method).filter((call) => {
        const callee = program.unwrap(syntax.first[call]!);
        return syntax.property(callee) !== none && program.same(syntax.first[callee]!, read);
      });
    if (on('pop').length > 0) return undefined;
    const added = on('add');
    if (added.length > longestGrowth) return undefined;
    const items = [...sequence.items];
    const around = program.functionAround(read);
    for (const call of added) {
      if (syntax.from[call]! < syntax.to[made]!) continue;
      const later = syntax.from[call]! > syntax.from[read]!;
      if (later && program.functionAround(call) === around) continue;
      // What is added in a loop or on a condition may have come last.
      const sure = program.block(call) === program.block(made);
      items.push(sure ? this.of(argumentsOf(syntax, call)[0]?.value ?? none) : undefined);
    }
    return { ...sequence, items };
  }
}
