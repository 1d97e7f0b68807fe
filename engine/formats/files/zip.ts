/**
 * The members of a ZIP file, each as a file of its own: stored ones by position, compressed ones inflated from front
 * to back, piece by piece, so that neither how large a member says it is nor how large it becomes costs memory.
 */
import { t } from '@vscode/l10n';
import { type Reader, ZipReader } from '@zip.js/zip.js/lib/zip-core-reader.js';
import { Inflate } from 'fflate';
import { LossLensError } from '../../errors.ts';
import { type ByteSource, damaged, fill, partOf, readBytes } from './bytes.ts';

export interface Member {
  readonly name: string;
  /**
   * As long as the directory says, which reading to the end checks, with its checksum where it is compressed.
   * @param checked where it is stored, too, if it is read from front to back
   */
  open(checked?: 'checked'): Promise<ByteSource>;
}

const mostMembers = 100_000;
const localHeader = 30;
const [stored, deflated] = [0, 8];

/** @throws LossLensError `damaged-file` for what is no ZIP file, or contradicts itself. */
export async function readZip(source: ByteSource): Promise<readonly Member[]> {
  const members: Member[] = [];
  const names = new Set<string>();
  try {
    for await (const entry of new ZipReader(readerOf(source)).getEntriesGenerator()) {
      if (entry.directory) continue;
      if (members.length === mostMembers || names.has(entry.filename)) {
        const found =
          members.length === mostMembers ? t`more than ${mostMembers} members` : t`'${entry.filename}' twice`;
        throw damaged(t('The ZIP file cannot be trusted.'), found, t('members of different names'));
      }
      names.add(entry.filename);
      members.push({ name: entry.filename, open: (checked) => open(source, entry, checked !== undefined) });
    }
  } catch (error) {
    if (error instanceof LossLensError) throw error;
    throw damaged(
      t('The ZIP file cannot be read.'),
      error instanceof Error ? error.message : String(error),
      t('a ZIP file'),
    );
  }
  return members;
}

interface Entry {
  readonly filename: string;
  readonly offset: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly compressionMethod: number;
  readonly encrypted: boolean;
  /** Its CRC-32. */
  readonly signature?: number;
}

async function open(source: ByteSource, entry: Entry, checked: boolean): Promise<ByteSource> {
  const { filename, offset, compressedSize, uncompressedSize, compressionMethod, encrypted } = entry;
  const header = await readBytes(source, offset, localHeader);
  const view = new DataView(header.buffer);
  if (view.getUint32(0, true) !== 0x04034b50) {
    throw damaged(
      t`'${filename}' is not where the ZIP file says.`,
      t('other bytes'),
      t('the header of a member'),
    );
  }
  const start = offset + localHeader + view.getUint16(26, true) + view.getUint16(28, true);
  if (encrypted || (compressionMethod !== stored && compressionMethod !== deflated)) {
    throw damaged(
      t`'${filename}' is packed in a way that is not read here.`,
      encrypted ? 'encryption' : t`compression method ${compressionMethod}`,
      t('a member that is stored or deflated'),
    );
  }
  if (
    start + compressedSize > source.size ||
    (compressionMethod === stored && compressedSize !== uncompressedSize)
  ) {
    throw damaged(
      t`'${filename}' has another size than the ZIP file says.`,
      t`${Math.max(0, source.size - start)} bytes for ${compressedSize}, ${uncompressedSize} unpacked`,
      t('the bytes of the member'),
    );
  }
  const bytes = partOf(source, start, compressedSize);
  if (compressionMethod === deflated) return new Inflated(bytes, entry);
  return checked ? new Checked(bytes, entry) : bytes;
}

/** A member whose reads share one state, and so wait for each other. */
abstract class InTurn implements ByteSource {
  abstract readonly size: number;
  #last: Promise<unknown> = Promise.resolve();

  read(into: Uint8Array, position: number): Promise<number> {
    const result = this.#last.then(() => this.take(into, position));
    this.#last = result.catch(() => undefined);
    return result;
  }

  protected abstract take(into: Uint8Array, position: number): Promise<number>;
}

/** Adds up the checksum of what is read from the front on, and compares it at the end. */
class Checked extends InTurn {
  readonly size: number;
  readonly #bytes: ByteSource;
  readonly #entry: Entry;
  #crc = 0;
  /** How far the checksum reaches. */
  #to = 0;

