/** What a Parquet file says at its end of what it holds. */
import { t } from '@vscode/l10n';
import { type ColumnMetaData, type FileMetaData, parquetMetadata } from 'hyparquet/src/index.js';
import { LossLensError } from '../../../errors.ts';
import { type ByteSource, checkHeld, damaged, readBytes } from '../bytes.ts';
import { checkThrift } from './thrift.ts';

/** Bytes of the description. */
const longest = 2 ** 28;

/** The description at the end of the file. */
export async function metadataOf(source: ByteSource): Promise<FileMetaData> {
  const tail = await readBytes(source, Math.max(0, source.size - 8), Math.min(8, source.size));
  const length = tail.length < 8 ? 0 : new DataView(tail.buffer).getUint32(0, true);
  checkHeld(t('The description in the Parquet file'), length, longest);
  if (String.fromCharCode(...tail.subarray(4)) !== 'PAR1' || length > source.size - 8) {
    throw damaged(
      t('The Parquet file cannot be read.'),
      t('another end'),
      t('a description, its length and PAR1'),
    );
  }
  const bytes = await readBytes(source, source.size - 8 - length, length + 8);
  checkThrift(bytes.subarray(0, length), 0);
  const metadata = guarded(() => parquetMetadata(bytes.buffer as ArrayBuffer, { geoparquet: false }));
  checkColumns(metadata);
  return metadata;
}

const required: readonly (keyof ColumnMetaData)[] = [
  'path_in_schema',
  'codec',
  'num_values',
  'total_compressed_size',
  'total_uncompressed_size',
  'data_page_offset',
];

/** The library takes a description for complete that lacks what the format requires. */
function checkColumns({ row_groups: groups }: FileMetaData): void {
  for (const { meta_data: meta } of groups.flatMap(({ columns }) => columns)) {
    const lacking = meta && required.find((field) => meta[field] === undefined);
    if (lacking) throw damaged(t('The Parquet file contradicts itself.'), t('nothing'), lacking);
  }
}

/** The library's errors, as ours. */
export function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof LossLensError) throw error;
    throw damaged(
      t('The Parquet file cannot be read.'),
      error instanceof Error ? error.message : String(error),
      t('a Parquet file'),
    );
  }
}

export function rowsOf({ num_rows, row_groups }: FileMetaData): number {
  const inGroups = row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (inGroups !== Number(num_rows) || row_groups.some((group) => Number(group.num_rows) < 0)) {
    throw damaged(t('The Parquet file contradicts itself.'), t`${inGroups} rows in groups`, `${num_rows}`);
  }
  return inGroups;
}
