/**
 * Python's pickles, as far as they are data. A pickle is a program that may call anything; this reads the
 * instructions that build containers, and of the names that one may call only those of an allow-list, each of which
 * is a function here. Every other name is refused, and nothing is ever run.
 */
import { t } from '@vscode/l10n';
import { LossLensError } from '../../errors.ts';
import { damaged } from './bytes.ts';

export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Pickled[]
  | Map<Pickled, Pickled>
  | Named
  | Opaque;

/** A function or class of the allow-list. */
export class Named {
  readonly name: string;
  readonly call: ((args: readonly Pickled[]) => Pickled) | undefined;

  constructor(name: string, call?: (args: readonly Pickled[]) => Pickled) {
    this.name = name;
    this.call = call;
  }
}

/** Whatever an allowed call makes. */
export interface Opaque {
  readonly opaque: string;
}

export interface PickleHost {
  /** What a dotted name stands for, if it is allowed. */
  named(name: string): Named | undefined;
  /** What stands outside the pickle, under this identity. */
  persistent(identity: Pickled): Pickled;
}

const mark = Symbol('mark');
type Item = Pickled | typeof mark;

const broken = (found: string): LossLensError =>
  damaged(t('The pickle in the file is not well formed.'), found, t('what torch.save writes'));

/** @throws LossLensError `damaged-file`, and `not-evaluable` for a name that is not on the allow-list. */
export function unpickle(bytes: Uint8Array, host: PickleHost): Pickled {
  return new Machine(bytes, host).run();
}

