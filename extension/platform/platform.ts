/** What the machine that the extension runs on has to give: the entry of each build says it, the rest asks here. */
import type { ByteSource } from '../../engine/formats/files/index.ts';

/** What the engine gives, whatever its threads are. Some names are exported as types alone, which `typeof import` overlooks. */
export type Engine = Omit<
  typeof import('../../engine/web.ts'),
  'webWorker' | 'analysing' | 'analysis' | 'recogniser'
>;

export interface Platform {
  /** With its threads. */
  engine(): Promise<Engine>;
  /** Where the `file` scheme means disks that can be reached; elsewhere files come through the editor, each of them whole. */
  readonly disk?: Disk;
}

export interface Disk {
  /** @throws LossLensError `no-file`. */
  open(path: string): Promise<ByteSource>;
  read(path: string): Uint8Array;
}

let own: Platform | undefined;

export function runOn(platform: Platform): void {
  own = platform;
}

export function platform(): Platform {
  if (!own) throw new Error('No entry has said what the extension runs on.');
  return own;
}
