/**
 * A loss's program worked through for one element, line by line: each line an operation over names, the same over the
 * numbers, and what it gives. Read off the trace, so that no loss has text of its own.
 *
 * Of a choice only the branch taken is there, and the condition that took it; what guards against labels that are no
 * classes is left out where it lets the value through.
 */
import { t } from '@vscode/l10n';
import type { Expr, OperationName } from '../language/expression.ts';
import { operations } from '../language/operations.ts';
import { position } from '../layout.ts';
import { short } from '../presentation/numbers.ts';
import { nounOf } from '../snippets/nouns.ts';
import type { Trace } from './slice.ts';
import { wordFor } from './words.ts';

export interface Line {
  /** What later lines call the result; a condition has none. */
  readonly name?: string;
  /** `input − target` */
  readonly symbols: string;
  /** `16 − 27.5` */
  readonly numbers: string;
  /** `-11.5`; of a condition yes or no, in words. */
  readonly result: string;
}

/** Entries of a list that are written out. */
const written = 4;

const levels = { sum: 1, product: 2, sign: 3, power: 4, atom: 5 } as const;
type Level = (typeof levels)[keyof typeof levels];

interface Text {
  readonly symbols: string;
  readonly numbers: string;
  readonly level: Level;
  /** Of the numbers: those of a name that stands for a negative one bind less. */
  readonly numberLevel: Level;
}

const infix: Partial<Record<OperationName, readonly [sign: string, level: Level, isStrictRight: boolean]>> = {
  add: ['+', levels.sum, false],
  sub: ['−', levels.sum, true],
  mul: ['·', levels.product, false],
  div: ['÷', levels.product, true],
};

const comparisons: Partial<Record<OperationName, (a: string, b: string) => string>> = {
  less: (a, b) => `${a} < ${b}`,
  lessEqual: (a, b) => `${a} ≤ ${b}`,
  equal: (a, b) => `${a} = ${b}`,
  notEqual: (a, b) => `${a} ≠ ${b}`,
  and: (a, b) => t`${a} and ${b}`,
  or: (a, b) => t`${a} or ${b}`,
};

/** Operations that read as a function; `{0}` and `{1}` stand for the arguments. */
const functions: Partial<Record<OperationName, string>> = {
  sqrt: '√({0})',
  exp: 'exp({0})',
  expOfNegativeAbs: 'exp(−|{0}|)',
  log: 'ln({0})',
  log1p: 'ln(1 + {0})',
  log1pUnit: 'ln(1 + {0})',
  expm1: 'exp({0}) − 1',
  tanh: 'tanh({0})',
  sigmoid: 'sigmoid({0})',
  softplus: 'ln(1 + exp({0}))',
  sign: 'sign({0})',
  xlogy: '{0} · ln({1})',
  xlog1py: '{0} · ln(1 + {1})',
  max: 'max({0}, {1})',
  min: 'min({0}, {1})',
  clamp: 'clip({0}, {1}, {2})',
};

/** A text longer than this gets a line of its own. */
const longest = 46;

/**
 * @param shapes of the inputs, by name: an element that is picked out of one is named by its index
 * @param last what the last line is called
 */
export function worked(
  trace: Trace,
  shapes: (input: string) => readonly number[],
  last: string,
): readonly Line[] {
  return new Worker(trace, shapes).lines(last);
}

class Worker {
  readonly #trace: Trace;
  readonly #shapes: (input: string) => readonly number[];
  readonly #lines: Line[] = [];
  readonly #names = new Set<string>();
  readonly #texts = new Map<Expr, Text>();
  readonly #told = new Set<Expr>();
  readonly #uses = new Map<Expr, number>();
  readonly #conditions = new Map<Expr, 'everywhere' | 'nowhere' | 'somewhere'>();
  /** Which single elements of each input are read. */
  readonly #offsets = new Map<string, Set<number>>();

