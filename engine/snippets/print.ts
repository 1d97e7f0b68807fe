/**
 * A loss program as a few lines of a framework's own code: the fourth lowering of the loss language, the one that is read.
 *
 * Values keep the dimensions that they vary along as axes, in the space's order, and a reduction keeps an axis of 1 only
 * where something needs it to line up. What is used twice, or is too long for a line, gets a name.
 */
import { type Expr, neg, operands } from '../language/expression.ts';
import { operations } from '../language/operations.ts';
import { countOf } from '../language/space.ts';
import type { Dialect } from './dialect.ts';
import { nounOf } from './nouns.ts';
import { isZero, plain } from './plain.ts';

/** Axes from the outermost: a dimension of the space, or `null` for an axis of 1. */
type Layout = readonly (number | null)[];

export interface Printed {
  readonly code: string;
  /** How tightly the outermost operator binds. */
  readonly level: number;
  readonly layout: Layout;
  /** A plain number of the language: parameters, extents, and what they make. */
  readonly isNumber: boolean;
}

export interface View {
  readonly name: string;
  /** The space's dimension of each of its own axes, ascending. */
  readonly dims: readonly number[];
  /** Integers that are known to be valid: nothing is checked of them. */
  readonly inRange: boolean;
  /** Whether anything is differentiated by it. */
  readonly made: boolean;
}

export interface PrintRequest {
  readonly dialect: Dialect;
  readonly inputs: Readonly<Record<string, View>>;
  readonly sizes: readonly number[];
  /** Whether the framework differentiates the code. */
  readonly differentiated: boolean;
}

const infix = {
  less: ['<', 1],
  lessEqual: ['<=', 1],
  equal: ['==', 1],
  notEqual: ['!=', 1],
  or: ['|', 2],
  and: ['&', 3],
  add: ['+', 4],
  sub: ['-', 4],
  mul: ['*', 5],
  div: ['/', 5],
  pow: ['**', 7],
} as const;
const negation = 6;
const atom = 9;

/** Whether the code needs no brackets, whatever stands around it. */
export const isAtom = ({ level }: Printed): boolean => level >= atom;

const dimsOf = (mask: number): number[] =>
  Array.from({ length: 31 }, (_, d) => d).filter((d) => mask & (1 << d));

/** Beyond this a part gets a name of its own. */
const longest = 64;

/** A loss that compares what it differentiates, in a framework that cannot. */
export class Uncomparable extends Error {}

export class Printer {
  /** Assignments, in order. */
  lines: [name: string, code: string][] = [];
  /** Names of the helpers that the code calls. */
  readonly helpers = new Set<string>();
  /** Names of the parameters that it reads. */
  readonly parameters = new Set<string>();
  readonly #request: PrintRequest;
  readonly #isLabel = (x: Expr): boolean => x.kind === 'input' && this.#request.inputs[x.name]!.inRange;
  readonly #taken: ReadonlySet<string>;
  #names = new Set<string>();
  #done = new Map<Expr, Printed>();
  #uses = new Map<Expr, number>();
  /** Reductions that have to keep their axes. */
  readonly #kept = new Set<Expr>();

  constructor(request: PrintRequest, taken: readonly string[] = []) {
    this.#request = request;
    this.#taken = new Set([...Object.values(request.inputs).map(({ name }) => name), ...taken]);
  }

