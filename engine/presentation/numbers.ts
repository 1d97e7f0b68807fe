/** How numbers are written: the frameworks' spelling, so that what is copied can be pasted. */
import type { DType } from '../array.ts';

/** The shortest decimal that reads back as the same number in its dtype. */
export function exact(value: number | bigint, dtype: DType): string {
  if (typeof value === 'bigint') return value.toString();
  if (dtype !== 'float32' || !Number.isFinite(value)) return plain(value, dtype);
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return decimal(rounded);
  }
  return decimal(Number(value.toPrecision(9)));
}

/** At most `digits` significant digits. */
export function short(value: number | bigint, dtype: DType, digits = 7): string {
  if (typeof value === 'bigint' || !Number.isFinite(value)) return exact(value, dtype);
  if (dtype !== 'float32' && dtype !== 'float64') return plain(value, dtype);
  const rounded = Number(value.toPrecision(digits));
  return Math.abs(rounded) >= 1e7 ? rounded.toExponential().replace('+', '') : decimal(rounded);
}

/** Without the long run of zeros that JavaScript writes before it turns to powers of ten. */
function decimal(value: number): string {
  const small = value !== 0 && Math.abs(value) < 1e-4;
  return small ? value.toExponential() : String(value);
}

function plain(value: number, dtype: DType): string {
  if (dtype === 'bool') return value ? 'True' : 'False';
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return decimal(value);
}
