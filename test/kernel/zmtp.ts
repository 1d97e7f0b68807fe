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
    const socket = connect(port, '127.0.0.1');
    const parser = new Parser();
    let parts: Buffer[] = [];
    socket.setNoDelay(true);
    socket.on('error', reject);
    socket.on('close', closed);
    socket.on('connect', () => socket.write(greeting()));
    socket.on('data', (data: Buffer) => {
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
    });
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

/** Takes a stream apart into frames; what it holds is joined once a frame, however many pieces it came in. */
class Parser {
  #pieces: Buffer[] = [];
  #size = 0;
  #greeted = false;

  *push(data: Buffer, greeted: () => void): Generator<{ readonly flags: number; readonly body: Buffer }> {
    this.#pieces.push(data);
    this.#size += data.length;
    if (!this.#greeted) {
      if (this.#size < 64) return;
      this.#take(64);
      this.#greeted = true;
      greeted();
    }
    while (this.#size >= 2) {
      const head = this.#peek(9);
      const flags = head[0]!;
      const isLong = (flags & long) !== 0;
      if (isLong && head.length < 9) return;
      const [start, length] = isLong ? [9, Number(head.readBigUInt64BE(1))] : [2, head[1]!];
      if (this.#size < start + length) return;
      yield { flags, body: this.#take(start + length).subarray(start) };
    }
  }

  #peek(count: number): Buffer {
    if (this.#pieces[0]!.length < count && this.#pieces.length > 1) this.#join();
    return this.#pieces[0]!.subarray(0, count);
  }

  #take(count: number): Buffer {
    if (this.#pieces[0]!.length < count) this.#join();
    const [whole] = this.#pieces as [Buffer];
    this.#pieces[0] = whole.subarray(count);
    if (this.#pieces[0].length === 0) this.#pieces.shift();
    this.#size -= count;
    return whole.subarray(0, count);
  }

  #join(): void {
    this.#pieces = [Buffer.concat(this.#pieces)];
  }
}
