/** A command as Redis reads it (RESP 2, an array of bulk strings), put together in one piece: word by word it would become a tree that is copied when it is written. */

const mostKnown = 1_024;

/** What stands before a word of so many bytes. */
const heads: readonly string[] = Array.from({ length: mostKnown }, (_, bytes) => headOf(bytes));

function headOf(bytes: number): string {
  return `\r\n$${bytes}\r\n`;
}

export interface Request {
  /** As many times as was said. */
  add(word: string): void;
  addAll(words: readonly string[]): void;
  text(): string;
}

/** @param count how many words there will be, the command's name among them */
export function createRequest(count: number): Request {
  const pieces = new Array<string>(2 * count + 2);
  let at = 0;
  pieces[at++] = `*${count}`;

  function add(word: string): void {
    const bytes = Buffer.byteLength(word);
    pieces[at++] = heads[bytes] ?? headOf(bytes);
    pieces[at++] = word;
  }

  return {
    add,
    addAll(words) {
      for (const word of words) add(word);
    },
    text() {
      pieces[at++] = '\r\n';
      return pieces.join('');
    },
  };
}
