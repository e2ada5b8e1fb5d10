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

  /** For as many bytes as it has characters. */
  function add(word: string): void {
    const { length } = word;
    pieces[at++] = heads[length] ?? headOf(length);
    pieces[at++] = word;
  }

  function measure(): void {
    for (let word = 2; word < at; word += 2) pieces[word - 1] = headOf(Buffer.byteLength(pieces[word] ?? ''));
  }

  return {
    add,
    addAll(words) {
      for (const word of words) add(word);
    },
    text() {
      pieces[at] = '\r\n';
      const text = pieces.join('');
      // Looked at once for all words, most of which are ASCII.
      if (Buffer.byteLength(text) === text.length) return text;
      measure();
      return pieces.join('');
    },
  };
}
