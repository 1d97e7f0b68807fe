/** A kernel's text while it is written: its lines, the names in them, and the words and buffers that they read. */
import type { Expr, Reduce } from '../../../language/expression.ts';
import { variable, word } from './pieces.ts';

/** What stands in one word of the uniform block. */
export type Word =
  | { readonly kind: 'rows' }
  /** Positions of a row, and of a part of it. */
  | { readonly kind: 'inner' }
  | { readonly kind: 'part' }
  | { readonly kind: 'parts' }
  | { readonly kind: 'size'; readonly dim: number }
  | { readonly kind: 'stride'; readonly array: string; readonly dim: number }
  /** Where in `scratch` what a reduction left begins, and the shares. */
  | { readonly kind: 'base'; readonly node: Reduce }
  | { readonly kind: 'shares' }
  /** A float32, known before the run begins. */
  | { readonly kind: 'number'; readonly node: Expr };

export class Text {
  readonly words: Word[] = [];
  /** The buffers in the order of their bindings. */
  readonly bindings: string[] = [];
  /** Lines before all rows: numbers that are the same for each of them. */
  readonly prologue: string[] = [];
  readonly #wordKeys: string[] = [];
  readonly #identities = new Map<Expr, number>();
  #lines: string[] = [];
  #next = 0;

  emit(line: string): void {
    this.#lines.push(line);
  }

  /** The lines that `write` emits. */
  captured(write: () => void): string[] {
    const lines: string[] = [];
    this.#into(lines, write);
    return lines;
  }

  inPrologue<T>(write: () => T): T {
    return this.#into(this.prologue, write);
  }

  #into<T>(lines: string[], write: () => T): T {
    const outside = this.#lines;
    this.#lines = lines;
    const result = write();
    this.#lines = outside;
    return result;
  }

  name(): string {
    return `v${this.#next++}`;
  }

  let(value: string): string {
    const name = this.name();
    this.emit(`let ${name} = ${value};`);
    return name;
  }

  var(value: string): string {
    const name = this.name();
    this.emit(`var ${name} = ${value};`);
    return name;
  }

  word(of: Word): string {
    const key = Object.values(of)
      .map((part) => (typeof part === 'object' ? this.#identify(part) : part))
      .join(' ');
    let i = this.#wordKeys.indexOf(key);
    if (i < 0) {
      i = this.words.push(of) - 1;
      this.#wordKeys.push(key);
    }
    return word(i);
  }

  #identify(node: Expr): number {
    const known = this.#identities.get(node) ?? this.#identities.size;
    this.#identities.set(node, known);
    return known;
  }

  /** What the kernel calls a buffer. */
  array(name: string): string {
    let i = this.bindings.indexOf(name);
    if (i < 0) i = this.bindings.push(name) - 1;
    return variable(i);
  }
}
