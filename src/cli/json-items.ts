/** The items of one list in a JSON document of any size: read as it comes, one item in memory at a time, with the place behind each, from which reading can go on. */

/** More is no item of an export, but a file that is something else. */
const itemAtMost = 32 * 1024 * 1024;
const headAtMost = 4 * 1024 * 1024;

/** Where a document was left. */
export interface Head {
  /** All before the list, and an empty list in its place: JSON. */
  readonly text: string;
  /** The place behind the bracket that opens the list. */
  readonly end: number;
}

export interface Item {
  readonly text: string;
  /** The place behind it in the document, in bytes. */
  readonly end: number;
}

/** How the list ended: as it should, in the middle of it, or in something that is no list of objects. */
export type Ending = 'whole' | 'cut' | 'damaged';

const quote = 0x22;
const backslash = 0x5c;
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const comma = 0x2c;
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** The next quotation mark that no backslash stands before; the length of the bytes where there is none. */
function endOfString(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === backslash) at++;
    else if (bytes[at] === quote) return at;
  }
  return bytes.length;
}

/** What comes before the list of that name; undefined: there is none, or far too much before it. */
export async function readHead(chunks: AsyncIterable<Buffer>, name: string): Promise<Head | undefined> {
  let bytes: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    bytes = Buffer.concat([bytes, chunk]);
    const end = listIn(bytes, name);
    // A byte order mark is no JSON.
    if (end !== undefined) return { text: `${bytes.toString('utf8', 0, end).replace(/^\ufeff/, '')}]}`, end };
    if (bytes.length > headAtMost) return undefined;
  }
  return undefined;
}

function listIn(bytes: Buffer, name: string): number | undefined {
  let depth = 0;
  let last = '';
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) {
      const end = endOfString(bytes, at + 1);
      last = bytes.toString('utf8', at + 1, end);
      at = end;
    } else if (byte === openBracket && depth === 1 && last === name) return at + 1;
    else if (byte === openBrace || byte === openBracket) depth++;
    else if (byte === closeBrace || byte === closeBracket) depth--;
    else if (byte === comma) last = '';
  }
  return undefined;
}

/** Where an item is that has begun. */
interface Scan {
  depth: number;
  isInString: boolean;
  isEscaped: boolean;
}

/** The place behind the item's last byte, or that of the chunk's end. */
function scanItem(scan: Scan, chunk: Buffer, from: number): number {
  for (let at = from; at < chunk.length; at++) {
    const byte = chunk[at];
    if (scan.isInString) {
      if (scan.isEscaped) scan.isEscaped = false;
      else if (byte === backslash) scan.isEscaped = true;
      else if (byte === quote) scan.isInString = false;
    } else if (byte === quote) scan.isInString = true;
    else if (byte === openBrace || byte === openBracket) scan.depth++;
    else if (byte === closeBrace || byte === closeBracket) {
      scan.depth--;
      if (scan.depth === 0) return at + 1;
    }
  }
  return chunk.length;
}

/**
 * The objects of the list, until it ends.
 * @param chunks the document from `start` on, which is in the list, behind an item or its opening bracket
 */
export async function* readItems(chunks: AsyncIterable<Buffer>, start: number): AsyncGenerator<Item, Ending> {
  const scan: Scan = { depth: 0, isInString: false, isEscaped: false };
  let held: Buffer[] = [];
  let heldBytes = 0;
  let before = start;
  for await (const chunk of chunks) {
    let at = 0;
    while (at < chunk.length) {
      if (scan.depth === 0) {
        const byte = chunk[at] ?? 0;
        if (byte === closeBracket) return 'whole';
        if (byte !== openBrace && byte !== comma && !isSpace(byte)) return 'damaged';
        if (byte !== openBrace) {
          at++;
          continue;
        }
      }
      const end = scanItem(scan, chunk, at);
      held.push(chunk.subarray(at, end));
      heldBytes += end - at;
      if (heldBytes > itemAtMost) return 'damaged';
      at = end;
      if (scan.depth > 0) continue;
      yield { text: Buffer.concat(held).toString('utf8'), end: before + end };
      held = [];
      heldBytes = 0;
    }
    before += chunk.length;
  }
  return 'cut';
}
