/**
 * Arrays written as text: Python and JSON literals, the calls that make arrays in source code, and what NumPy,
 * PyTorch, TensorFlow and JAX print. One pass over the text, nothing is executed, and what is not understood is
 * refused with its place.
 */
import { t } from '@vscode/l10n';
import { isFloat, type NdArray, sizeOf } from '../array.ts';
import type { ErrorDetails, LossLensError } from '../errors.ts';
import { dtypeNamed, held, type Library, type SourceDType } from './dtypes.ts';
import { Elements } from './elements.ts';
import { type Maker, makerNamed, numberNamed, roleOf, truthNamed } from './makers.ts';
import { booleanKind, floatKind, integerKind, isDigit, Numerals, skipBlanks } from './numerals.ts';
import { isNamePart, isNameStart, Source } from './source.ts';

/** Brackets and calls inside one another; NumPy stops at as many dimensions. */
const deepest = 64;

const wholeArray = (): string =>
  t(
    'Print all of it: np.set_printoptions(threshold=sys.maxsize), or torch.set_printoptions(profile="full").',
  );
const expectedArray = (): string => t('an array such as [[0.5, 1.0], [2.0, 3.0]], or a printout of one');
const neverRun = (): string => t('Text is only read, never run: print the array and use what it prints.');
const declarations: ReadonlySet<string> = new Set(['const', 'let', 'var', 'export', 'new']);
/** After a number: the rest of it, or a sum with it. */
const imaginary = /^[\d.](?:[+-][\d.]+(?:e[+-]?\d+)?)?j/i;
const operators = '+-*/%@&|^~!?<>=';

/** One array that a call makes: what its arguments say, and what the elements before it were. */
interface Call {
  readonly maker: Maker;
  readonly name: string;
  readonly close: ')' | '>';
  readonly firstElement: number;
  readonly kindsBefore: number;
  readonly dtypeBefore: SourceDType | undefined;
  readonly libraryBefore: Library;
  /** 'before' its data is read, 'inside' while it is, 'after'. */
  data: 'before' | 'inside' | 'after';
  positional: number;
  dtype: SourceDType | undefined;
  shape: readonly number[] | undefined;
  shapeAt: number;
  weak: boolean;
}

/** An open bracket. A group is a pair of parentheses around one value, which in Python makes no tuple. */
interface Frame {
  kind: 'list' | 'tuple' | 'group' | 'call';
  offset: number;
  count: number;
  call: Call | undefined;
}

/**
 * Reads an array from `text`: a literal of Python or JSON, or an assignment of one; a call such as
 * `np.array([…], dtype=np.float32)` or `torch.tensor([…])`; what a library prints for an array (`[[1. 2.]\n [3. 4.]]`,
 * `array(…)`, `tensor(…, grad_fn=<…>)`, `<tf.Tensor: …>`). A single number is an array of shape [].
 *
 * The dtype is the one that the library would give it. Numbers without a library are typed as Python types them
 * (all integers int64, any float float64, all truth values bool) and are `weak`, as are arrays that NumPy prints
 * without their dtype. float16 and bfloat16 become float32 data rounded to them, with their `origin`. uint64 becomes
 * int64: what it exceeds is refused, as are integers beyond int64 in any array of integers.
 *
 * @throws LossLensError, each with offset, line and column: `no-array` for anything that is no array of real numbers,
 * `ragged` for rows that differ, `incomplete` where `...` stands for elements or brackets are still open at the end,
 * `dtype` for dtypes that hold no real numbers and for numbers that the dtype does not hold, `shape-mismatch` where
 * a printed shape contradicts the elements.
 */
export function parseLiteral(text: string): NdArray {
  return new Reader(text).read();
}

class Reader {
  readonly #source: Source;
  readonly #text: string;
  readonly #elements = new Elements();
  readonly #numerals: Numerals;
  readonly #frames: Frame[] = [];
  #depth = 0;
  /** Open lists and tuples: the dimensions that the next element would have. */
  #level = 0;
  /** The rows' lengths at each level, -1 until one is complete. */
  readonly #extents: number[] = [];
  /** At which level numbers stand, -1 until one is met. */
  #rank = -1;
  /** What calls have made of elements so far, those inside the innermost open call. */
  #dtype: SourceDType | undefined;
  /** Whose rules hold for them; a list outside every call is NumPy's to convert. */
  #library: Library = 'numpy';
  /** Of the whole array, when the call that makes it says so. */
  #shape: readonly number[] | undefined;
  #weak = false;
  #at = 0;