class Machine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #host: PickleHost;
  readonly #stack: Item[] = [];
  readonly #memo = new Map<number, Pickled>();
  #at = 0;

  constructor(bytes: Uint8Array, host: PickleHost) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#host = host;
  }

  run(): Pickled {
    for (;;) {
      const code = this.#uint(1);
      if (code === 0x2e) return this.#pop();
      const step = instructions[code];
      if (!step) throw broken(t`instruction 0x${code.toString(16)} at byte ${this.#at - 1}`);
      step.call(this);
    }
  }

  // What follows is called by the table below.

  push(value: Item): void {
    this.#stack.push(value);
  }

  number(length: 1 | 2 | 4): number {
    return this.#uint(length);
  }

  int32(): number {
    return this.#uint(4) | 0;
  }

  double(): number {
    this.#take(8);
    return this.#view.getFloat64(this.#at - 8);
  }

  text(length: number): string {
    return new TextDecoder().decode(this.#take(length));
  }

  bytes(length: number): Uint8Array {
    return this.#take(length);
  }

  /** Up to the end of the line. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw broken(t('a name without an end'));
    const text = this.text(end - this.#at);
    this.#at++;
    return text;
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** Two's complement, lowest byte first. */
  long(length: number): number | bigint {
    const bytes = this.#take(length);
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = value * 256n + BigInt(bytes[i]!);
    const signed = BigInt.asIntN(8 * length, value);
    const asNumber = Number(signed);
    return Number.isSafeInteger(asNumber) ? asNumber : signed;
  }

  tuple(length: number): void {
    const items = Array.from({ length }, () => this.#pop()).reverse();
    this.push(items);
  }

  /** The items above the last mark. */
  sinceMark(): Pickled[] {
    const from = this.#stack.lastIndexOf(mark);
    if (from < 0) throw broken(t('a container without a beginning'));
    const items = this.#stack.splice(from) as [typeof mark, ...Pickled[]];
    return items.slice(1) as Pickled[];
  }

  append(items: readonly Pickled[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) throw broken(t('items for what is no list'));
    for (const item of items) list.push(item);
  }

  set(items: readonly Pickled[]): void {
    const map = this.#top();
    if (!(map instanceof Map) || items.length % 2 !== 0) throw broken(t('entries for what is no dictionary'));
    for (let i = 0; i < items.length; i += 2) map.set(items[i]!, items[i + 1]!);
  }

  pop(): Pickled {
    return this.#pop();
  }

  remember(key = this.#memo.size): void {
    this.#memo.set(key, this.#top());
  }

  recall(key: number): void {
    if (!this.#memo.has(key)) throw broken(t`a reference to what is not there (${key})`);
    this.push(this.#memo.get(key)!);
  }

  named(module: Pickled, name: Pickled): void {
    if (typeof module !== 'string' || typeof name !== 'string') throw broken(t('a name that is no text'));
    const dotted = `${module}.${name}`;
    const known = this.#host.named(dotted);
    if (!known) throw refusedName(dotted);
    this.push(known);
  }

  persistent(): void {
    this.push(this.#host.persistent(this.#pop()));
  }

  call(): void {
    const args = this.#pop();
    const named = this.#pop();
    if (!(named instanceof Named) || !Array.isArray(args)) throw broken(t('a call of what cannot be called'));
    if (!named.call) throw refusedName(t`a call of ${named.name}`);
    this.push(named.call(args));
  }

  /** What an object's own `__setstate__` would take. A dictionary's is its metadata, which is no tensor. */
  build(): void {
    this.#pop();
    if (!(this.#top() instanceof Map)) throw refusedName(t('the state of an object'));
  }

  #uint(length: 1 | 2 | 4): number {
    this.#take(length);
    const at = this.#at - length;
    if (length === 1) return this.#bytes[at]!;
    return length === 2 ? this.#view.getUint16(at, true) : this.#view.getUint32(at, true);
  }

  #take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw broken(t('an end in the middle'));
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #pop(): Pickled {
    const item = this.#stack.pop();
    if (item === undefined || item === mark) throw broken(t('a value that is missing'));
    return item;
  }

  #top(): Pickled {
    const item = this.#stack.at(-1);
    if (item === undefined || item === mark) throw broken(t('a value that is missing'));
    return item;
  }
}

function refusedName(name: string): LossLensError {
  return new LossLensError(
    'not-evaluable',
    t('The file holds more than plain tensors, and its code is never run.'),
    {
      found: name,
      expected: t(
        'tensors in dictionaries and lists: save model.state_dict(), or use safetensors.torch.save_file',
      ),
    },
  );
}

const instructions: Readonly<Record<number, (this: Machine) => void>> = {
  // PROTO, FRAME
  128: function () {
    this.skip(1);
  },
  149: function () {
    this.skip(8);
  },
  // MARK, POP, POP_MARK
  40: function () {
    this.push(mark);
  },
  48: function () {
    this.pop();
  },
  49: function () {
    this.sinceMark();
  },
  // NONE, NEWTRUE, NEWFALSE
  78: function () {
    this.push(null);
  },
  136: function () {
    this.push(true);
  },
  137: function () {
    this.push(false);
  },
  // BININT, BININT1, BININT2, LONG1, BINFLOAT
  74: function () {
    this.push(this.int32());
  },
  75: function () {
    this.push(this.number(1));
  },
  77: function () {
    this.push(this.number(2));
  },
  138: function () {
    this.push(this.long(this.number(1)));
  },
  71: function () {
    this.push(this.double());
  },
  // BINUNICODE, SHORT_BINUNICODE, BINSTRING, SHORT_BINSTRING, BINBYTES, SHORT_BINBYTES
  88: function () {
    this.push(this.text(this.number(4)));
  },
  140: function () {
    this.push(this.text(this.number(1)));
  },
  84: function () {
    this.push(this.text(this.number(4)));
  },
  85: function () {
    this.push(this.text(this.number(1)));
  },
  66: function () {
    this.push(this.bytes(this.number(4)));
  },
  67: function () {
    this.push(this.bytes(this.number(1)));
  },
  // EMPTY_LIST, APPEND, APPENDS
  93: function () {
    this.push([]);
  },
  97: function () {
    const item = this.pop();
    this.append([item]);
  },
  101: function () {
    const items = this.sinceMark();
    this.append(items);
  },
  // EMPTY_TUPLE, TUPLE, TUPLE1, TUPLE2, TUPLE3
  41: function () {
    this.push([]);
  },
  116: function () {
    this.push(this.sinceMark());
  },
  133: function () {
    this.tuple(1);
  },
  134: function () {
    this.tuple(2);
  },
  135: function () {
    this.tuple(3);
  },
  // EMPTY_DICT, SETITEM, SETITEMS
  125: function () {
    this.push(new Map());
  },
  115: function () {
    const value = this.pop();
    const key = this.pop();
    this.set([key, value]);
  },
  117: function () {
    const items = this.sinceMark();
    this.set(items);
  },
  // BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET
  113: function () {
    this.remember(this.number(1));
  },
  114: function () {
    this.remember(this.number(4));
  },
  148: function () {
    this.remember();
  },
  104: function () {
    this.recall(this.number(1));
  },
  106: function () {
    this.recall(this.number(4));
  },
  // GLOBAL, STACK_GLOBAL, BINPERSID, REDUCE, BUILD
  99: function () {
    const module = this.line();
    this.named(module, this.line());
  },
  147: function () {
    const name = this.pop();
    this.named(this.pop(), name);
  },
  81: function () {
    this.persistent();
  },
  82: function () {
    this.call();
  },
  98: function () {
    this.build();
  },
};
