/**
 * Runs in a debugged JavaScript program: its text is sent there, so it uses nothing of this file or of the project,
 * and no syntax that an old engine lacks. It changes nothing.
 */

/** @returns JSON, or base64 of bytes, as `read.ts` asks for */
export function inspect(
  kind: string,
  start: number,
  end: number,
  entries: readonly (readonly [path: string[], value: () => unknown])[],
): string {
  const dtypes: Readonly<Record<string, string>> = {
    Float32Array: 'float32',
    Float64Array: 'float64',
    Float16Array: 'float16',
    Int8Array: 'int8',
    Int16Array: 'int16',
    Int32Array: 'int32',
    BigInt64Array: 'int64',
    Uint8Array: 'uint8',
    Uint8ClampedArray: 'uint8',
    Buffer: 'uint8',
    Uint16Array: 'uint16',
    Uint32Array: 'uint32',
    BigUint64Array: 'uint64',
  };
  type Tensor = { readonly shape: number[]; readonly dtype: string; dataSync(): ArrayBufferView };
  type Found = { library: string; dtype: string; shape: number[]; bytes?: number; weak?: boolean };

  type Phrase = { readonly text: string; readonly filled: readonly string[] };
  function phrase(text: string, ...filled: unknown[]): Phrase {
    return { text: text, filled: filled.map(String) };
  }
  function refuse(found: Phrase, expected: Phrase): never {
    throw { refused: true, found: found, expected: expected };
  }
  function dtypeOf(value: unknown): string | undefined {
    return ArrayBuffer.isView(value) ? dtypes[value.constructor.name] : undefined;
  }
  function isTensor(value: unknown): value is Tensor {
    const tensor = value as Tensor | null | undefined;
    return (
      typeof tensor === 'object' &&
      tensor !== null &&
      typeof tensor.dataSync === 'function' &&
      Array.isArray(tensor.shape) &&
      typeof tensor.dtype === 'string'
    );
  }
  function shapeOfRows(value: unknown): number[] | undefined {
    const shape: number[] = [];
    let row = value;
    while (Array.isArray(row) && row.length > 0) {
      shape.push(row.length);
      row = row[0];
    }
    return shape.length > 0 && (typeof row === 'number' || typeof row === 'boolean') ? shape : undefined;
  }
  function describe(value: unknown): Found | undefined {
    if (isTensor(value)) {
      return { library: 'tensorflow.js', dtype: value.dtype, shape: value.shape.slice() };
    }
    const dtype = dtypeOf(value);
    if (dtype) {
      const view = value as Uint8Array;
      return { library: view.constructor.name, dtype: dtype, shape: [view.length], bytes: view.byteLength };
    }
    const shape = shapeOfRows(value);
    return shape && { library: 'Array', dtype: 'list', shape: shape };
  }
  function numbersOf(value: unknown, shape: readonly number[]): Float64Array {
    const numbers: number[] = [];
    function take(item: unknown, depth: number): void {
      if (depth === shape.length) {
        if (typeof item !== 'number' && typeof item !== 'boolean') {
          refuse(
            phrase('a value of type {0} among the numbers', typeof item),
            phrase('numbers alone, in rows of one length'),
          );
        }
        numbers.push(Number(item));
      } else if (!Array.isArray(item) || item.length !== shape[depth]) {
        refuse(phrase('rows of different lengths'), phrase('rows of {0}', shape[depth]));
      } else {
        for (const part of item) take(part, depth + 1);
      }
    }
    take(value, 0);
    return Float64Array.from(numbers);
  }
  function contents(value: unknown): { header: Found; view: ArrayBufferView } {
    const found = describe(value);
    if (!found) {
      refuse(
        phrase('a value of type {0}', typeof value),
        phrase('a typed array, a tensor or an array of numbers'),
      );
    }
    const { library } = found;
    if (library === 'Array') {
      return { header: { ...found, dtype: 'float64', weak: true }, view: numbersOf(value, found.shape) };
    }
    if (library !== 'tensorflow.js') return { header: found, view: value as ArrayBufferView };
    const known = ['float32', 'int32', 'bool'].indexOf(found.dtype) >= 0;
    if (!known) {
      refuse(phrase('a tensor of {0}', found.dtype), phrase('a tensor of float32, int32 or bool'));
    }
    return { header: found, view: (value as Tensor).dataSync() };
  }
  function base64(view: ArrayBufferView): string {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + start, end - start);
    if (typeof Buffer !== 'undefined') {
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    }
    let text = '';
    for (let from = 0; from < bytes.length; from += 0x8000) {
      text += String.fromCharCode.apply(undefined, Array.from(bytes.subarray(from, from + 0x8000)));
    }
    return btoa(text);
  }

  try {
    if (kind === 'list' || kind === 'describe') {
      const arrays: object[] = [];
      for (const [path, value] of entries) {
        try {
          const found = describe(value());
          if (found) arrays.push({ path: path, ...found });
        } catch (_) {
          // A variable whose declaration is still to come has no value.
        }
      }
      return JSON.stringify({ arrays: arrays });
    }
    const { header, view } = contents(entries[0]![1]());
    return kind === 'header' ? JSON.stringify({ array: header, bytes: view.byteLength }) : base64(view);
  } catch (error) {
    const failure = error as { refused?: boolean; name?: string; message?: string };
    return JSON.stringify(
      failure.refused ? failure : { error: String(failure.name), message: String(failure.message) },
    );
  }
}
