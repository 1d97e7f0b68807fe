/** Inputs made of ones that real programs wrote, by a few changes: they reach further than text or bytes out of nothing. */
import fc from 'fast-check';

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

/** Numbers at whose edges sizes, counts and offsets are wrong. */
const edges = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

type ByteChange =
  | { readonly kind: 'flip'; readonly at: number; readonly byte: number }
  | { readonly kind: 'fill'; readonly at: number; readonly count: number; readonly byte: number }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'remove'; readonly at: number; readonly count: number }
  | { readonly kind: 'number'; readonly at: number; readonly width: 2 | 4 | 8; readonly value: number }
  | { readonly kind: 'copy'; readonly at: number; readonly from: number; readonly count: number };

/** Changes of bytes where they lie, and of where the file ends: what a checksum finds. */
const inPlace: fc.Arbitrary<ByteChange> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('flip'), at: place, byte: fc.integer({ min: 1, max: 255 }) }),
  },
  fc.record({
    kind: fc.constant('fill'),
    at: place,
    count: fc.integer({ min: 1, max: 16 }),
    byte: fc.constantFrom(0, 0x7f, 0x80, 0xff),
  }),
  fc.record({ kind: fc.constant('cut'), at: place }),
);

const anywhere: fc.Arbitrary<ByteChange> = fc.oneof(
  { weight: 3, arbitrary: inPlace },
  fc.record({ kind: fc.constant('remove'), at: place, count: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    kind: fc.constant('number'),
    at: place,
    width: fc.constantFrom(2, 4, 8),
    value: fc.constantFrom(...edges),
  }),
  fc.record({ kind: fc.constant('copy'), at: place, from: place, count: fc.integer({ min: 1, max: 200 }) }),
);

function changed(before: Uint8Array, one: ByteChange): Uint8Array {
  const at = Math.floor(one.at * before.length);
  const after = new Uint8Array(before);
  switch (one.kind) {
    case 'flip':
      if (after.length > 0) after[at]! ^= one.byte;
      return after;
    case 'fill':
      return after.fill(one.byte, at, at + one.count);
    case 'cut':
      return after.subarray(0, at);
    case 'remove':
      return Uint8Array.from([...after.subarray(0, at), ...after.subarray(at + one.count)]);
    case 'number':
      for (let i = 0; i < one.width && at + i < after.length; i++) {
        after[at + i] = i < 4 ? one.value >>> (8 * i) : 0;
      }
      return after;
    case 'copy': {
      const from = Math.floor(one.from * before.length);
      const copied = after.subarray(from, from + one.count);
      return Uint8Array.from([...after.subarray(0, at), ...copied, ...after.subarray(at)]);
    }
  }
}

export interface DamagedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Whether only bytes were changed where they lay, or the end cut off. */
  readonly isInPlace: boolean;
}

/** Files with one to four changes each. */
export function damagedFiles(files: Readonly<Record<string, Uint8Array>>): fc.Arbitrary<DamagedFile> {
  const damaged = (change: fc.Arbitrary<ByteChange>, isInPlace: boolean): fc.Arbitrary<DamagedFile> =>
    fc
      .tuple(fc.constantFrom(...Object.keys(files)), fc.array(change, { minLength: 1, maxLength: 4 }))
      .map(([name, changes]) => ({ name, bytes: changes.reduce(changed, files[name]!), isInPlace }));
  return fc.oneof(damaged(inPlace, true), damaged(anywhere, false));
}

/**
 * Texts with one to five places where something was taken out, and something typed: one of `pieces`, a part of another
 * text, or any character.
 */
export function damagedTexts(texts: readonly string[], pieces: readonly string[]): fc.Arbitrary<string> {
  const typed = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...pieces) },
    fc
      .tuple(fc.constantFrom(...texts), place, fc.nat(80))
      .map(([other, at, count]) => other.substr(Math.floor(at * other.length), count)),
    fc.nat(0x10_ffff).map((code) => String.fromCodePoint(code)),
    fc
      .tuple(fc.constantFrom(...pieces), fc.integer({ min: 2, max: 200 }))
      .map(([piece, n]) => piece.repeat(n)),
  );
  const edit = fc.record({
    at: place,
    removed: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(60)),
    typed: fc.oneof({ weight: 1, arbitrary: fc.constant('') }, { weight: 4, arbitrary: typed }),
  });
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 5 }))
    .map(([text, edits]) =>
      edits.reduce((before, { at, removed, typed }) => {
        const start = Math.floor(at * before.length);
        return before.slice(0, start) + typed + before.slice(start + removed);
      }, text),
    );
}

/** Texts of nothing but pieces. */
export const soup = (pieces: readonly string[], most = 60): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...pieces), { maxLength: most, size: 'max' }).map((parts) => parts.join(''));
