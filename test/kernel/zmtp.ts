/** ZeroMQ's wire protocol (ZMTP 3.0 over TCP, no security), as far as a Jupyter client needs it. */
import { connect, type Socket } from 'node:net';

/** Frames of one message. */
export type Multipart = readonly Buffer[];

export interface Peer {
  send(message: Multipart): void;
  close(): void;
}

const more = 1;
const long = 2;
const command = 4;

/** Connects to a ROUTER as `DEALER`, or to a PUB as `SUB` of everything. Resolves once both have greeted each other. */
export function connectTo(
  port: number,
  type: 'DEALER' | 'SUB',
  received: (message: Multipart) => void,
  closed: () => void = () => undefined,
): Promise<Peer> {
  return new Promise((resolve, reject) => {
    // Read into the same bytes again and again: of pieces of its own for each, the collector had as much work as all else.
    const socket = connect({
      port,
      host: '127.0.0.1',
      onread: {
        buffer: Buffer.alloc(1 << 20),
        callback: (count, bytes) => {
          take(Buffer.from(bytes.buffer, bytes.byteOffset, count));
          return true;
        },
      },
    });
    const parser = new Parser();
    let parts: Buffer[] = [];
    socket.setNoDelay(true);
    socket.on('error', reject);
    socket.on('close', closed);
    socket.on('connect', () => socket.write(greeting()));
    const take = (data: Buffer): void => {
      for (const { flags, body } of parser.push(data, () => socket.write(ready(type)))) {
        if (flags & command) {
          // READY is the only command without security; the peer is there.
          if (type === 'SUB') write(socket, 0, Buffer.of(1));
          resolve({ send: (message) => sendAll(socket, message), close: () => socket.destroy() });
          continue;
        }
        parts.push(body);
        if (flags & more) continue;
        const message = parts;
        parts = [];
        received(message);
      }
    };
  });
}

function greeting(): Buffer {
  const bytes = Buffer.alloc(64);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.write('NULL', 12, 'ascii');
  return bytes;
}

function ready(type: string): Buffer {
  const property = (name: string, value: string): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(value.length);
    return Buffer.concat([Buffer.of(name.length), Buffer.from(name), size, Buffer.from(value)]);
  };
  const body = Buffer.concat([
    Buffer.of(5),
    Buffer.from('READY'),
    property('Socket-Type', type),
    property('Identity', ''),
  ]);
  return Buffer.concat([Buffer.of(command, body.length), body]);
}

function sendAll(socket: Socket, message: Multipart): void {
  for (const [index, body] of message.entries()) write(socket, index < message.length - 1 ? more : 0, body);
}

function write(socket: Socket, flags: number, body: Buffer): void {
  if (body.length < 256) {
    socket.write(Buffer.of(flags, body.length));
  } else {
    const header = Buffer.alloc(9);
    header[0] = flags | long;
    header.writeBigUInt64BE(BigInt(body.length), 1);
    socket.write(header);
  }
  socket.write(body);
}

/** Takes a stream apart into frames: each body is filled as its bytes come, and made but once. */
class Parser {
  /** The greeting; after it, flags and size of a frame. */
  readonly #head = Buffer.alloc(64);
  #size = 64;
  #filled = 0;
  #greeted = false;
  #body: Buffer | undefined;

  *push(data: Buffer, greeted: () => void): Generator<{ readonly flags: number; readonly body: Buffer }> {
    for (let at = 0; at < data.length; ) {
      const into = this.#body ?? this.#head;
      const some = Math.min(this.#size - this.#filled, data.length - at);
      data.copy(into, this.#filled, at, at + some);
      at += some;
      this.#filled += some;
      if (this.#filled < this.#size) continue;
      if (!this.#greeted) {
        this.#greeted = true;
        greeted();
      } else if (!this.#body) {
        const isLong = (this.#head[0]! & long) !== 0;
        if (isLong && this.#size < 9) {
          this.#size = 9;
          continue;
        }
        const length = isLong ? Number(this.#head.readBigUInt64BE(1)) : this.#head[1]!;
        this.#body = Buffer.allocUnsafeSlow(length);
        this.#size = length;
        this.#filled = 0;
        if (length > 0) continue;
      }
      const [flags, body] = [this.#head[0]!, this.#body];
      this.#body = undefined;
      this.#size = 2;
      this.#filled = 0;
      if (body) yield { flags, body };
    }
  }
}