  constructor(text: string) {
    this.#source = new Source(text);
    this.#text = text;
    this.#numerals = new Numerals(this.#source, this.#elements);
  }

  read(): NdArray {
    let wanted = true;
    while (wanted || this.#depth > 0) {
      const before = this.#at;
      this.#skip();
      wanted = wanted ? this.#value() : this.#afterValue(this.#at > before);
    }
    this.#end();
    return this.#array();
  }

  // What may stand where. Each returns whether a value (or a closing bracket) is wanted next.

  #value(): boolean {
    const frame = this.#frame();
    if (frame?.call && frame.call.data !== 'inside') return this.#argument(frame.call);
    const at = this.#at;
    const character = this.#text[at];
    if (this.#numerals.startsAt(at)) return this.#numbers(frame);
    switch (character) {
      case '[':
        return this.#open('list');
      case '(':
        return this.#open(this.#isTuple() ? 'tuple' : 'group');
      case ']':
      case ')':
        // After a comma, or in an empty list.
        if (frame && !frame.call && frame.kind !== 'group' && closerOf(frame) === character)
          return this.#close(frame);
        break;
      case '-':
      case '+':
        return this.#signed(character);
      case '<':
        return this.#printedObject();
      case '/':
        // JavaScript's comment; after a value it would be Python's floor division, and is refused.
        if (this.#text[at + 1] !== '/') break;
        this.#at = this.#source.lineEnd(at);
        return true;
      case '{':
        throw this.#refuse(t('A dict or a set is no array.'), {
          found: '"{"',
          expected: t('one of its arrays'),
        });
      case '"':
      case "'":
      case '`':
        throw this.#refuse(t('A string is no number.'), { found: t('a string'), expected: t('a number') });
      default:
        if (isNameStart(this.#code(at))) return this.#named(at, this.#name());
    }
    throw this.#unexpected(
      frame?.kind === 'group' || !frame ? expectedArray() : t`a number or "${closerOf(frame)}"`,
    );
  }

