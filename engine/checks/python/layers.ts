/** Layers and models: what a callable object of this source surely is. */
import type { Scope } from '../../recognise/python/bindings.ts';
import { constant } from '../../recognise/python/literals.ts';
import { argumentsOf, isExpression, type Node, none, unwrap } from '../../recognise/python/syntax.ts';
import { once } from '../once.ts';
import type { Form, Shape } from '../tensor.ts';
import { activations, affineLayers, layerModules } from './operations.ts';
import type { PythonProgram } from './program.ts';

export interface LibraryLayer {
  readonly kind: 'library';
  /** The last part of its class' name. */
  readonly name: string;
  readonly path: string;
  /** The call that makes it. */
  readonly node: Node;
}

export interface Sequence {
  readonly kind: 'sequence';
  readonly node: Node;
  /** In order; `undefined` for one that is not understood. */
  readonly items: readonly (Layer | undefined)[];
}

export interface OwnLayer {
  readonly kind: 'own';
  readonly scope: Scope;
}

/** `keras.Model(inputs, outputs)` */
export interface Functional {
  readonly kind: 'functional';
  readonly outputs: Node;
}

export type Layer = LibraryLayer | Sequence | OwnLayer | Functional;

/** Whole networks that end in a convolution. */
const monaiNetworks =
  /^monai\.networks\.nets\.(?:\w+\.)?(UNet|BasicUNet|SegResNet|UNETR|SwinUNETR|AttentionUnet)$/;
const smpNetworks =
  /^segmentation_models_pytorch\.(?:\w+\.)*(Unet|UnetPlusPlus|FPN|PSPNet|DeepLabV3|DeepLabV3Plus|Linknet|MAnet|PAN)$/;

/** What gives back the model that it is given, as far as its output goes. */
const wrappers = new Set([
  'torch.nn.DataParallel',
  'torch.nn.parallel.DistributedDataParallel',
  'torch.compile',
  'torch.jit.script',
]);
const methodsThatReturnIt = new Set(
  'to cuda cpu double float half bfloat16 train eval requires_grad_'.split(' '),
);
const deepest = 20;
/** Calls of `add` or `append` that are followed. */
const longestGrowth = 200;

