/** The slots of a Redis Cluster: which one a key is in, and a hash tag for each. Pure. */

/** How many there are. */
export const slots = 16_384;

/** CRC-16 as XMODEM has it, which the Redis Cluster specification asks for. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (table[(crc >> 8) ^ byte] ?? 0);
  return crc;
}

const table: readonly number[] = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc & 0xffff;
});

/** The slot of a key: of what stands between its first brace and the next closing one, if anything does, else of all of it. */
export function slotOf(key: string): number {
  const open = key.indexOf('{');
  const close = open < 0 ? -1 : key.indexOf('}', open + 1);
  const hashed = close > open + 1 ? key.slice(open + 1, close) : key;
  return crcOf(Buffer.from(hashed)) % slots;
}

/** A hash tag for each slot: the first number, as digits and letters, that falls into it. The same for every version of Isthmus and for ever. */
export function slotTags(): readonly string[] {
  const found = new Array<string>(slots).fill('');
  for (let number = 0, left = slots; left > 0; number++) {
    const tag = number.toString(36);
    const slot = slotOf(tag);
    if (found[slot] !== '') continue;
    found[slot] = tag;
    left--;
  }
  return found;
}
