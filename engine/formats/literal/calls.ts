/** Calls that make arrays, `np.array(…, dtype=…)` and what prints like one: their names, arguments and ends. */
import { t } from '@vscode/l10n';
import { type NdArray, sizeOf } from '../../array.ts';
import { dtypeNamed, type Library, type SourceDType } from '../dtypes.ts';
import type { Elements } from '../elements.ts';
import type { Brackets } from './brackets.ts';
import type { Cursor } from './cursor.ts';
import { type Maker, makerNamed, roleOf } from './makers.ts';
import { type Numerals, skipBlanks } from './numerals.ts';
import { expectedArray, incomplete, neverRun, unexpected } from './refusals.ts';
import { type Outside, Typing } from './typing.ts';

/** One array that a call makes: what its arguments say, and what the elements before it were. */
export interface Call {
  readonly maker: Maker;
  readonly name: string;
  readonly close: ')' | '>';
  readonly outside: Outside;
  /** 'before' its data is read, 'inside' while it is, 'after'. */
  data: 'before' | 'inside' | 'after';
  positional: number;
  dtype: SourceDType | undefined;
  shape: readonly number[] | undefined;
  shapeAt: number;
  weak: boolean;
}

/** Methods that read return whether a value is wanted next. */
export class Calls {
  readonly #cursor: Cursor;
  readonly #brackets: Brackets;
  readonly #elements: Elements;
  readonly #typing: Typing;
  /** Of the whole array, when the call that makes it says so. */
  #shape: readonly number[] | undefined;
  #weak = false;

  constructor(cursor: Cursor, brackets: Brackets, elements: Elements, numerals: Numerals) {
    this.#cursor = cursor;
    this.#brackets = brackets;
    this.#elements = elements;
    this.#typing = new Typing(cursor, elements, numerals);
  }

  /** The call of `name`, which begins at `offset`; the cursor is at its parenthesis. */
  open(name: string, offset: number): true {
    const cursor = this.#cursor;
    const maker = makerNamed(name);
    if (!maker) {
      cursor.at = offset;
      throw cursor.refuse(t`This call is not one that only writes an array down. ${neverRun()}`, {
        found: `${name.slice(0, 40)}(…)`,
        expected: t('np.array, torch.tensor, tf.constant, jnp.array or the like around a literal'),
      });
    }
    return this.#opened(maker, name, ')', offset, cursor.at + 1);
  }

  /** `<tf.Tensor: shape=(2,), dtype=float32, numpy=array(…)>`, `<tf.Variable 'v:0' shape=… numpy=…>`. */
  openPrinted(): true {
    const cursor = this.#cursor;
    const offset = cursor.at;
    cursor.at++;
    const name = cursor.isName() ? cursor.name() : '';
    const maker =
      name === 'tf.Tensor' || name === 'tf.Variable' || name === 'Variable' ? makerNamed(name) : undefined;
    if (!maker) {
      cursor.at = offset;
      throw unexpected(cursor, this.#brackets, expectedArray());
    }
    let next = skipBlanks(cursor.text, cursor.at);
    if (cursor.text[next] === ':') next++;
    else if (cursor.text[next] === "'") next = cursor.stringEnd(next);
    return this.#opened(maker, name, '>', offset, next);
  }

  #opened(maker: Maker, name: string, close: ')' | '>', offset: number, next: number): true {
    const call: Call = {
      maker,
      name,
      close,
      outside: this.#typing.enter(maker.dialect),
      data: 'before',
      positional: 0,
      dtype: undefined,
      shape: undefined,
      shapeAt: offset,
      weak: false,
    };
    this.#brackets.openCall(call, offset);
    this.#cursor.at = next;
    return true;
  }

