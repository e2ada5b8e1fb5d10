/** Ids that are made by the thousand: of what they have in common one text is kept. */

const base = 36;
const inBlock = base * base;
const tails = Array.from({ length: inBlock }, (_, n) => n.toString(base).padStart(2, '0'));

/** Ids of that prefix and seven digits at least that count them, so that they sort as they were made. */
export function countingIds(prefix: string): () => string {
  let block = 0;
  let head = '';
  let next = inBlock;
  return () => {
    if (next === inBlock) {
      head = prefix + (block++).toString(base).padStart(5, '0');
      next = 0;
    }
    return head + tails[next++];
  };
}