  constructor(bytes: ByteSource, entry: Entry) {
    super();
    this.size = bytes.size;
    this.#bytes = bytes;
    this.#entry = entry;
  }

  protected async take(into: Uint8Array, position: number): Promise<number> {
    const filled = await this.#bytes.read(into, position);
    const end = position + filled;
    if (position <= this.#to && this.#to < end) {
      this.#crc = crc32(into.subarray(this.#to - position, filled), this.#crc);
      this.#to = end;
    }
    if (this.#to === this.size && this.#crc !== this.#entry.signature)
      throw contradiction(this.#entry, t('another checksum'));
    return filled;
  }
}

/** Reads forwards; what goes back begins anew. */
class Inflated extends InTurn {
  readonly size: number;
  readonly #packed: ByteSource;
  readonly #entry: Entry;
  #inflate = new Inflate();
  #read = 0;
  #ended = false;
  #crc = 0;
  /** Inflated and not yet asked for, and where its first byte stands. */
  #ready: Uint8Array[] = [];
  #at = 0;

  constructor(packed: ByteSource, entry: Entry) {
    super();
    this.#packed = packed;
    this.#entry = entry;
    this.size = entry.uncompressedSize;
  }

  protected async take(into: Uint8Array, position: number): Promise<number> {
    if (position < this.#at || this.#read === 0) this.#restart();
    let filled = 0;
    while (filled < into.length) {
      const chunk = this.#ready[0];
      if (!chunk) {
        if (this.#ended) break;
        await this.#more();
        continue;
      }
      const skip = Math.min(chunk.length, position + filled - this.#at);
      const part = chunk.subarray(skip, skip + into.length - filled);
      into.set(part, filled);
      filled += part.length;
      const used = skip + part.length;
      this.#at += used;
      if (used === chunk.length) this.#ready.shift();
      else this.#ready[0] = chunk.subarray(used);
    }
    if (position + filled === this.size) await this.#checkEnd();
    return filled;
  }

  #restart(): void {
    this.#inflate = new Inflate((chunk, final) => {
      if (chunk.length > 0) this.#ready.push(chunk);
      this.#crc = crc32(chunk, this.#crc);
      this.#ended ||= final;
    });
    [this.#ready, this.#at, this.#read, this.#crc, this.#ended] = [[], 0, 0, 0, false];
  }

  /** A piece can become a thousand times as long. */
  async #more(): Promise<void> {
    const length = Math.min(16_384, this.#packed.size - this.#read);
    const packed = new Uint8Array(length);
    await fill(this.#packed, packed, this.#read);
    this.#read += length;
    try {
      this.#inflate.push(packed, this.#read === this.#packed.size);
    } catch (error) {
      throw this.#refusal(String(error));
    }
    this.#ended ||= this.#read === this.#packed.size;
  }

  async #checkEnd(): Promise<void> {
    while (!this.#ended && this.#ready.length === 0) await this.#more();
    if (this.#ready.length > 0) throw this.#refusal(t`more than ${this.size} bytes`);
    if (this.#crc !== this.#entry.signature) throw this.#refusal(t('another checksum'));
  }

  #refusal(found: string): LossLensError {
    return contradiction(this.#entry, found);
  }
}

const contradiction = ({ filename, uncompressedSize }: Entry, found: string): LossLensError =>
  damaged(t`'${filename}' does not unpack to what the ZIP file says.`, found, t`${uncompressedSize} bytes`);

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array, before: number): number {
  let value = ~before;
  for (let i = 0; i < bytes.length; i++) value = (value >>> 8) ^ crcTable[(value ^ bytes[i]!) & 0xff]!;
  return ~value >>> 0;
}

/** What the library asks of a reader; its own class has more, for writing and for the web. */
function readerOf(source: ByteSource): Reader<ByteSource> {
  const reader: Pick<Reader<ByteSource>, 'size' | 'readUint8Array' | 'init'> = {
    size: source.size,
    init: async () => undefined,
    readUint8Array: (position, length) =>
      readBytes(source, position, Math.max(0, Math.min(length, source.size - position))),
  };
  return reader as Reader<ByteSource>;
}