  /** One argument, or the end of the call after a comma. */
  argument(call: Call): boolean {
    const cursor = this.#cursor;
    const { at, text } = cursor;
    if (text[at] === call.close) return this.close(call);
    if (cursor.isEllipsis()) throw incomplete(cursor);
    if (at >= text.length) throw unexpected(cursor, this.#brackets, `"${call.close}"`);
    let role = call.maker.positions[call.positional];
    let keyword: string | undefined;
    if (cursor.isName()) {
      const name = cursor.name();
      const equals = skipBlanks(text, cursor.at);
      if (text[equals] === '=' && text[equals + 1] !== '=') {
        keyword = name;
        role = call.close === '>' && name === 'value' ? 'data' : roleOf(name);
        cursor.at = skipBlanks(text, equals + 1);
      } else {
        cursor.at = at;
      }
    }
    if (keyword === undefined) call.positional++;
    if (role === 'data' && call.data === 'before') {
      call.data = 'inside';
      return true;
    }
    switch (role) {
      case 'dtype':
        call.dtype = this.#readDtype(call.maker.dialect);
        return false;
      case 'shape':
        call.shapeAt = cursor.at;
        call.shape = this.#readShape();
        return false;
      case 'weak':
        call.weak = text.startsWith('True', cursor.at);
        break;
      case 'ignored':
        break;
      default:
        cursor.at = at;
        throw cursor.refuse(
          t`This argument may change the array in a way that is not followed here. ${neverRun()}`,
          {
            found: t`${keyword ?? cursor.describe(at)} in ${call.name}`,
            expected: t('the numbers, dtype, or arguments that leave both alone'),
          },
        );
    }
    cursor.at = cursor.boundary(cursor.at, call.close === '>' ? ', ' : ',');
    return false;
  }

  #readDtype(library: Library): SourceDType | undefined {
    const cursor = this.#cursor;
    const { at } = cursor;
    const end = cursor.boundary(at, ', \n');
    let written = cursor.text.slice(at, end).trim();
    const wrapped = /^(?:np|numpy|jnp)\.dtype\((.*)\)$/.exec(written);
    if (wrapped) written = wrapped[1]!;
    const name = written.replace(/^(['"])(.*)\1$/, '$2');
    cursor.at = end;
    if (name === 'None') return undefined;
    const dtype = dtypeNamed(name, library);
    if (dtype) return dtype;
    throw cursor.failure('dtype', at, t('This dtype is none that holds real numbers here.'), {
      found: name.slice(0, 40),
      expected: t('float16 to float64, bfloat16, int8 to int64, uint8 to uint64, or bool'),
    });
  }

  #readShape(): readonly number[] {
    const cursor = this.#cursor;
    const { at } = cursor;
    const end = cursor.boundary(at, ', \n');
    const written = cursor.text.slice(at, end);
    cursor.at = end;
    if (!/^(?:torch\.Size\()?[[(](?:\s*\d{1,15}\s*,)*(?:\s*\d{1,15}\s*)?[\])]\)?\s*$/.test(written)) {
      throw cursor.failure('no-array', at, t('This is no shape.'), {
        found: written.slice(0, 40),
        expected: t('integers in brackets, such as (2, 3)'),
      });
    }
    return Array.from(written.matchAll(/\d+/g), Number);
  }

  /** The innermost bracket is the call's; the cursor is at its end. */
  close(call: Call): false {
    const cursor = this.#cursor;
    const brackets = this.#brackets;
    if (call.data !== 'after') {
      throw cursor.refuse(t`${call.name} has no array in it.`, {
        found: cursor.describe(cursor.at),
        expected: t('a list of numbers'),
      });
    }
    const { offset } = brackets.innermost()!;
    brackets.close();
    cursor.at++;
    if (call.maker.takesSize && brackets.rank === brackets.level) {
      throw cursor.failure(
        'no-array',
        offset,
        t`${call.name} of a single number is an array of that size, of unknown content.`,
        {
          expected: t('a list of numbers'),
        },
      );
    }
    this.#typing.leave(call.outside, call, offset);
    if (call.shape) this.#applyShape(call, call.shape);
    if (brackets.level === 0) this.#weak = call.weak;
    brackets.completed(1);
    return false;
  }

  #applyShape(call: Call, shape: readonly number[]): void {
    const count = this.#elements.length - call.outside.elements;
    if (sizeOf(shape) !== count) {
      throw this.#cursor.failure(
        'shape-mismatch',
        call.shapeAt,
        t('The shape does not hold as many elements as are written.'),
        {
          found: t`${count} elements`,
          expected: t`${sizeOf(shape)} elements, for shape [${shape.join(', ')}]`,
        },
      );
    }
    if (this.#brackets.level === 0) this.#shape = shape;
  }

  /** The array that all of the text is. @throws LossLensError `dtype`. */
  array(): NdArray {
    const { dtype, data, origin, weak } = this.#typing.finish();
    return {
      dtype,
      shape: this.#shape ?? this.#brackets.extents,
      data,
      ...(origin && { origin }),
      ...((weak || this.#weak) && { weak: true }),
    };
  }
}
