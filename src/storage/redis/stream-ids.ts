/** Ids of a stream's entries: two numbers, the time in milliseconds and one that counts. Pure. */

type Id = readonly [ms: number, seq: number];

function read(id: string): Id {
  const dash = id.indexOf('-');
  return [Number(id.slice(0, dash)), Number(id.slice(dash + 1))];
}

/** The smallest id behind this one. */
export function idAfter(id: string): string {
  const [ms, seq] = read(id);
  return `${ms}-${seq + 1}`;
}

/** Does it stand behind that one? */
export function isAfter(id: string, before: string): boolean {
  const [ms, seq] = read(id);
  const [beforeMs, beforeSeq] = read(before);
  return ms > beforeMs || (ms === beforeMs && seq > beforeSeq);
}
