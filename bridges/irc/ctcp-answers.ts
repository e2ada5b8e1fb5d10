/** Answers CTCP questions for our users, so that nothing of their clients is told; a few a minute, as anybody may ask. */
import type { Core } from './core.ts';
import { compose } from './wire/compose.ts';
import { type Ctcp, writeCtcp } from './wire/ctcp.ts';

const product = 'Isthmus, an XMPP gateway';
const commands = 'ACTION CLIENTINFO FINGER PING SOURCE TIME VERSION';
const maxEchoed = 64;

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

/** Answers as NOTICE behind whatever waits to be sent; beyond three in ten seconds not at all. */
export function answerCtcp(core: Core, nick: string, ctcp: Ctcp): void {
  const answer = answerTo(core, ctcp);
  if (answer === undefined || !core.ctcpAllowance.take()) return;
  core.send(compose('NOTICE', nick, writeCtcp(ctcp.command, answer)), 2);
}

/** Three at once, one more every ten seconds. */
export const answerAllowance = { burst: 3, everyMs: 10_000 };
