/** What several handlers read off a line: when it was said, by whom, and whether by a server. */
import { rememberingLast } from '#bridge';
import type { Core } from './core.ts';
import { readFormat } from './wire/format.ts';
import type { Line } from './wire/line.ts';

/** What many hear at once was said in one moment; nobody changes it. */
const moment = rememberingLast((at: number) => new Date(at));

/** By the server's clock where it tells (server-time), else now. */
export function atOf(core: Core, line: Line): Date {
  const text = line.tags?.get('time');
  if (text !== undefined) {
    const at = Date.parse(text);
    if (!Number.isNaN(at)) return moment(at);
  }
  return moment(core.clock.now());
}

/** Said by a server, or by nobody that could be answered. */
export const isFromServer = (line: Line): boolean => line.user === '' && (line.nick === '' || line.nick.includes('.'));

const beginningMs = 10_000;

/** Has the server let us in just now? What it says then it says to everybody. */
export const isBeginning = ({ clock, begunAt }: Core): boolean => Math.abs(clock.now() - begunAt) < beginningMs;

/** Does this name a channel here? */
export const isChannelHere = (core: Core, name: string): boolean =>
  name !== '' && core.support.chanTypes.includes(name.charAt(0));

/** A reason as an event has it, without formatting, for which there is no place in one: absent where none was given. */
export function reasonOf(text: string | undefined): { readonly reason?: string } {
  const reason = text === undefined ? '' : readFormat(text).plain;
  return reason === '' ? {} : { reason };
}
