/** USERHOST and its answer (302): where some people come from. Our own server knows, so it is asked in a moment and of few. */
import type { Core } from './core.ts';
import { isMe } from './core.ts';
import { learn } from './people.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

/** RFC 2812 §4.8. */
const mostNamed = 5;

/** Resolves when the server has told of those whom it knows. */
export async function learnAddresses(core: Core, nicks: readonly string[], signal: AbortSignal): Promise<void> {
  const lines: string[] = [];
  for (let at = 0; at < nicks.length; at += mostNamed)
    lines.push(compose('USERHOST', ...nicks.slice(at, at + mostNamed)));
  await core.asks.ask({ lines, refusals: new Map(), about: [], signal });
}

/** `nick*=+user@host nick=-user@host`: `*` an operator, `-` somebody who is away. What we are told of ourselves others don't see. */
export function onUserhost(core: Core, line: Line): void {
  for (const entry of (line.params.at(-1) ?? '').split(' ')) {
    const [, nick = '', address = ''] = /^([^=*]+)\*?=[+-](\S+@\S+)$/.exec(entry) ?? [];
    if (nick !== '' && !isMe(core, nick)) learn(core, nick, { address }, line);
  }
  core.answers.heard(line);
}
