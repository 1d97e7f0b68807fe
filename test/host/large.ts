import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';

/** Of so many rows and more, two files of float32 are worked through row by row. */
export const manyRows = 150_000_000;

/** Writes a `.npy` file of float32: so many ones, and zeros that take no room on the disk. */
export function writeLarge(path: string, rows: number, ones: number): void {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows},), }\n`;
  const start = `\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\x00${header}`;
  writeFileSync(path, Buffer.from(start, 'latin1'));
  appendFileSync(path, new Uint8Array(new Float32Array(ones).fill(1).buffer));
  truncateSync(path, start.length + 4 * rows);
}
