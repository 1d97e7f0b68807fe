/** XXH64, of which Zstandard writes the lower half. */

const mask = 2n ** 64n - 1n;
const [first, second, third, fourth, fifth]: readonly [bigint, bigint, bigint, bigint, bigint] = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
];

const turned = (value: bigint, by: bigint): bigint => ((value << by) | (value >> (64n - by))) & mask;
const round = (sum: bigint, lane: bigint): bigint =>
  (turned((sum + lane * second) & mask, 31n) * first) & mask;

/** The lower 32 bits, with 0 as the seed. */
export function checksum(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let sum = fifth;
  if (bytes.length >= 32) {
    const lanes = [(first + second) & mask, second, 0n, (mask + 1n - first) & mask];
    for (; at + 32 <= bytes.length; at += 32) {
      for (let lane = 0; lane < 4; lane++)
        lanes[lane] = round(lanes[lane]!, view.getBigUint64(at + 8 * lane, true));
    }
    sum = lanes.reduce((all, lane, i) => all + turned(lane, [1n, 7n, 12n, 18n][i]!), 0n) & mask;
    for (const lane of lanes) sum = ((sum ^ round(0n, lane)) * first + fourth) & mask;
  }
  sum = (sum + BigInt(bytes.length)) & mask;
  for (; at + 8 <= bytes.length; at += 8)
    sum = (turned(sum ^ round(0n, view.getBigUint64(at, true)), 27n) * first + fourth) & mask;
  if (at + 4 <= bytes.length) {
    sum = (turned(sum ^ ((BigInt(view.getUint32(at, true)) * first) & mask), 23n) * second + third) & mask;
    at += 4;
  }
  for (; at < bytes.length; at++)
    sum = (turned(sum ^ ((BigInt(bytes[at]!) * fifth) & mask), 11n) * first) & mask;
  sum = ((sum ^ (sum >> 33n)) * second) & mask;
  sum = ((sum ^ (sum >> 29n)) * third) & mask;
  return Number((sum ^ (sum >> 32n)) & 0xffffffffn);
}
