/**
 * Channels that send us on to others (470): our user is asked into the other one, in which the server puts us by itself. What is not accepted before long
 * is left again, so that nobody is somewhere unseen.
 */
import { chatId, GatewayError, sparseSet } from '#bridge';
import type { Channel } from './channel.ts';
import type { Core } from './core.ts';
import { isChannelHere } from './line-facts.ts';
import { isChannelName } from './names.ts';
import { dropChannel } from './people.ts';
import { refusal } from './refusals.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

export interface Forwards {
  /** The error for whoever wanted the first channel, its owner having been asked into the other; undefined: the line names no other. */
  heard(line: Line): GatewayError | undefined;
  /** The same of a channel that the server has put us into instead of one. */
  instead(from: string, to: string): GatewayError;
  /** We are in a channel that nobody asked for; true: it is one of these. */
  entered(channel: Channel): boolean;
  /** The connection is gone. */
  lost(): void;
}

const acceptedWithinMs = 300_000;
const maxKept = 64;

/** For one login. */
export function createForwards(core: () => Core): Forwards {
  const expected = sparseSet<string>();
  const leaving = sparseSet<() => void>();

  function leaveUnlessAsked(channel: Channel): void {
    const { channels, send } = core();
    if (channels.get(channel.folded) !== channel || channel.asked || !channel.joined) return;
    try {
      send(compose('PART', channel.name), 1);
    } catch {
      // Too much waits to be sent.
      leaveLater(channel);
      return;
    }
    dropChannel(core(), channel);
  }

  function leaveLater(channel: Channel): void {
    const cancel = core().clock.after(acceptedWithinMs, () => {
      leaving.delete(cancel);
      leaveUnlessAsked(channel);
    });
    leaving.add(cancel);
  }

  function sentOn(from: string, to: string, text: string): GatewayError {
    const { channels, clock, emit, fold, server } = core();
    const folded = fold(to);
    const chat = channels.get(folded)?.chat ?? chatId(folded);
    if (expected.size < maxKept) expected.add(folded);
    const reason = `${from} sends you on to it`;
    emit({ kind: 'invited', at: new Date(clock.now()), chat, by: server.name, reason });
    return new GatewayError('forwarded', { text, elsewhere: chat });
  }

  return {
    heard(line) {
      const [, from = '', to = ''] = line.params;
      if (line.params.length < 4 || !isChannelName(to) || !isChannelHere(core(), to)) return undefined;
      return sentOn(from, to, refusal('forwarded', line).message);
    },
    instead: (from, to) => sentOn(from, to, `The whole name of ${from} is ${to}.`),
    entered(channel) {
      if (!expected.delete(channel.folded)) return false;
      leaveLater(channel);
      return true;
    },
    lost() {
      expected.clear();
      for (const cancel of leaving) cancel();
      leaving.clear();
    },
  };
}
