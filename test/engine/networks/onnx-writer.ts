/** Writes small ONNX files for tests: the few messages that they need, in the fields of onnx.proto. */
import { PbfWriter } from 'pbf';

export interface WrittenNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, number | string | readonly number[]>>;
}

export interface WrittenTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  /** onnx.TensorProto.DataType; 1 is float32. */
  readonly dtype?: number;
  /** Where the numbers are instead. */
  readonly file?: string;
}

export interface WrittenNetwork {
  readonly nodes: readonly WrittenNode[];
  readonly tensors?: Readonly<Record<string, WrittenTensor>>;
  readonly inputs?: Readonly<Record<string, { shape?: readonly (number | string)[]; dtype?: number }>>;
  readonly outputs?: readonly string[];
  readonly opset?: number;
}

/** The bytes of a model whose input is `image` and whose output is that of its last node, unless stated. */
export function onnx(network: WrittenNetwork): Uint8Array<ArrayBuffer> {
  const { nodes, opset = 18, inputs = { image: {} }, tensors = {} } = network;
  const outputs = network.outputs ?? [nodes.at(-1)!.outputs[0]!];
  const to = new PbfWriter();
  to.writeVarintField(1, 8);
  inside(to, 7, () => {
    for (const node of nodes) inside(to, 1, () => writeNode(to, node));
    for (const [name, tensor] of Object.entries(tensors)) inside(to, 5, () => writeTensor(to, name, tensor));
    for (const [name, info] of Object.entries(inputs)) inside(to, 11, () => writeInfo(to, name, info));
    for (const name of outputs) inside(to, 12, () => writeInfo(to, name, {}));
  });
  inside(to, 8, () => to.writeVarintField(2, opset));
  return new Uint8Array(to.finish());
}

/** A message in a field. */
const inside = (to: PbfWriter, field: number, write: () => void): void =>
  to.writeMessage(field, write, undefined);

function writeNode(
  to: PbfWriter,
  { operator, inputs, outputs, name, domain, attributes = {} }: WrittenNode,
): void {
  for (const input of inputs) to.writeStringField(1, input);
  for (const output of outputs) to.writeStringField(2, output);
  if (name) to.writeStringField(3, name);
  to.writeStringField(4, operator);
  if (domain) to.writeStringField(7, domain);
  for (const [key, value] of Object.entries(attributes)) inside(to, 5, () => writeAttribute(to, key, value));
}

function writeAttribute(to: PbfWriter, name: string, value: number | string | readonly number[]): void {
  to.writeStringField(1, name);
  if (typeof value === 'string') {
    to.writeStringField(4, value);
    to.writeVarintField(20, 3);
  } else if (typeof value === 'number') {
    const isWhole = Number.isInteger(value);
    if (isWhole) to.writeVarintField(3, value);
    else to.writeFloatField(2, value);
    to.writeVarintField(20, isWhole ? 2 : 1);
  } else {
    for (const number of value) to.writeVarintField(8, number);
    to.writeVarintField(20, 7);
  }
}

function writeTensor(to: PbfWriter, name: string, { shape, data, dtype = 1, file }: WrittenTensor): void {
  for (const extent of shape) to.writeVarintField(1, extent);
  to.writeVarintField(2, dtype);
  to.writeStringField(8, name);
  if (file !== undefined) {
    inside(to, 13, () => {
      to.writeStringField(1, 'location');
      to.writeStringField(2, file);
    });
    to.writeVarintField(14, 1);
    return;
  }
  const numbers = dtype === 7 ? BigInt64Array.from(data, BigInt) : Float32Array.from(data);
  to.writeBytesField(9, new Uint8Array(numbers.buffer));
}

function writeInfo(
  to: PbfWriter,
  name: string,
  { shape, dtype = 1 }: { readonly shape?: readonly (number | string)[]; readonly dtype?: number },
): void {
  to.writeStringField(1, name);
  if (!shape) return;
  const writeExtent = (extent: number | string): void =>
    typeof extent === 'number' ? to.writeVarintField(1, extent) : to.writeStringField(2, extent);
  inside(to, 2, () =>
    inside(to, 1, () => {
      to.writeVarintField(1, dtype);
      inside(to, 2, () => {
        for (const extent of shape) inside(to, 1, () => writeExtent(extent));
      });
    }),
  );
}