  /** `spaced` when blanks separate it from the value before. */
  #afterValue(spaced: boolean): boolean {
    const frame = this.#frame()!;
    const character = this.#text[this.#at];
    const close = closerOf(frame);
    if (character === close) return frame.call ? this.#closeCall(frame.call) : this.#close(frame);
    if (frame.kind === 'call') {
      if (character !== ',' && close === ')') throw this.#unexpected('"," or ")"');
      if (character === ',') this.#at++;
      return true;
    }
    if (character === ',' && frame.kind !== 'group') {
      this.#numerals.separateBy('comma', this.#at);
      this.#at++;
      return true;
    }
    if (frame.kind === 'list' && spaced && this.#beginsElement()) {
      this.#numerals.separateBy('space', this.#at);
      return true;
    }
    throw this.#unexpected(frame.kind === 'group' ? '")"' : `"," or "${close}"`);
  }

  #end(): void {
    this.#skip();
    if (this.#text[this.#at] === ';') this.#at++;
    this.#skip();
    if (this.#text.startsWith('//', this.#at))
      this.#at = skipBlanks(this.#text, this.#source.lineEnd(this.#at));
    if (this.#at >= this.#text.length) return;
    const character = this.#text[this.#at]!;
    if (character === '.' || character === '[') {
      if (this.#isEllipsis()) throw this.#incomplete();
      const sentence =
        character === '.'
          ? t`A method or property of an array is code. ${neverRun()}`
          : t`An index into an array is code. ${neverRun()}`;
      throw this.#refuse(sentence, {
        found: this.#source.describe(this.#at),
        expected: t('the end of the text after the array'),
      });
    }
    if (character === ',') {
      throw this.#refuse(t('There is more than one array here, or a tuple without its parentheses.'), {
        found: '","',
        expected: t('one array, or brackets around all of them'),
      });
    }
    throw this.#unexpected(t('the end of the text after the array'));
  }

  // Lists and tuples.

  #open(kind: 'list' | 'tuple' | 'group'): boolean {
    const offset = this.#at;
    if (kind !== 'group') {
      if (this.#level === this.#rank) {
        throw this.#ragged(offset, t('a row'), t('a number, as in the places before'));
      }
      this.#level++;
      if (this.#extents.length < this.#level) this.#extents.push(-1);
    }
    this.#push(kind, offset, undefined);
    this.#at++;
    return true;
  }

  #push(kind: Frame['kind'], offset: number, call: Call | undefined): void {
    if (this.#depth === deepest) {
      throw this.#refuse(t`Brackets are nested more than ${deepest} deep.`, { expected: expectedArray() });
    }
    const frame = this.#frames[this.#depth];
    if (frame) {
      frame.kind = kind;
      frame.offset = offset;
      frame.count = 0;
      frame.call = call;
    } else {
      this.#frames.push({ kind, offset, count: 0, call });
    }
    this.#depth++;
  }

  #close(frame: Frame): boolean {
    this.#depth--;
    this.#at++;
    if (frame.kind !== 'group') {
      this.#level--;
      const extent = this.#extents[this.#level]!;
      if (extent < 0) {
        this.#extents[this.#level] = frame.count;
      } else if (extent !== frame.count) {
        throw this.#ragged(
          frame.offset,
          t`a row of ${frame.count}`,
          t`a row of ${extent}, as the ones before`,
        );
      }
    }
    return this.#completed(1);
  }

  /** `count` elements of the innermost open bracket are complete. Nothing is wanted after them. */
  #completed(count: number): false {
    const frame = this.#frame();
    if (frame) frame.count += count;
    if (frame?.call) frame.call.data = 'after';
    return false;
  }

  /** Whether the parenthesis here opens a tuple: it holds a comma, or nothing. */
  #isTuple(): boolean {
    const first = skipBlanks(this.#text, this.#at + 1);
    return this.#text[first] === ')' || this.#text[this.#source.boundary(first, ',')] === ',';
  }

  #beginsElement(): boolean {
    const at = this.#at;
    if (this.#numerals.startsAt(at) || this.#text[at] === '[' || this.#isEllipsis()) return true;
    return isNameStart(this.#code(this.#text[at] === '-' || this.#text[at] === '+' ? at + 1 : at));
  }

  // Numbers.

  #numbers(frame: Frame | undefined): boolean {
    this.#meetNumber(this.#at);
    if (frame?.kind !== 'list' && frame?.kind !== 'tuple') {
      this.#at = this.#numerals.read(this.#at, false, false);
      return this.#completed(1);
    }
    const before = this.#elements.length;
    this.#at = this.#numerals.read(this.#at, true, frame.kind === 'list');
    this.#completed(this.#elements.length - before);
    return this.#numerals.passedComma;
  }

  #number(value: number, kind: number): false {
    this.#elements.push(value);
    this.#numerals.kinds |= kind;
    return this.#completed(1);
  }

  #meetNumber(offset: number): void {
    if (this.#rank < 0 && this.#extents.length === this.#level) this.#rank = this.#level;
    else if (this.#rank !== this.#level) {
      const extent = this.#extents[this.#level] ?? -1;
      throw this.#ragged(
        offset,
        t('a number'),
        extent < 0 ? t('a row') : t`a row of ${extent}, as the ones before`,
      );
    }
  }

  /** A sign that does not belong to a numeral: `-inf`, `- 1`, `-float('inf')`. */
  #signed(sign: '-' | '+'): boolean {
    const signAt = this.#at;
    this.#at = skipBlanks(this.#text, signAt + 1);
    if (this.#numerals.startsAt(this.#at) && isDigitOrPoint(this.#text[this.#at])) {
      this.#meetNumber(signAt);
      this.#at = this.#numerals.read(this.#at, false, false);
      this.#completed(1);
    } else {
      const at = this.#at;
      const name = isNameStart(this.#code(at)) ? this.#name() : '';
      const value = name === 'float' ? this.#floatCall() : numberNamed(name);
      if (value === undefined) {
        this.#at = at;
        throw this.#unexpected(t('a number after the sign'));
      }
      this.#meetNumber(signAt);
      this.#number(value, floatKind);
    }
    if (sign === '-') this.#elements.negateLast();
    return false;
  }

  /** The number that Python's `float(…)` makes; its name has been read. */
  #floatCall(): number {
    this.#skip();
    if (this.#text[this.#at] !== '(') throw this.#unexpected(t('"(" after float'));
    this.#at = skipBlanks(this.#text, this.#at + 1);
    const close = this.#source.boundary(this.#at, '');
    const argument = this.#text.slice(this.#at, close).trim();
    const quote = argument[0];
    const quoted = (quote === '"' || quote === "'") && argument.length > 1 && argument.endsWith(quote);
    const written = (quoted ? argument.slice(1, -1).trim() : argument).toLowerCase();
    const special = /^[+-]?(?:inf|infinity|nan)$/.test(written) && quoted;
    const plain = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/.test(written);
    if (!(special || plain) || close >= this.#text.length) {
      throw this.#refuse(t`This is no number. ${neverRun()}`, {
        found: `float(${argument.slice(0, 20)}`,
        expected: t("a number, or float('nan') or float('inf')"),
      });
    }
    this.#at = close + 1;
    if (plain) return Number(written);
    return written.endsWith('nan') ? Number.NaN : written.startsWith('-') ? -Infinity : Infinity;
  }

  // Names: constants, calls, and the target of an assignment.

  /** Reads the dotted name here. */
  #name(): string {
    const start = this.#at;
    let at = start;
    while (at < this.#text.length && isNamePart(this.#code(at))) {
      at++;
      if (this.#text[at] === '.' && isNameStart(this.#code(at + 1))) at++;
    }
    this.#at = at;
    return this.#text.slice(start, at);
  }

  #named(at: number, name: string): boolean {
    const truth = truthNamed(name);
    const number = truth ?? numberNamed(name);
    if (number !== undefined) {
      this.#meetNumber(at);
      return this.#number(number, truth === undefined ? floatKind : booleanKind);
    }
    if (name === 'Parameter' && /^\s+containing:/.test(this.#text.slice(this.#at, this.#at + 20))) {
      this.#at = this.#text.indexOf(':', this.#at) + 1;
      return true;
    }
    if (name === 'None' || name === 'null' || name === 'undefined') {
      this.#at = at;
      throw this.#refuse(t`${name} is no number.`, {
        found: name,
        expected: t('a number (for a missing one, nan)'),
      });
    }
    const next = skipBlanks(this.#text, this.#at);
    if (name === 'float' && this.#text[next] === '(') {
      const value = this.#floatCall();
      this.#meetNumber(at);
      return this.#number(value, floatKind);
    }
    if (this.#text[next] === '(') {
      this.#at = next;
      return this.#call(at, name);
    }
    if (this.#depth === 0 && declarations.has(name) && isNameStart(this.#code(next))) return true;
    if (this.#depth === 0 && this.#assignment(next)) return true;
    this.#at = at;
    throw this.#refuse(
      this.#text[next] === '"' || this.#text[next] === "'"
        ? t('A string is no number.')
        : t`A name is no number. ${neverRun()}`,
      { found: this.#source.describe(at), expected: this.#depth > 0 ? t('a number') : expectedArray() },
    );
  }

  /** After a target, whatever it is (`y`, `self.y: Tensor`, `batch['y']`): moves to what is assigned to it. */
  #assignment(next: number): boolean {
    let at = next;
    if (this.#text[at] === '[' || this.#text[at] === ':') at = this.#source.boundary(at, '=\n');
    if (this.#text[at] !== '=' || this.#text[at + 1] === '=') return false;
    this.#at = at + 1;
    return true;
  }

  // Calls.

  #call(at: number, name: string): boolean {
    const maker = makerNamed(name);
    if (!maker) {
      this.#at = at;
      throw this.#refuse(t`This call is not one that only writes an array down. ${neverRun()}`, {
        found: `${name.slice(0, 40)}(…)`,
        expected: t('np.array, torch.tensor, tf.constant, jnp.array or the like around a literal'),
      });
    }
    return this.#openCall(maker, name, ')', at, this.#at + 1);
  }

  /** `<tf.Tensor: shape=(2,), dtype=float32, numpy=array(…)>`, `<tf.Variable 'v:0' shape=… numpy=…>`. */
  #printedObject(): boolean {
    const at = this.#at;
    this.#at++;
    const name = isNameStart(this.#code(this.#at)) ? this.#name() : '';
    const maker =
      name === 'tf.Tensor' || name === 'tf.Variable' || name === 'Variable' ? makerNamed(name) : undefined;
    if (!maker) {
      this.#at = at;
      throw this.#unexpected(expectedArray());
    }
    let next = skipBlanks(this.#text, this.#at);
    if (this.#text[next] === ':') next++;
    else if (this.#text[next] === "'") next = this.#source.stringEnd(next);
    return this.#openCall(maker, name, '>', at, next);
  }

  #openCall(maker: Maker, name: string, close: ')' | '>', at: number, next: number): boolean {
    this.#push('call', at, {
      maker,
      name,
      close,
      firstElement: this.#elements.length,
      kindsBefore: this.#numerals.kinds,
      dtypeBefore: this.#dtype,
      libraryBefore: this.#library,
      data: 'before',
      positional: 0,
      dtype: undefined,
      shape: undefined,
      shapeAt: at,
      weak: false,
    });
    this.#numerals.kinds = 0;
    this.#dtype = undefined;
    ({ library: this.#library } = maker);
    this.#at = next;
    return true;
  }

  /** One argument, or the end of the call after a comma. */
  #argument(call: Call): boolean {
    const at = this.#at;
    if (this.#text[at] === call.close) return this.#closeCall(call);
    if (this.#isEllipsis()) throw this.#incomplete();
    if (at >= this.#text.length) throw this.#unexpected(`"${call.close}"`);
    let role = call.maker.positions[call.positional];
    let keyword: string | undefined;
    if (isNameStart(this.#code(at))) {
      const name = this.#name();
      const equals = skipBlanks(this.#text, this.#at);
      if (this.#text[equals] === '=' && this.#text[equals + 1] !== '=') {
        keyword = name;
        role = call.close === '>' && name === 'value' ? 'data' : roleOf(name);
        this.#at = skipBlanks(this.#text, equals + 1);
      } else {
        this.#at = at;
      }
    }
    if (keyword === undefined) call.positional++;
    if (role === 'data' && call.data === 'before') {
      call.data = 'inside';
      return true;
    }
    switch (role) {
      case 'dtype':
        call.dtype = this.#readDtype(call.maker);
        return false;
      case 'shape':
        call.shapeAt = this.#at;
        call.shape = this.#readShape();
        return false;
      case 'weak':
        call.weak = this.#text.startsWith('True', this.#at);
        break;
      case 'ignored':
        break;
      default:
        this.#at = at;
        throw this.#refuse(
          t`This argument may change the array in a way that is not followed here. ${neverRun()}`,
          {
            found: t`${keyword ?? this.#source.describe(at)} in ${call.name}`,
            expected: t('the numbers, dtype, or arguments that leave both alone'),
          },
        );
    }
    this.#at = this.#source.boundary(this.#at, call.close === '>' ? ', ' : ',');
    return false;
  }

  #readDtype({ library }: Maker): SourceDType | undefined {
    const at = this.#at;
    const end = this.#source.boundary(at, ', \n');
    let written = this.#text.slice(at, end).trim();
    const wrapped = /^(?:np|numpy|jnp)\.dtype\((.*)\)$/.exec(written);
    if (wrapped) written = wrapped[1]!;
    const name = written.replace(/^(['"])(.*)\1$/, '$2');
    this.#at = end;
    if (name === 'None') return undefined;
    const dtype = dtypeNamed(name, library);
    if (dtype) return dtype;
    throw this.#source.failure('dtype', at, t('This dtype is none that holds real numbers here.'), {
      found: name.slice(0, 40),
      expected: t('float16 to float64, bfloat16, int8 to int64, uint8 to uint64, or bool'),
    });
  }

  #readShape(): readonly number[] {
    const at = this.#at;
    const end = this.#source.boundary(at, ', \n');
    const written = this.#text.slice(at, end);
    this.#at = end;
    if (!/^(?:torch\.Size\()?[[(](?:\s*\d{1,15}\s*,)*(?:\s*\d{1,15}\s*)?[\])]\)?\s*$/.test(written)) {
      throw this.#source.failure('no-array', at, t('This is no shape.'), {
        found: written.slice(0, 40),
        expected: t('integers in brackets, such as (2, 3)'),
      });
    }
    return Array.from(written.matchAll(/\d+/g), Number);
  }

  #closeCall(call: Call): boolean {
    if (call.data !== 'after') {
      throw this.#refuse(t`${call.name} has no array in it.`, {
        found: this.#source.describe(this.#at),
        expected: t('a list of numbers'),
      });
    }
    const { offset } = this.#frame()!;
    this.#depth--;
    this.#at++;
    const { maker } = call;
    if (maker.takesSize && this.#rank === this.#level) {
      throw this.#source.failure(
        'no-array',
        offset,
        t`${call.name} of a single number is an array of that size, of unknown content.`,
        {
          expected: t('a list of numbers'),
        },
      );
    }
    const dtype = this.#convertCall(call, offset);
    if (call.shape) this.#applyShape(call, call.shape);
    if (this.#level === 0) this.#weak = call.weak;
    const { kindsBefore, dtypeBefore, libraryBefore } = call;
    this.#numerals.kinds = kindsBefore;
    this.#library = libraryBefore;
    this.#dtype = joined(dtypeBefore, dtype, libraryBefore);
    return this.#completed(1);
  }

  /** Turns the call's elements into what the library makes of them, and returns that dtype. */
  #convertCall(call: Call, offset: number): SourceDType {
    const { maker, firstElement } = call;
    const { library } = maker;
    let dtype = call.dtype ?? maker.always;
    if (dtype === undefined) {
      dtype = this.#inferred(maker);
      // TensorFlow's integers are int32 unless one of them needs int64; JAX, as it comes, has no 64-bit arrays.
      if (
        library === 'tensorflow' &&
        dtype === 'int32' &&
        this.#elements.convert(firstElement, dtype, true) >= 0
      ) {
        dtype = 'int64';
      } else if (library === 'jax') {
        dtype = narrowed(dtype);
      }
    } else if (library === 'tensorflow' && this.#numerals.kinds & floatKind && !isFloat(held(dtype).dtype)) {
      throw this.#source.failure('dtype', offset, t('TensorFlow makes no integers of floats.'), {
        found: t`floats in ${call.name} with dtype ${dtype}`,
        expected: t('a floating-point dtype, or integers'),
      });
    }
    this.#convert(firstElement, dtype, offset, library);
    return dtype;
  }

  /** The dtype of the elements inside the innermost open call: of numbers, and of what calls among them made. */
  #inferred({ float, integer }: Pick<Maker, 'float' | 'integer'>): SourceDType {
    const { kinds } = this.#numerals;
    if (kinds & floatKind) return joined(this.#dtype, float, this.#library);
    if (kinds & integerKind) return joined(this.#dtype, integer, this.#library);
    if (kinds & booleanKind) return joined(this.#dtype, 'bool', this.#library);
    return this.#dtype ?? float;
  }

  /** @throws LossLensError `dtype` at `offset`, naming the first element that `dtype` cannot hold. */
  #convert(start: number, dtype: SourceDType, offset: number, library: Maker['library']): void {
    const throughFloat32 = library === 'torch' || library === 'tensorflow';
    const wrong = this.#elements.convert(start, dtype, throughFloat32);
    if (wrong < 0) return;
    const beyond = this.#elements.beyond;
    const exceeds = beyond?.index === wrong;
    throw this.#source.failure(
      'dtype',
      exceeds ? beyond.offset : offset,
      exceeds
        ? t('This integer is larger than an int64 holds.')
        : t`The dtype ${dtype} does not hold every element.`,
      {
        found: exceeds
          ? this.#source.describe(beyond.offset)
          : t`element ${wrong - start}, ${String(this.#elements.values[wrong])}`,
        expected:
          dtype === 'int64' || dtype === 'uint64'
            ? t('at most 9223372036854775807, or a floating-point dtype')
            : t`a number in the range of ${dtype}`,
      },
    );
  }

  #applyShape(call: Call, shape: readonly number[]): void {
    const count = this.#elements.length - call.firstElement;
    if (sizeOf(shape) !== count) {
      throw this.#source.failure(
        'shape-mismatch',
        call.shapeAt,
        t('The shape does not hold as many elements as are written.'),
        {
          found: t`${count} elements`,
          expected: t`${sizeOf(shape)} elements, for shape [${shape.join(', ')}]`,
        },
      );
    }
    if (this.#level === 0) this.#shape = shape;
  }

  // The result.

  #array(): NdArray {
    const plain = this.#dtype === undefined;
    const dtype = this.#inferred({ float: 'float64', integer: 'int64' });
    this.#convert(0, dtype, 0, 'numpy');
    const { dtype: heldAs, origin } = held(dtype);
    const shape = this.#shape ?? this.#extents;
    return {
      dtype: heldAs,
      shape,
      data: this.#elements.take(heldAs),
      ...(origin && { origin }),
      ...((plain || this.#weak) && { weak: true }),
    };
  }

  // Moving and refusing.

  #frame(): Frame | undefined {
    return this.#depth > 0 ? this.#frames[this.#depth - 1] : undefined;
  }

  #code(offset: number): number {
    return offset < this.#text.length ? this.#text.charCodeAt(offset) : 0;
  }

  /** Passes blanks, comments and continued lines. */
  #skip(): void {
    for (;;) {
      this.#at = skipBlanks(this.#text, this.#at);
      const character = this.#text[this.#at];
      if (character === '#') this.#at = this.#source.lineEnd(this.#at);
      else if (character === '\\' && /^\\\r?\n/.test(this.#text.slice(this.#at, this.#at + 3))) this.#at++;
      else return;
    }
  }

  /** Does `...` or `…` stand here, or begin in the character before? */
  #isEllipsis(): boolean {
    return (
      this.#text[this.#at] === '…' ||
      this.#text.slice(Math.max(this.#at - 1, 0), this.#at + 3).includes('...')
    );
  }

  #incomplete(): LossLensError {
    return this.#source.failure('incomplete', this.#at, t`This is not the whole array. ${wholeArray()}`, {
      found: t('"..." in place of elements'),
      expected: t('every element'),
    });
  }

  #unexpected(expected: string): LossLensError {
    if (this.#isEllipsis()) return this.#incomplete();
    if (this.#at >= this.#text.length && this.#depth > 0) {
      const open = this.#frames[0]!;
      return this.#source.failure('incomplete', this.#at, t('The text ends before the array does.'), {
        found: t`the end of the text, with ${this.#depth} brackets still open, the first of them ${this.#source.describe(open.offset)} at offset ${open.offset}`,
        expected,
      });
    }
    const next = this.#text[this.#at];
    let sentence = t('No array can be read here.');
    if (imaginary.test(this.#text.slice(Math.max(this.#at - 1, 0), this.#at + 40))) {
      sentence = t('Losses here take real numbers, not complex ones.');
    } else if (this.#at >= this.#text.length) {
      sentence = t('There is no array in this text.');
    } else if (next !== undefined && operators.includes(next)) {
      sentence = t`An expression is no number. ${neverRun()}`;
    }
    return this.#refuse(sentence, { found: this.#source.describe(this.#at), expected });
  }

  #refuse(sentence: string, details: ErrorDetails): LossLensError {
    return this.#source.failure('no-array', this.#at, sentence, details);
  }

  #ragged(offset: number, found: string, expected: string): LossLensError {
    const index = this.#frames
      .slice(0, this.#depth)
      .flatMap(({ kind, count }) => (kind === 'list' || kind === 'tuple' ? [count] : []));
    return this.#source.failure(
      'ragged',
      offset,
      t`Row [${index.join(', ')}] differs from the ones before it.`,
      {
        found,
        expected,
        index,
      },
    );
  }
}

function closerOf(frame: Frame): string {
  return frame.kind === 'list' ? ']' : (frame.call?.close ?? ')');
}

function isDigitOrPoint(character: string | undefined): boolean {
  return character !== undefined && (character === '.' || isDigit(character.charCodeAt(0)));
}

/**
 * The dtype of a list with elements of both: the wider float; int64 for integers that differ; for a float beside
 * integers float64 in NumPy, that float in the other libraries.
 */
function joined(one: SourceDType | undefined, other: SourceDType, library: Library): SourceDType {
  if (one === undefined || one === other || one === 'bool') return other;
  if (other === 'bool') return one;
  const floats = [one, other].filter((dtype) => isFloat(held(dtype).dtype));
  if (floats.length === 0) return 'int64';
  if (floats.length === 1) return library === 'numpy' ? 'float64' : floats[0]!;
  return floats.includes('float64') ? 'float64' : 'float32';
}

function narrowed(dtype: SourceDType): SourceDType {
  if (dtype === 'float64') return 'float32';
  if (dtype === 'int64') return 'int32';
  return dtype === 'uint64' ? 'uint32' : dtype;
}
