/** Which dtype the elements have: what numbers become by themselves, in a call, and beside what other calls have made. */
import { t } from '@vscode/l10n';
import { type DType, isFloat, type Origin, type TypedArray } from '../../array.ts';
import { held, type Library, type SourceDType } from '../dtypes.ts';
import type { Elements } from '../elements.ts';
import type { Source } from '../source.ts';
import type { Maker } from './makers.ts';
import { booleanKind, floatKind, integerKind, type Numerals } from './numerals.ts';

/** What held for the elements in front of a call. */
export interface Outside {
  /** How many there were. */
  readonly elements: number;
  readonly kinds: number;
  readonly dtype: SourceDType | undefined;
  readonly dialect: Library;
}

export class Typing {
  readonly #source: Source;
  readonly #elements: Elements;
  readonly #numerals: Numerals;
  /** What calls have made of elements so far, those inside the innermost open call. */
  #dtype: SourceDType | undefined;
  /** Whose rules hold for them; a list outside every call is NumPy's to convert. */
  #dialect: Library = 'numpy';

  constructor(source: Source, elements: Elements, numerals: Numerals) {
    this.#source = source;
    this.#elements = elements;
    this.#numerals = numerals;
  }

  /** The elements that follow are in a call of `library`, until `leave`. */
  enter(library: Library): Outside {
    const outside: Outside = {
      elements: this.#elements.length,
      kinds: this.#numerals.kinds,
      dtype: this.#dtype,
      dialect: this.#dialect,
    };
    this.#numerals.kinds = 0;
    this.#dtype = undefined;
    this.#dialect = library;
    return outside;
  }

  /**
   * Turns the elements since `enter` into what the library makes of them.
   * @throws LossLensError `dtype` for what it does not convert, and for an element that the dtype does not hold
   */
  leave(
    outside: Outside,
    {
      maker,
      name,
      dtype,
    }: { readonly maker: Maker; readonly name: string; readonly dtype: SourceDType | undefined },
    offset: number,
  ): void {
    const made = this.#madeBy(maker, name, dtype, outside.elements, offset);
    this.#numerals.kinds = outside.kinds;
    this.#dialect = outside.dialect;
    this.#dtype = joined(outside.dtype, made, outside.dialect);
  }

  #madeBy(
    maker: Maker,
    name: string,
    asked: SourceDType | undefined,
    firstElement: number,
    offset: number,
  ): SourceDType {
    const { dialect } = maker;
    let dtype = asked ?? maker.always;
    if (dtype === undefined) {
      dtype = this.#inferred(maker);
      // TensorFlow's integers are int32 unless one of them needs int64; JAX, as it comes, has no 64-bit arrays.
      if (
        dialect === 'tensorflow' &&
        dtype === 'int32' &&
        this.#elements.convert(firstElement, dtype, true) >= 0
      ) {
        dtype = 'int64';
      } else if (dialect === 'jax') {
        dtype = narrowed(dtype);
      }
    } else if (dialect === 'tensorflow' && this.#numerals.kinds & floatKind && !isFloat(held(dtype).dtype)) {
      throw this.#source.failure('dtype', offset, t('TensorFlow makes no integers of floats.'), {
        found: t`floats in ${name} with dtype ${dtype}`,
        expected: t('a floating-point dtype, or integers'),
      });
    }
    this.#convert(firstElement, dtype, offset, dialect);
    return dtype;
  }

  /**
   * All elements, held as the array will hold them; `weak` if no call has said what they are.
   * @throws LossLensError `dtype`
   */
  finish(): { dtype: DType; data: TypedArray; origin: Origin | undefined; weak: boolean } {
    const weak = this.#dtype === undefined;
    const dtype = this.#inferred({ float: 'float64', integer: 'int64' });
    this.#convert(0, dtype, 0, 'numpy');
    const { dtype: heldAs, origin } = held(dtype);
    return { dtype: heldAs, data: this.#elements.take(heldAs), origin, weak };
  }

  /** The dtype of the elements inside the innermost open call: of numbers, and of what calls among them made. */
  #inferred({ float, integer }: Pick<Maker, 'float' | 'integer'>): SourceDType {
    const { kinds } = this.#numerals;
    if (kinds & floatKind) return joined(this.#dtype, float, this.#dialect);
    if (kinds & integerKind) return joined(this.#dtype, integer, this.#dialect);
    if (kinds & booleanKind) return joined(this.#dtype, 'bool', this.#dialect);
    return this.#dtype ?? float;
  }

  /** @throws LossLensError `dtype` at `offset`, naming the first element that `dtype` cannot hold. */
  #convert(start: number, dtype: SourceDType, offset: number, library: Library): void {
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
