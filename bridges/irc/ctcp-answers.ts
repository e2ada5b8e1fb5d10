/**
 * Answers CTCP questions for our users: what their own client can say of itself (VERSION, TIME, PING) by asking it, where they like that, all else for ourselves.
 * A few a minute, as anybody may ask.
 */
import type { Asker } from '#bridge';
import type { Core } from './core.ts';
import { compose } from './wire/compose.ts';
import { type Ctcp, writeCtcp } from './wire/ctcp.ts';
import { readFormat } from './wire/format.ts';

const product = 'Isthmus, an XMPP gateway';
const commands = 'ACTION CLIENTINFO FINGER PING SOURCE TIME VERSION';
const maxEchoed = 64;

/** What the gateway says by itself. */
function answerTo(core: Core, { command, text }: Ctcp): string | undefined {
  switch (command) {
    case 'VERSION':
    case 'FINGER':
    case 'SOURCE':
      return product;
    case 'PING':
      return text.slice(0, maxEchoed);
    case 'TIME':
      return new Date(core.clock.now()).toUTCString();
    case 'CLIENTINFO':
      return commands;
    default:
      return undefined;
  }
}

const longestName = 100;

/** What somebody offers by DCC, which needs a connection of its own from client to client; undefined: nothing. */
export function offerIn({ command, text }: Ctcp): string | undefined {
  if (command !== 'DCC') return undefined;
  const [, verb = '', quoted, word = ''] = /^(SEND|CHAT) (?:"([^"]*)"|(\S+))/i.exec(text) ?? [];
  const name = readFormat(quoted ?? word)
    .plain.slice(0, longestName)
    .toWellFormed();
  const what = verb.toUpperCase() === 'SEND' ? `“${name}”` : 'a chat';
  return verb === '' ? undefined : `offers ${what} by DCC, which does not pass this gateway; a link would.`;
}

/** What the client says; undefined: it is not asked such things. A ping has its answer when the client has, so that it measures the whole way. */
function askClient(
  { ownClient, server }: Core,
  { command }: Ctcp,
  asker: Asker,
): Promise<string | undefined> | undefined {
  if (ownClient === undefined || server.ctcp !== 'client') return undefined;
  switch (command) {
    case 'VERSION':
      return ownClient.version(asker).then((told) => told && softwareText(told.name, told.version));
    case 'TIME':
      return ownClient.time(asker).then((told) => told && clockText(told.utc, told.aheadMinutes));
    case 'PING':
      return ownClient.ping(asker).then(() => undefined);
    default:
      return undefined;
  }
}

const softwareText = (name: string, version: string | undefined): string =>
  `${version === undefined ? name : `${name} ${version}`}, through ${product}`;

/** As clients write it: "Sat, 21 Nov 2026 15:42:07 +0200". */
export function clockText(utc: Date, aheadMinutes: number): string {
  const there = new Date(utc.getTime() + aheadMinutes * 60_000).toUTCString().replace(/ GMT$/, '');
  const size = Math.abs(aheadMinutes);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${there} ${aheadMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

/** Answers as NOTICE behind whatever waits to be sent; beyond three at once, and then one in ten seconds, not at all. What the client does not say in time, the gateway does. */
export function answerCtcp(core: Core, nick: string, ctcp: Ctcp, asker: Asker): void {
  const own = core.server.ctcp === 'off' ? undefined : answerTo(core, ctcp);
  if (own === undefined || !core.ctcpAllowance.take()) return;
  const say = (text: string): void => core.send(compose('NOTICE', nick, writeCtcp(ctcp.command, text)), 2);
  const asked = askClient(core, ctcp, asker);
  if (asked === undefined) {
    say(own);
    return;
  }
  const { link } = core;
  const answered = asked.then((text) => {
    if (core.link === link) say(text ?? own);
  });
  answered.catch((error: unknown) => core.log.debug({ error }, 'a question by CTCP could not be answered'));
}

/** Three at once, one more every ten seconds. */
export const answerAllowance = { burst: 3, everyMs: 10_000 };