  /** The code of each root; `lines` then holds what it refers to. */
  print(roots: readonly Expr[]): Printed[] {
    for (;;) {
      const before = this.#kept.size;
      this.lines = [];
      this.#names = new Set(this.#taken);
      this.#done = new Map();
      this.#uses = new Map();
      for (const root of roots) this.#uses.set(root, 1);
      for (const node of this.#order(roots)) {
        for (const operand of this.#read(node)) this.#uses.set(operand, (this.#uses.get(operand) ?? 0) + 1);
      }
      const printed = roots.map((root) => this.#of(root));
      if (this.#kept.size === before) return printed;
    }
  }

  /** What the printed form of a node reads. */
  #read(node: Expr): readonly Expr[] {
    const plain = this.#plain(node);
    if (plain !== node) return [plain];
    return node.kind === 'withGradient' ? [node.value] : operands(node);
  }

  /** Every node that is printed, operands first. */
  #order(roots: readonly Expr[]): Expr[] {
    const order: Expr[] = [];
    const seen = new Set<Expr>();
    const visit = (node: Expr): void => {
      if (seen.has(node)) return;
      seen.add(node);
      for (const operand of this.#read(node)) visit(operand);
      order.push(node);
    };
    for (const root of roots) visit(root);
    return order;
  }

  #plain(node: Expr): Expr {
    return plain(node, this.#isLabel);
  }

  /** A sum, mean, largest or smallest over all of an array. */
  whole(reduction: 'sum' | 'mean', x: Printed): string {
    return x.layout.length === 0 ? x.code : this.#request.dialect.reduce(reduction, x.code, undefined, false);
  }

  /** The array in the layout of an input, repeated along what it lacks by the caller. */
  like(x: Printed, dims: readonly number[]): { code: string; repeated: boolean } {
    const ones = x.layout.flatMap((dim, i) => (dim === null ? [i] : []));
    const present = x.layout.filter((dim) => dim !== null);
    if (present.length === dims.length) {
      const code =
        ones.length > 0 ? this.#request.dialect.squeeze(this.#atom(x), x.layout.length, ones) : x.code;
      return { code, repeated: false };
    }
    return { code: x.code, repeated: true };
  }

  name(wish: string): string {
    let name = wish;
    for (let i = 2; this.#names.has(name); i++) name = `${wish}${i}`;
    this.#names.add(name);
    return name;
  }

  extent(mask: number): string {
    const { dialect, inputs, sizes } = this.#request;
    const wanted = dimsOf(mask);
    const whole = Object.values(inputs).find(({ dims }) => dims.join() === wanted.join());
    if (whole && wanted.length > 1) return dialect.count(whole.name);
    if (wanted.length === 0 || countOf(mask, sizes) === 0) return '1';
    return wanted
      .map((d) => {
        const all = Object.values(inputs);
        const own = all.find(({ dims }) => dims.includes(d));
        if (own) return dialect.size(own.name, own.dims.indexOf(d));
        // A dimension of no input is one of them once more: the rows that each row is compared with.
        const { name, dims } = all[0]!;
        return dialect.size(
          name,
          dims.findIndex((dim) => sizes[dim] === sizes[d]),
        );
      })
      .join(' * ');
  }

  #of(node: Expr): Printed {
    const known = this.#done.get(node);
    if (known) return known;
    const plain = this.#plain(node);
    const printed = plain === node ? this.#nameIfNeeded(node, this.#write(node)) : this.#of(plain);
    this.#done.set(node, printed);
    return printed;
  }

  #nameIfNeeded(node: Expr, printed: Printed): Printed {
    const isWord = /^-?[\w.]+(\.shape\[\d\])?$/.test(printed.code);
    const shared =
      (this.#uses.get(node) ?? 0) > 1 && !isWord && !(printed.isNumber && printed.code.length < 16);
    if (!shared && printed.code.length <= longest) return printed;
    if (isWord) return printed;
    return this.#named(node, printed);
  }

  #named(node: Expr, printed: Printed): Printed {
    const name = this.name(nounOf(node));
    this.lines.push([name, printed.code]);
    return { ...printed, code: name, level: atom };
  }

  #write(node: Expr): Printed {
    const { dialect, inputs } = this.#request;
    const number = (code: string): Printed => ({
      code,
      level: /^-/.test(code) ? negation : atom,
      layout: [],
      isNumber: true,
    });
    switch (node.kind) {
      case 'constant':
        return number(this.#constant(node.value));
      case 'uniform':
        this.parameters.add(node.name);
        return number(node.name);
      case 'extent': {
        const code = this.extent(node.of);
        return { ...number(code), level: code.includes(' * ') ? 5 : atom };
      }
      case 'input': {
        const { name, dims } = inputs[node.name]!;
        return { code: name, level: atom, layout: dims, isNumber: false };
      }
      case 'index': {
        const code = dialect.range(this.extent(node.dims));
        return { code, level: atom, layout: dimsOf(node.dims), isNumber: false };
      }
      case 'gather':
        return this.#gather(node);
      case 'neighbour': {
        const { name, dims } = inputs[node.input.name]!;
        const axis = dims.indexOf(dimsOf(node.along)[0]!);
        return { code: dialect.roll(name, node.offset, axis), level: atom, layout: dims, isNumber: false };
      }
      case 'reduce':
        return this.#reduce(node);
      case 'withGradient':
        return this.#norm(node) ?? this.#of(node.value);
      case 'apply':
        return this.#apply(node);
    }
  }

  #constant(value: number): string {
    const { infinity } = this.#request.dialect;
    if (Math.abs(value) === Number.POSITIVE_INFINITY) return value > 0 ? infinity : `-${infinity}`;
    return String(value);
  }