  constructor(trace: Trace, shapes: (input: string) => readonly number[]) {
    this.#trace = trace;
    this.#shapes = shapes;
    for (const { input } of trace.reads.values()) this.#names.add(input);
    for (const [node, { input, offset }] of trace.reads) {
      if (node.kind !== 'input' || node.dims !== 0) continue;
      this.#offsets.set(input, (this.#offsets.get(input) ?? new Set()).add(offset));
    }
    this.#count(trace.root, new Set());
  }

  lines(last: string): readonly Line[] {
    this.#tell(this.#trace.root);
    const root = this.#through(this.#trace.root);
    const { symbols, numbers } = this.#written(root);
    this.#lines.push({ name: last, symbols, numbers, result: this.#valueOf(root) });
    return this.#lines;
  }

  /** How often each value is read, along the branches taken. */
  #count(node: Expr, seen: Set<Expr>): void {
    const choice = node.kind === 'apply' ? this.#taken(node) : undefined;
    if (choice && node.kind === 'apply') {
      const [condition] = node.args as [Expr];
      if (!isGuard(condition)) this.#count(condition, seen);
      this.#count(choice, seen);
      return;
    }
    const own = this.#through(node);
    this.#uses.set(own, (this.#uses.get(own) ?? 0) + 1);
    if (seen.has(own)) return;
    seen.add(own);
    for (const operand of this.#operands(own)) this.#count(operand, seen);
  }