export class Layers {
  readonly #program: PythonProgram;
  readonly of = once<Layer | undefined>(deepest, undefined, (expression) => this.#evaluate(expression));

  constructor(program: PythonProgram) {
    this.#program = program;
  }

  /** The form that a layer gives whatever goes in, and the argument that says so (`activation='softmax'`), if one does. */
  form(layer: LibraryLayer): { readonly form: Form; readonly argument: Node } | undefined {
    const { name, path, node } = layer;
    const form = Object.hasOwn(activations, name) ? activations[name] : undefined;
    if (form) return { form, argument: none };
    if (monaiNetworks.test(path)) return { form: 'logits', argument: none };
    if (smpNetworks.test(path)) {
      const argument = this.#program.keyword(node, 'activation');
      const given = argument === none ? 'linear' : this.#activation(argument);
      if (given === 'linear') return { form: 'logits', argument: none };
      return given && { form: given, argument };
    }
    const keras = !path.startsWith('torch.') && !path.startsWith('flax.');
    if (keras && name === 'Activation') {
      const given = this.#activation(this.#program.keyword(node, 'activation', 0));
      return given && given !== 'linear' ? { form: given, argument: none } : undefined;
    }
    if (!affineLayers.has(name)) return undefined;
    if (!keras) return { form: 'logits', argument: none };
    const argument = this.#program.keyword(node, 'activation', name === 'Dense' ? 1 : -1);
    if (argumentsOf(this.#program.syntax, node).some(({ keyword }) => keyword === '**')) return undefined;
    const given = argument === none ? 'linear' : this.#activation(argument);
    if (!given) return undefined;
    return given === 'linear' ? { form: 'logits', argument: none } : { form: given, argument };
  }

  shapeOf({ name, path, node }: LibraryLayer, before: Shape | undefined): Shape | undefined {
    if (name === 'Linear' && path.startsWith('torch.')) {
      const last = constant(this.#program.values, this.#program.keyword(node, 'out_features', 1));
      const rank = before?.rank;
      return { ...(rank !== undefined && { rank }), ...(typeof last === 'number' && { last }) };
    }
    if (name === 'Dense' && /\bkeras\b/.test(path)) {
      const last = constant(this.#program.values, this.#program.keyword(node, 'units', 0));
      return typeof last === 'number' ? { last } : undefined;
    }
    return affineLayers.has(name) ? undefined : before;
  }

  #activation(node: Node): Form | 'linear' | undefined {
    if (node === none) return undefined;
    const value = constant(this.#program.values, node);
    if (value === null) return 'linear';
    const path = value === undefined ? this.#program.path(node) : undefined;
    const name = typeof value === 'string' ? value : (path?.slice(path.lastIndexOf('.') + 1) ?? '');
    if (name === 'linear') return 'linear';
    return Object.hasOwn(activations, name) ? activations[name] : undefined;
  }

  #evaluate(expression: Node): Layer | undefined {
    const program = this.#program;
    const { syntax } = program;
    const node = unwrap(syntax, expression);
    const own = program.object(node);
    if (own) return { kind: 'own', scope: own };
    switch (syntax.name(node)) {
      case 'VariableName':
      case 'MemberExpression': {
        const assigned = program.assigned(node);
        if (assigned === undefined) return undefined;
        const layer = this.of(assigned);
        return layer?.kind === 'sequence' ? this.#grown(layer, node, assigned) : layer;
      }
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
    if (path !== undefined) {
      const dot = path.lastIndexOf('.');
      const name = path.slice(dot + 1);
      if (wrappers.has(path)) return this.of(argumentsOf(syntax, call)[0]?.value ?? none);
      if (name === 'Sequential') return this.#sequence(call);
      if (/^(tensorflow\.)?keras\.(models\.)?Model$/.test(path)) {
        const outputs = program.keyword(call, 'outputs', 1);
        return outputs === none ? undefined : { kind: 'functional', outputs };
      }
      const known =
        layerModules.includes(path.slice(0, dot)) || monaiNetworks.test(path) || smpNetworks.test(path);
      return known ? { kind: 'library', name, path, node: call } : undefined;
    }
    const method = syntax.property(callee);
    if (method !== none && methodsThatReturnIt.has(syntax.source(method))) {
      const layer = this.of(syntax.first[callee]!);
      if (layer) return layer;
    }
    const builder = program.function(callee);
    if (!builder) return undefined;
    const returns = program.returns(builder);
    return returns.length === 1 ? this.of(returns[0]!) : undefined;
  }

  #sequence(call: Node): Sequence | undefined {
    const program = this.#program;
    const { syntax } = program;
    const given = argumentsOf(syntax, call);
    const [first] = given;
    if (given.length === 1 && first) {
      const ordered = this.#ordered(first.value);
      if (ordered) return { kind: 'sequence', node: call, items: ordered.map((item) => this.of(item)) };
      const whole = first.keyword === '*' || first.keyword === 'layers' || first.keyword === undefined;
      const list = whole ? (this.#list(first.value) ?? this.#appended(first.value)) : undefined;
      if (list) return { kind: 'sequence', node: call, items: list.map((item) => this.of(item)) };
      if (first.keyword === '*') return undefined;
    }
    const items = given.filter(({ keyword }) => keyword === undefined || keyword === '*');
    return {
      kind: 'sequence',
      node: call,
      items: items.map(({ keyword, value }) => (keyword ? undefined : this.of(value))),
    };
  }

  /** The items of a list that is written out, directly or in a variable that is not changed. */
  #list(node: Node): Node[] | undefined {
    const { syntax } = this.#program;
    const inner = unwrap(syntax, node);
    if (syntax.name(inner) === 'VariableName') {
      const assigned = this.#program.assigned(inner);
      return assigned === undefined ? undefined : this.#list(assigned);
    }
    if (syntax.name(inner) !== 'ArrayExpression') return undefined;
    return syntax.children(inner).filter((item) => isExpression(syntax, item));
  }

  /** Of a list that only `append` changes, the last item, where it is surely appended before the list is read; the others are not known. */
  #appended(list: Node): Node[] | undefined {
    const program = this.#program;
    const { syntax, scopes } = program;
    if (syntax.name(list) !== 'VariableName') return undefined;
    const name = syntax.source(list);
    const scope = scopes.of[list]!;
    const everywhere = program.callsOf(`${name}.append`);
    if (everywhere.length > longestGrowth) return undefined;
    const appends = everywhere.filter((call) => scopes.of[call] === scope);
    const before = appends.filter((call) => syntax.to[call]! <= syntax.from[list]!);
    const last = before.at(-1);
    const bound = scope.bindings.get(name)?.length === 1;
    if (!bound || last === undefined || before.length < (scope.mutations.get(name)?.length ?? 0))
      return undefined;
    if (program.block(last) !== program.block(list)) return undefined;
    return [none, argumentsOf(syntax, last)[0]?.value ?? none];
  }

  /** `OrderedDict([('fc', layer), …])` */
  #ordered(node: Node): Node[] | undefined {
    const { syntax } = this.#program;
    if (syntax.name(node) !== 'CallExpression') return undefined;
    if (!/OrderedDict$/.test(syntax.source(syntax.first[node]!))) return undefined;
    const pairs = this.#list(argumentsOf(syntax, node)[0]?.value ?? none);
    return pairs?.map((pair) => {
      const parts = syntax.children(pair).filter((part) => isExpression(syntax, part));
      return syntax.name(pair) === 'TupleExpression' && parts.length === 2 ? parts[1]! : none;
    });
  }

  /** Keras: what `model.add(…)` appends between the making of a model and this place. */
  #grown(sequence: Sequence, read: Node, made: Node): Sequence | undefined {
    const program = this.#program;
    const { syntax } = program;
    const name = syntax.source(read);
    const start = syntax.to[made]!;
    const end = syntax.from[read]!;
    for (const method of ['append', 'insert', 'extend', 'pop', 'add_module', 'register_module']) {
      if (program.callsOf(`${name}.${method}`).length > 0) return undefined;
    }
    const items = [...sequence.items];
    const block = program.block(made);
    const added = program.callsOf(`${name}.add`);
    if (added.length > longestGrowth) return undefined;
    for (const call of added) {
      if (syntax.from[call]! < start) continue;
      if (syntax.from[call]! > end && program.scopes.of[call] === program.scopes.of[read]) continue;
      // What is added in a loop or on a condition may have come last.
      items.push(
        program.block(call) === block ? this.of(argumentsOf(syntax, call)[0]?.value ?? none) : undefined,
      );
    }
    return { ...sequence, items };
  }
}