  #reduce(node: Expr & { kind: 'reduce' }, as: 'mean' | 'sum' | 'max' | 'min' = node.reduction): Printed {
    const { dialect } = this.#request;
    const arg = this.#of(node.arg);
    const over = dimsOf(node.over);
    const keep = this.#kept.has(node);
    const axes = arg.layout.flatMap((dim, i) =>
      dim !== null && over.includes(dim) ? [i - arg.layout.length] : [],
    );
    const whole = node.dims === 0 && !keep;
    const layout = whole
      ? []
      : arg.layout.flatMap((dim) => (dim !== null && over.includes(dim) ? (keep ? [null] : []) : [dim]));
    const code = dialect.reduce(as, arg.code, whole ? undefined : axes, keep);
    return { code, level: atom, layout, isNumber: false };
  }

  /** A class's own element: by index, or the array turned so that its rows are another's columns. */
  #gather({ input, along, at: position }: Expr & { kind: 'gather' }): Printed {
    const { dialect, inputs } = this.#request;
    const at = this.#plain(position);
    const { name, dims } = inputs[input.name]!;
    const axis = dims.indexOf(dimsOf(along)[0]!);
    if (at.kind === 'index') {
      const turned = dims.map((dim, i) => (i === axis ? dimsOf(at.dims)[0]! : dim));
      return { code: name, level: atom, layout: turned, isNumber: false };
    }
    const places = dims.map((dim, i) => (i === axis ? null : dim));
    const found = this.#of(at);
    const extra = found.layout.filter((dim) => dim !== null && !dims.includes(dim));
    if (extra.length > 0) {
      // As many positions as the list is long stand along the axis itself.
      const code = dialect.take(name, found.code, axis, dims.length);
      return {
        code,
        level: atom,
        layout: dims.map((dim, i) => (i === axis ? extra[0]! : dim)),
        isNumber: false,
      };
    }
    const code = dialect.take(name, this.#aligned(at, found, places), axis, dims.length);
    return { code, level: atom, layout: places, isNumber: false };
  }

  /** The code of a value in a layout with more axes. */
  #aligned(node: Expr, value: Printed, layout: Layout): string {
    if (fits(value.layout, layout)) return value.code;
    const held = this.#reductionsIn(node);
    if (held.length > 0 && held.some((reduction) => !this.#kept.has(reduction))) {
      for (const reduction of held) this.#kept.add(reduction);
      return value.code;
    }
    const own = value.layout.filter((dim) => dim !== null);
    const bare =
      own.length === value.layout.length
        ? this.#atom(value)
        : this.#request.dialect.squeeze(
            this.#atom(value),
            value.layout.length,
            value.layout.flatMap((dim, i) => (dim === null ? [i] : [])),
          );
    const first = layout.findIndex((dim) => dim !== null && own.includes(dim));
    const places = layout.slice(first).map((dim) => (dim !== null && own.includes(dim) ? dim : null));
    return this.#request.dialect.expand(bare, places);
  }

  /** Reductions whose axes a value would have kept. */
  #reductionsIn(node: Expr): Expr[] {
    if (node.kind === 'reduce') return node.dims === 0 ? [] : [node];
    if (node.kind === 'apply' || node.kind === 'withGradient') {
      return this.#read(node).flatMap((operand) => this.#reductionsIn(operand));
    }
    return [];
  }

  #atom({ code, level }: Printed): string {
    return level === atom ? code : `(${code})`;
  }

  #apply(node: Expr & { kind: 'apply' }): Printed {
    const { dialect } = this.#request;
    const special =
      this.#selection(node) ?? this.#logSoftmax(node) ?? this.#mean(node) ?? this.#quotient(node);
    if (special) return special;
    const args = node.args.map((arg) => this.#of(arg));
    if (node.operation === 'stop') {
      const [x] = args as [Printed];
      if (!this.#request.differentiated || !dialect.stop || !this.#isMade(node)) return x;
      return { ...x, code: dialect.stop(this.#atom(x)), level: atom };
    }
    const isNumber = args.every((arg) => arg.isNumber);
    const layout = this.#common(args);
    const codes = args.map((arg, i) => {
      if (arg.layout.length === 0) return arg;
      const code = this.#aligned(node.args[i]!, arg, layout);
      return code === arg.code ? arg : { ...arg, code, level: atom };
    });
    const { operation } = node;
    const [a, b] = codes as [Printed, Printed];
    if (operation === 'mul' && node.args[0] === node.args[1] && !isNumber) {
      const code = dialect.square(this.#operand(a, 8));
      return { code, level: dialect.operators ? 7 : atom, layout, isNumber };
    }
    if (operation === 'neg' && (isNumber || dialect.operators)) {
      return { code: `-${this.#operand(a, negation)}`, level: negation, layout, isNumber };
    }
    if (operation in infix && (isNumber ? dialect.operators || operation !== 'pow' : dialect.operators)) {
      return { ...this.#operator(operation as keyof typeof infix, a, b), layout, isNumber };
    }
    if ((operation === 'max' || operation === 'min') && dialect.bound && b.isNumber && !isNumber) {
      return { code: dialect.bound(operation, a.code, b.code), level: atom, layout, isNumber };
    }
    const indicator = this.#indicator(node, codes);
    if (indicator !== undefined) return { code: indicator, level: atom, layout, isNumber };
    const table = isNumber ? dialect.numbers : dialect.functions;
    const name = table[operation] ?? dialect.functions[operation];
    if (!name) throw new Error(`${operation} is not written in this framework`);
    if (dialect.helpers[name]) this.helpers.add(name);
    return { code: `${name}(${codes.map(({ code }) => code).join(', ')})`, level: atom, layout, isNumber };
  }

  /** 1 where a condition holds and else 0, in the dtype of what the networks make. */
  #indicator(node: Expr & { kind: 'apply' }, [condition, one, zero]: readonly Printed[]): string | undefined {
    const { dialect, inputs } = this.#request;
    if (node.operation !== 'where' || one!.code !== '1' || zero!.code !== '0') return undefined;
    const like = Object.values(inputs).find(({ made }) => made);
    return like && dialect.indicator?.(this.#atom(condition!), like.name);
  }

  #operator(operation: keyof typeof infix, a: Printed, b: Printed): { code: string; level: number } {
    const [sign, level] = infix[operation];
    if (operation === 'add' && /^-/.test(b.code)) {
      return {
        code: `${this.#operand(a, level)} - ${this.#operand({ ...b, code: b.code.slice(1), level: Math.min(b.level, atom) }, 5)}`,
        level,
      };
    }
    const right = operation === 'sub' || operation === 'div' || level === 1 ? level + 1 : level;
    const left = level === 1 || operation === 'pow' ? level + 1 : level;
    return { code: `${this.#operand(a, left)} ${sign} ${this.#operand(b, right)}`, level };
  }

  #operand({ code, level }: Printed, least: number): string {
    return level >= least ? code : `(${code})`;
  }

  /** The layout that all arguments line up in. */
  #common(args: readonly Printed[]): Layout {
    const dims = new Set(args.flatMap(({ layout }) => layout.filter((dim) => dim !== null)));
    const sorted = [...dims].sort((a, b) => a - b);
    const covering = args
      .map(({ layout }) => layout)
      .filter((layout) => sorted.every((dim) => layout.includes(dim)))
      .sort((a, b) => b.length - a.length)[0];
    return covering ?? sorted;
  }

  /** Whether it depends on what the networks make. */
  #isMade(node: Expr): boolean {
    if (node.kind === 'input') return this.#request.inputs[node.name]!.made;
    return this.#read(node).some((operand) => this.#isMade(operand));
  }

  /** (x − max) − log Σ exp(x − max), where the framework has a name for it. */
  #logSoftmax(node: Expr & { kind: 'apply' }): Printed | undefined {
    const { dialect, differentiated } = this.#request;
    if (!differentiated || !dialect.logSoftmax || node.operation !== 'sub') return undefined;
    const [shifted, log] = node.args as [Expr, Expr];
    if (shifted.kind !== 'apply' || shifted.operation !== 'sub') return undefined;
    if (log.kind !== 'apply' || log.operation !== 'log') return undefined;
    const total = log.args[0]!;
    if (total.kind !== 'reduce' || total.reduction !== 'sum' || total.arg.kind !== 'apply') return undefined;
    if (total.arg.operation !== 'exp' || total.arg.args[0] !== shifted) return undefined;
    const x = this.#of(shifted.args[0]!);
    const axis = x.layout.indexOf(dimsOf(total.over)[0]!) - x.layout.length;
    return { ...x, code: dialect.logSoftmax(x.code, axis), level: atom };
  }

  /** A selection by the sign of a value that is differentiated, where the framework compares no such values. */
  #selection(node: Expr & { kind: 'apply' }): Printed | undefined {
    const { dialect } = this.#request;
    if (!dialect.step || !dialect.blend) return undefined;
    if (operations[node.operation].truth && this.#isMade(node)) {
      throw new Uncomparable();
    }
    const [condition, yes, no] = node.args as [Expr, Expr, Expr];
    if (node.operation !== 'where' || !this.#isMade(condition) || condition.kind !== 'apply')
      return undefined;
    const [zero, x] = condition.args as [Expr, Expr];
    if (!/^less(Equal)?$/.test(condition.operation) || !isZero(zero)) return undefined;
    const strict = condition.operation === 'less';
    const [by, a, b] = [strict ? x : neg(x), yes, no].map((arg) => this.#of(arg)) as [
      Printed,
      Printed,
      Printed,
    ];
    const step = this.name(strict ? 'above' : 'below');
    this.lines.push([step, dialect.step(by.code)]);
    const [inside, outside] = strict ? [a, b] : [b, a];
    const code = dialect.blend(step, inside.code, outside.code);
    return { code, level: atom, layout: this.#common([by, a, b]), isNumber: false };
  }

  /** A sum over what it is divided by the size of. */
  #mean(node: Expr & { kind: 'apply' }): Printed | undefined {
    const [total, count] = node.args as [Expr, Expr];
    if (node.operation !== 'div' || count.kind !== 'extent') return undefined;
    if (total.kind !== 'reduce' || total.reduction !== 'sum' || total.over !== count.of) return undefined;
    return (this.#uses.get(total) ?? 0) > 1 ? undefined : this.#reduce(total, 'mean');
  }

  /** (1 ÷ n)·x is x ÷ n. */
  #quotient(node: Expr & { kind: 'apply' }): Printed | undefined {
    const [factor, x] = node.args as [Expr, Expr];
    if (node.operation !== 'mul' || factor.kind !== 'apply' || factor.operation !== 'div') return undefined;
    const [one, n] = factor.args as [Expr, Expr];
    if (one.kind !== 'constant' || one.value !== 1 || (this.#uses.get(factor) ?? 0) > 1) return undefined;
    return this.#apply({ ...node, operation: 'div', args: [x, n] });
  }

  /** A Euclidean norm, by the framework's own function that is safe to differentiate. */
  #norm(node: Expr & { kind: 'withGradient' }): Printed | undefined {
    const { dialect, differentiated } = this.#request;
    const { value } = node;
    if (!differentiated || !dialect.norm) return undefined;
    if (value.kind !== 'apply' || value.operation !== 'sqrt') return undefined;
    const squares = value.args[0]!;
    if (squares.kind !== 'reduce' || squares.arg.kind !== 'apply') return undefined;
    const [x, same] = squares.arg.args as [Expr, Expr];
    if (squares.arg.operation !== 'mul' || x !== same) return undefined;
    if (dialect.safeRoot) {
      const sum = this.#of(squares);
      return { ...sum, code: dialect.safeRoot(sum.code), level: atom };
    }
    const printed = this.#of(x);
    const axis = printed.layout.indexOf(dimsOf(squares.over)[0]!);
    const layout = printed.layout.filter((_, i) => i !== axis);
    return {
      code: dialect.norm(printed.code, axis - printed.layout.length, false),
      level: atom,
      layout,
      isNumber: false,
    };
  }
}

/** Whether NumPy's broadcasting, which lines axes up from the last, puts a layout where the other one has it. */
function fits(layout: Layout, into: Layout): boolean {
  if (layout.length > into.length) return false;
  return layout.every((dim, i) => dim === null || dim === into[into.length - layout.length + i]);
}
