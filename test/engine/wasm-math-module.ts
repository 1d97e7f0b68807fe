/** Builds a WebAssembly function that applies one of the wasm backend's mathematical functions to arrays. */
import { compile } from 'watr';
import { type Emitter, hasMultiplyAdd, type Lanes } from '../../engine/backends/wasm/math/index.ts';

/** Writes code for one vector: names of the inputs' locals in, names of the results' locals out. */
export type Body = (emitter: Emitter, lanes: Lanes, inputs: readonly string[]) => readonly string[];

type Numbers<L extends Lanes> = L extends 'f32x4' ? Float32Array<ArrayBuffer> : Float64Array<ArrayBuffer>;

export interface Applied<L extends Lanes> {
  /** Views of `length` elements into the module's memory. */
  readonly inputs: readonly Numbers<L>[];
  readonly outputs: readonly Numbers<L>[];
  /** Computes the first `count` elements (all, by default), rounded up to whole vectors. */
  run(count?: number): void;
}

export function applied<L extends Lanes>(
  lanes: L,
  inputs: number,
  length: number,
  body: Body,
  multipliesAndAdds = hasMultiplyAdd,
): Applied<L> {
  const lines: string[] = [];
  const locals: string[] = [];
  const constants = new Map<string, string>();
  const emitter: Emitter = {
    local() {
      locals.push(`$t${locals.length}`);
      return locals[locals.length - 1]!;
    },
    emit(line) {
      lines.push(line);
    },
    constant(literal) {
      let name = constants.get(literal);
      if (name === undefined) {
        name = `$c${constants.size}`;
        constants.set(literal, name);
      }
      return name;
    },
    numberIn: () => undefined,
    multipliesAndAdds,
  };
  const stride = length * (lanes === 'f32x4' ? 4 : 8);
  const names = Array.from({ length: inputs }, (_, index) => {
    const name = emitter.local();
    emitter.emit(`(local.set ${name} (v128.load offset=${index * stride} (local.get $at)))`);
    return name;
  });
  const results = body(emitter, lanes, names);
  const stores = results.map(
    (name, index) => `(v128.store offset=${(inputs + index) * stride} (local.get $at) (local.get ${name}))`,
  );
  const pages = Math.ceil((stride * (inputs + results.length)) / 65536);
  const text = `(module (memory (export "memory") ${pages}) (func (export "run") (param $end i32) (local $at i32)
    ${[...locals, ...constants.values()].map((name) => `(local ${name} v128)`).join(' ')}
    ${[...constants].map(([literal, name]) => `(local.set ${name} (v128.const ${literal}))`).join('\n')}
    (loop $next
      ${[...lines, ...stores].join('\n')}
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))))`;
  const module = new WebAssembly.Module(compile(text) as Uint8Array<ArrayBuffer>);
  const { memory, run } = new WebAssembly.Instance(module).exports as {
    memory: WebAssembly.Memory;
    run: (end: number) => void;
  };
  const view = (index: number) =>
    (lanes === 'f32x4'
      ? new Float32Array(memory.buffer, index * stride, length)
      : new Float64Array(memory.buffer, index * stride, length)) as Numbers<L>;
  return {
    inputs: names.map((_, index) => view(index)),
    outputs: results.map((_, index) => view(inputs + index)),
    run: (count = length) => run((stride / length) * count),
  };
}