  #operands(node: Expr): readonly Expr[] {
    if (node.kind === 'apply') return node.args;
    if (node.kind === 'reduce') return [node.arg];
    return [];
  }

  /** The value itself where a node only hands it on: the branch that a choice took, what a gradient stops at. */
  #through(node: Expr): Expr {
    if (node.kind !== 'apply') return node;
    const [a, b] = node.args as [Expr, Expr];
    if (node.operation === 'stop') return this.#through(a);
    const taken = this.#taken(node);
    if (taken) return this.#through(taken);
    if (node.operation === 'add' && this.#isNothing(a)) return this.#through(b);
    if ((node.operation === 'add' || node.operation === 'sub') && this.#isNothing(b)) return this.#through(a);
    return node;
  }

  /** A branch that adds nothing. */
  #isNothing(node: Expr): boolean {
    const own = this.#through(node);
    return own.kind === 'constant' && own.value === 0;
  }

  /** The branch of a choice that is the same everywhere. */
  #taken(node: Expr & { kind: 'apply' }): Expr | undefined {
    if (node.operation !== 'where') return undefined;
    const [condition, yes, no] = node.args as [Expr, Expr, Expr];
    let holds = this.#conditions.get(condition);
    if (holds === undefined) {
      const values = this.#trace.values.get(condition)!;
      // Many are searched fast where nothing is called for each.
      holds = !values.includes(0)
        ? 'everywhere'
        : values.every((value) => value === 0)
          ? 'nowhere'
          : 'somewhere';
      this.#conditions.set(condition, holds);
    }
    return { everywhere: yes, nowhere: no, somewhere: undefined }[holds];
  }

  #number(node: Expr): number {
    return this.#trace.values.get(node)![0]!;
  }

  /** Says why a branch was taken, once, before the line that it leads to. */
  #tell(node: Expr): void {
    if (node.kind !== 'apply') return;
    if (node.operation === 'stop') this.#tell(node.args[0]!);
    const taken = this.#taken(node);
    if (!taken) return;
    const condition = node.args[0]!;
    if (!this.#told.has(condition)) {
      this.#told.add(condition);
      const holds = this.#number(condition) !== 0;
      const { symbols, numbers } = this.#written(condition);
      // Positions compared with each other say nothing about the data.
      if (!(holds && isGuard(condition)) && /\p{Letter}/u.test(symbols)) {
        this.#lines.push({ symbols, numbers, result: truth(holds) });
      }
    }
    this.#tell(taken);
  }

  /** A node as an operand: a name, or its own text where that is short. */
  #text(given: Expr): Text {
    this.#tell(given);
    const node = this.#through(given);
    const known = this.#texts.get(node);
    if (known) return known;
    const text = this.#written(node);
    const result = this.#standsAlone(node, text) ? this.#named(node, text) : text;
    this.#texts.set(node, result);
    return result;
  }

  #standsAlone(node: Expr, { symbols }: Text): boolean {
    if (node.kind === 'reduce') return true;
    if (node.kind !== 'apply') return false;
    if (node.operation in functions || node.operation === 'where' || node.operation === 'pow') return true;
    return this.#uses.get(node)! > 1 || symbols.length > longest;
  }

  #named(node: Expr, { symbols, numbers }: Text): Text {
    const name = this.#name(wordFor(nounOf(node)));
    const result = this.#valueOf(node);
    this.#lines.push({ name, symbols, numbers, result });
    return { symbols: name, numbers: result, level: levels.atom, numberLevel: signLevel(result) };
  }

  #name(wish: string): string {
    let name = wish;
    for (let i = 2; this.#names.has(name); i++) name = `${wish}${subscript(i)}`;
    this.#names.add(name);
    return name;
  }

  #written(node: Expr): Text {
    const leaf = (symbols: string): Text => {
      const numbers = this.#valueOf(node);
      return { symbols, numbers, level: levels.atom, numberLevel: signLevel(numbers) };
    };
    switch (node.kind) {
      case 'constant':
      case 'extent': {
        const numbers = this.#valueOf(node);
        return { symbols: numbers, numbers, level: signLevel(numbers), numberLevel: signLevel(numbers) };
      }
      case 'uniform':
        return leaf(node.name);
      case 'index':
        return leaf(t('position'));
      case 'input': {
        const { input, offset } = this.#trace.reads.get(node)!;
        const several = node.dims === 0 && this.#offsets.get(input)!.size > 1;
        return leaf(several ? this.#indexed(input, offset) : input);
      }
      case 'gather':
      case 'neighbour':
        return leaf(this.#place(node));
      case 'reduce': {
        const { symbols, numbers } = this.#text(node.arg);
        const call = (text: string): string => `${node.reduction}(${text})`;
        return {
          symbols: call(symbols),
          numbers: call(numbers),
          level: levels.atom,
          numberLevel: levels.atom,
        };
      }
      case 'withGradient':
        return this.#written(node.value);
      case 'apply':
        return this.#apply(node);
    }
  }

  #apply({ operation, args }: Expr & { kind: 'apply' }): Text {
    if (operation === 'mul' && this.#through(args[0]!) === this.#through(args[1]!)) {
      const base = this.#text(args[0]!);
      return {
        symbols: `${enclosed(base.symbols, base.level, levels.atom)}²`,
        numbers: `${enclosed(base.numbers, base.numberLevel, levels.atom)}²`,
        level: levels.power,
        numberLevel: levels.power,
      };
    }
    const taken = operation === 'log1p' ? this.#through(args[0]!) : undefined;
    const less = taken?.kind === 'apply' && taken.operation === 'neg' ? taken.args[0] : undefined;
    const texts = (less ? [less] : args).map((arg) => this.#text(arg));
    const both = (make: (texts: readonly string[], levelOf: (i: number) => Level) => string) => ({
      symbols: make(
        texts.map(({ symbols }) => symbols),
        (i) => texts[i]!.level,
      ),
      numbers: make(
        texts.map(({ numbers }) => numbers),
        (i) => texts[i]!.numberLevel,
      ),
    });
    const at = (level: Level) => ({ level, numberLevel: level });
    const between = infix[operation];
    if (between) {
      const [sign, level, isStrictRight] = between;
      const next = (level + 1) as Level;
      return {
        ...both(
          ([a, b], levelOf) =>
            `${enclosed(a!, levelOf(0), level)} ${sign} ${enclosed(b!, signed(b!, levelOf(1)), isStrictRight ? next : level)}`,
        ),
        ...at(level),
      };
    }
    if (operation === 'neg') {
      return {
        ...both(([a], levelOf) => `−${enclosed(a!, signed(a!, levelOf(0)), levels.product)}`),
        ...at(levels.sign),
      };
    }
    if (operation === 'pow') {
      return {
        ...both(
          ([a, b], levelOf) =>
            `${enclosed(a!, signed(a!, levelOf(0)), levels.atom)} ^ ${enclosed(b!, signed(b!, levelOf(1)), levels.atom)}`,
        ),
        ...at(levels.power),
      };
    }
    if (operation === 'abs') return { ...both(([a]) => `|${a}|`), ...at(levels.atom) };
    const comparison = comparisons[operation];
    if (comparison) return { ...both(([a, b]) => comparison(a!, b!)), ...at(levels.sum) };
    if (operation === 'where') {
      return { ...both(([condition, a, b]) => t`${a!} where ${condition!}, else ${b!}`), ...at(levels.sum) };
    }
    const pattern = less ? 'ln(1 − {0})' : functions[operation]!;
    return {
      ...both((given, levelOf) =>
        pattern.replace(
          /([+−·] |−)?\{(\d)\}( ·)?/g,
          (_, before: string = '', i: string, after: string = '') => {
            const text = given[Number(i)]!;
            const level = before ? signed(text, levelOf(Number(i))) : levelOf(Number(i));
            const least = before ? levels.product : after ? levels.sign : levels.sum;
            return `${before}${enclosed(text, level, least)}${after}`;
          },
        ),
      ),
      ...at(/[·−]/.test(pattern) ? levels.sum : levels.atom),
    };
  }

  /** What was picked out of an input, by its index there; without one where it is several. */
  #place(node: Expr & { kind: 'gather' | 'neighbour' }): string {
    const { input, offset, strides } = this.#trace.reads.get(node)!;
    if (node.dims !== 0 || node.input.dims !== node.along) return input;
    const along = strides[31 - Math.clz32(node.along)]!;
    const flat = offset + along * (node.kind === 'gather' ? this.#number(node.at) : 0);
    return this.#indexed(input, flat);
  }

  #indexed(input: string, flat: number): string {
    return `${input}[${position(this.#shapes(input), flat).join(', ')}]`;
  }

  #valueOf(node: Expr): string {
    const values = this.#trace.values.get(node)!;
    const isTruth = node.kind === 'apply' && operations[node.operation].truth === true;
    const text = (value: number): string => (isTruth ? truth(value !== 0) : short(value, 'float64'));
    if (node.dims === 0) return text(values[0]!);
    const shown = Array.from(values.subarray(0, values.length > written + 1 ? written : written + 1), text);
    if (values.length > shown.length) shown.push(`… ${values.length.toLocaleString('en-US')}`);
    return `[${shown.join(', ')}]`;
  }
}

const truth = (holds: boolean): string => (holds ? t('yes') : t('no'));

const enclosed = (text: string, level: Level, least: Level): string => (level < least ? `(${text})` : text);

/** A number with a sign of its own stands in brackets behind an operator. */
const signed = (text: string, level: Level): Level => (/^[-−]/.test(text) ? levels.sum : level);

const signLevel = (number: string): Level => (number.startsWith('-') ? levels.sign : levels.atom);

const subscript = (n: number): string =>
  String(n).replace(/\d/g, (digit) => String.fromCodePoint(0x2080 + Number(digit)));

/** Whether a condition only asks that a label be a class, or a position inside. */
function isGuard(condition: Expr): boolean {
  if (condition.kind !== 'apply') return false;
  const [a, b] = condition.args as [Expr, Expr];
  switch (condition.operation) {
    case 'and':
      return isGuard(a) && isGuard(b);
    case 'lessEqual':
      return a.kind === 'constant' && a.value === 0;
    case 'less':
      return b.kind === 'extent';
    default:
      return false;
  }
}
