/** USERHOST and its answer (302): where some people come from, and whether they are away. Our own server knows, so it is asked in a moment and of few. */
import type { Core } from './core.ts';
import { isMe, personOf } from './core.ts';
import { atOf } from './line-facts.ts';
import { learn } from './people.ts';
import { awayAsListed } from './status.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

/** RFC 2812 §4.8. */
const mostNamed = 5;

/** The questions about these, as few as can be. */
export function userhostLines(nicks: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < nicks.length; at += mostNamed)
    lines.push(compose('USERHOST', ...nicks.slice(at, at + mostNamed)));
  return lines;
}

/** Resolves when the server has told of those whom it knows. */
export const learnAddresses = (core: Core, nicks: readonly string[], signal: AbortSignal): Promise<void> =>
  core.asks.ask({ lines: userhostLines(nicks), refusals: new Map(), about: [], signal });

/** Nobody waits for what is told. Behind whatever else is to be sent. */
export function askUserhost(core: Core, nicks: readonly string[]): void {
  for (const line of userhostLines(nicks)) core.send(line, 3);
}

/** `nick*=+user@host nick=-user@host`: `*` an operator, `-` somebody who is away. What we are told of ourselves others don't see. */
export function onUserhost(core: Core, line: Line): void {
  for (const entry of (line.params.at(-1) ?? '').split(' ')) {
    const [, nick = '', sign = '', address = ''] = /^([^=*]+)\*?=([+-])(\S+@\S+)$/.exec(entry) ?? [];
    if (nick === '' || isMe(core, nick)) continue;
    const isAway = sign === '-';
    learn(core, nick, { address, ...awayAsListed(core, nick, isAway) }, line);
    core.watching.listed(personOf(core, nick), isAway, atOf(core, line));
  }
  core.answers.heard(line);
}
