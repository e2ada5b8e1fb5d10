/** What an owner of a MUC has to say in it before it is joined with a network's room (src/design/plumbing.md): a line that nobody can guess, for this plumbing alone. */
import { childText } from '../xml/query.ts';
import type { Line } from './muc-stanzas.ts';

const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const length = 16;

/** @param random as many octets as are asked for */
export const createToken = (random: (bytes: number) => Uint8Array): string =>
  `plumb-${Array.from(random(length), (octet) => alphabet[octet % alphabet.length]).join('')}`;

/** Is that line, said just now, the consent of whom the MUC calls an owner at this moment? What it tells of the past could be anybody's. */
export function isConsent(line: Line, token: string, isOwner: boolean): boolean {
  return isOwner && line.at === undefined && childText(line.el, 'body')?.trim() === token;
}

/** Is it one of these lines? It is between the MUC and us, also once it has been said, and for whichever plumbing. */
export const isToken = ({ el }: Line): boolean => /^plumb-[a-z2-9]{16}$/.test(childText(el, 'body')?.trim() ?? '');
