/**
 * Reads an ONNX file: protocol buffers, of whose messages only the fields that matter here are read. Tensors stay
 * bytes until a layer needs them. The field numbers are those of onnx.proto.
 */
import { t } from '@vscode/l10n';
import { PbfReader } from 'pbf';
import { LossLensError } from '../errors.ts';
import type { Node } from './network.ts';
import { type StoredTensor, tensorOf } from './tensor.ts';

export interface OnnxFile {
  /** Version of ONNX's own operators. */
  readonly opset: number;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly string[];
  readonly nodes: readonly Node[];
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

export interface ValueInfo {
  readonly name: string;
  /** A number of onnx.TensorProto.DataType; 0 where there is none. */
  readonly dtype: number;
  readonly shape: readonly (number | string | undefined)[] | undefined;
}

/**
 * @param name  of the file, for messages
 * @throws LossLensError `not-a-network`.
 */
export function readOnnx(bytes: Uint8Array, name: string): OnnxFile {
  const failure = (sentence: string, found: string): LossLensError =>
    new LossLensError('not-a-network', sentence, {
      found,
      expected: t('an ONNX model (.onnx)'),
    });
  const size = t`${bytes.length} bytes`;
  if (bytes.length === 0) throw failure(t`${name} is empty.`, size);
  let model: Model;
  try {
    model = modelIn(new PbfReader(bytes));
  } catch (error) {
    if (error instanceof LossLensError) throw error;
    // A file that begins as a model does (its first field is the version) was one once.
    const began = bytes[0] === 0x08 && bytes.length > 16;
    throw failure(
      began
        ? t`${name} ends too early or is damaged: it cannot be read as ONNX.`
        : t`${name} is no ONNX file.`,
      `${size}, ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const { graph, opset } = model;
  if (!graph || graph.nodes.length === 0)
    throw failure(t`${name} holds no network.`, t`${size} without nodes`);
  return { ...graph, opset };
}

interface Model {
  opset: number;
  graph?: Graph;
}

interface Graph {
  inputs: ValueInfo[];
  outputs: string[];
  nodes: Node[];
  tensors: Map<string, StoredTensor>;
}

type Fields<T> = (tag: number, into: T, from: PbfReader) => void;

/** A message that has to end where it says, inside of what contains it. */
function message<T>(from: PbfReader, fields: Fields<T>, into: T, end = from.readVarint() + from.pos): T {
  if (!(end <= from.length)) throw new Error('the end is missing');
  from.readFields(fields, into, end);
  if (from.pos !== end) throw new Error('a field is longer than its message');
  return into;
}

function modelIn(from: PbfReader): Model {
  const model: Model = { opset: 0 };
  return message(
    from,
    (tag, into) => {
      if (tag === 7) into.graph = graphIn(from);
      else if (tag === 8) {
        const set = message(from, operatorSet, { domain: '', version: 0 });
        if (set.domain === '' || set.domain === 'ai.onnx') into.opset = set.version;
      }
    },
    model,
    from.length,
  );
}

const operatorSet: Fields<{ domain: string; version: number }> = (tag, into, from) => {
  if (tag === 1) into.domain = from.readString();
  else if (tag === 2) into.version = from.readVarint(true);
};

function graphIn(from: PbfReader): Graph {
  const graph: Graph = { inputs: [], outputs: [], nodes: [], tensors: new Map() };
  return message(
    from,
    (tag, into) => {
      if (tag === 1) into.nodes.push(nodeIn(from));
      else if (tag === 5) {
        const tensor = tensorIn(from);
        into.tensors.set(tensor.name, tensor);
      } else if (tag === 11) into.inputs.push(valueInfoIn(from));
      else if (tag === 12) into.outputs.push(valueInfoIn(from).name);
    },
    graph,
  );
}

function nodeIn(from: PbfReader): Node {
  const node = {
    operator: '',
    domain: '',
    name: '',
    inputs: [] as string[],
    outputs: [] as string[],
    attributes: {} as Record<string, Node['attributes'][string]>,
  };
  return message(
    from,
    (tag, into) => {
      if (tag === 1) into.inputs.push(from.readString());
      else if (tag === 2) into.outputs.push(from.readString());
      else if (tag === 3) into.name = from.readString();
      else if (tag === 4) into.operator = from.readString();
      else if (tag === 7) into.domain = from.readString();
      else if (tag === 5) {
        const { name, value } = attributeIn(from);
        if (value !== undefined) into.attributes[name] = value;
      }
    },
    node,
  );
}

function attributeIn(from: PbfReader): { name: string; value: Node['attributes'][string] | undefined } {
  const read = {
    name: '',
    type: 0,
    float: 0,
    integer: 0,
    string: '',
    tensor: undefined as StoredTensor | undefined,
    numbers: [] as number[],
  };
  message(
    from,
    (tag, into) => {
      if (tag === 1) into.name = from.readString();
      else if (tag === 2) into.float = from.readFloat();
      else if (tag === 3) into.integer = from.readVarint(true);
      else if (tag === 4) into.string = from.readString();
      else if (tag === 5) into.tensor = tensorIn(from);
      else if (tag === 7) from.readPackedFloat(into.numbers);
      else if (tag === 8) from.readPackedVarint(into.numbers, true);
      else if (tag === 20) into.type = from.readVarint();
    },
    read,
  );
  switch (read.type) {
    case 1:
      return { name: read.name, value: read.float };
    case 2:
      return { name: read.name, value: read.integer };
    case 3:
      return { name: read.name, value: read.string };
    case 4:
      return { name: read.name, value: read.tensor && tensorOf(read.tensor) };
    case 6:
    case 7:
      return { name: read.name, value: read.numbers };
    default:
      // Graphs, strings and sparse tensors belong to operators that are refused by name.
      return { name: read.name, value: undefined };
  }
}

function tensorIn(from: PbfReader): StoredTensor {
  const tensor: StoredTensor = {
    name: '',
    dtype: 0,
    shape: [],
    raw: undefined,
    numbers: [],
    file: undefined,
  };
  return message(
    from,
    (tag, into) => {
      if (tag === 1) from.readPackedVarint(into.shape, true);
      else if (tag === 2) into.dtype = from.readVarint();
      else if (tag === 4) from.readPackedFloat(into.numbers);
      else if (tag === 5 || tag === 7) from.readPackedVarint(into.numbers, true);
      else if (tag === 8) into.name = from.readString();
      else if (tag === 9) into.raw = from.readBytes();
      else if (tag === 10) from.readPackedDouble(into.numbers);
      else if (tag === 11) from.readPackedVarint(into.numbers);
      else if (tag === 13) {
        const { key, value } = message(from, pair, { key: '', value: '' });
        if (key === 'location') into.file = value;
      } else if (tag === 14 && from.readVarint() === 1) into.file ??= '';
    },
    tensor,
  );
}

const pair: Fields<{ key: string; value: string }> = (tag, into, from) => {
  if (tag === 1) into.key = from.readString();
  else if (tag === 2) into.value = from.readString();
};

function valueInfoIn(from: PbfReader): ValueInfo {
  const info: { name: string; dtype: number; shape: (number | string | undefined)[] | undefined } = {
    name: '',
    dtype: 0,
    shape: undefined,
  };
  const dimension: Fields<{ extent: number | string | undefined }> = (tag, into) => {
    if (tag === 1) into.extent = from.readVarint(true);
    else if (tag === 2) into.extent = from.readString();
  };
  const shape: Fields<(number | string | undefined)[]> = (tag, into) => {
    if (tag !== 1) return;
    const { extent } = message<{ extent: number | string | undefined }>(from, dimension, {
      extent: undefined,
    });
    into.push(extent);
  };
  const tensorType: Fields<typeof info> = (tag, into) => {
    if (tag === 1) into.dtype = from.readVarint();
    else if (tag === 2) into.shape = message(from, shape, []);
  };
  const type: Fields<typeof info> = (tag, into) => {
    if (tag === 1) message(from, tensorType, into);
  };
  return message(
    from,
    (tag, into) => {
      if (tag === 1) into.name = from.readString();
      else if (tag === 2) message(from, type, into);
    },
    info,
  );
}
