/** NumPy's file of several arrays: a ZIP file of `.npy` files, compressed or not. */
import type { ByteSource } from './bytes.ts';
import type { FileArray } from './file-array.ts';
import { readNpy } from './npy.ts';
import { type Refused, readEach } from './several.ts';
import { readZip } from './zip.ts';

export async function readNpz(source: ByteSource): Promise<readonly (FileArray | Refused)[]> {
  const members = (await readZip(source)).filter(({ name }) => name.endsWith('.npy'));
  return readEach(
    members,
    ({ name }) => name.slice(0, -'.npy'.length),
    async ({ open }, key) => readNpy(await open('checked'), key),
  );
}
