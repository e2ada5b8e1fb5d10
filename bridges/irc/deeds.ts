/** What a user does to messages on IRC: reactions by TAGMSG, retractions by REDACT, what was read by MARKREAD. Each is there where the server has it. */
import {
  type ChatId,
  GatewayError,
  type HoldsLate,
  lateParts,
  type MessageRef,
  type Session,
  withFunctions,
} from '#bridge';
import type { Core } from './core.ts';
import { createHistory } from './history.ts';
import { isChannelHere } from './line-facts.ts';
import { canReply, canTag, hasHistory, isNamed, replyTags, tagged } from './message-caps.ts';
import { isNick } from './names.ts';
import { away, redactRefusals, sendRefusals } from './refusals.ts';
import { oneLine, reasonBytes } from './requirements.ts';
import { compose } from './wire/compose.ts';

type Deeds = Pick<Session, 'retractions' | 'reactions' | 'replies' | 'typing' | 'receipts' | 'history'>;

const unnamed = new GatewayError('network-cannot', { text: 'The IRC server has given this message no name' });
const longestReaction = 64;

/** The target of a line; throws where nobody can be meant. */
function targetOf(core: Core, chat: ChatId): string {
  if (!core.ready) throw away(core.server.name);
  if (!isChannelHere(core, chat)) {
    if (isNick(chat)) return chat;
    throw new GatewayError('no-such-person', { text: 'Nobody on IRC can have that name.' });
  }
  const channel = core.channels.get(core.fold(chat));
  if (channel?.joined === true) return channel.name;
  throw new GatewayError('not-in-room', { text: `You are not in ${chat}.` });
}

const can = {
  redact: (core: Core): boolean => core.link?.has('draft/message-redaction') === true,
  react: (core: Core): boolean => canTag(core, 'draft/react') && canReply(core),
  type: (core: Core): boolean => canTag(core, 'typing'),
  mark: (core: Core): boolean => core.link?.has('draft/read-marker') === true,
} as const;

/** What can be taken back is one message of the server's. */
function createRetractions(core: Core): NonNullable<Session['retractions']> {
  return {
    async retract(target, reason, { chat, signal }) {
      const name = targetOf(core, chat);
      if (!isNamed(target)) throw unnamed;
      const why = oneLine(reason ?? '', reasonBytes);
      const line = why === '' ? compose('REDACT', name, target.id) : compose('REDACT', name, target.id, why);
      await core.asks.ask({ lines: [line], refusals: redactRefusals, about: [core.fold(name), target.id], signal });
    },
  };
}

/** A change is a line; the set is ours to compare. */
function createReactions(core: Core): NonNullable<Session['reactions']> {
  return {
    async react(target, emoji, { chat, signal }, before) {
      const name = targetOf(core, chat);
      if (!isNamed(target)) throw unnamed;
      const given = emoji.filter((one) => !before.includes(one)).map((one) => ['+draft/react', one] as const);
      const taken = before.filter((one) => !emoji.includes(one)).map((one) => ['+draft/unreact', one] as const);
      const changes = [...given, ...taken].filter(([, one]) => one.length <= longestReaction);
      if (changes.length === 0) return;
      const lines = changes.map((change) => tagged([...replyTags(core, target), change], compose('TAGMSG', name)));
      await core.asks.ask({ lines, refusals: sendRefusals, about: [core.fold(name)], signal });
    },
  };
}

/** The server keeps the newest place; what is older is not said again (CHECKLIST 333-02). */
function createMarkers(core: Core): NonNullable<Session['receipts']> {
  return {
    async read(chat: ChatId, _: MessageRef, at: number) {
      const name = targetOf(core, chat);
      const folded = core.fold(name);
      if (at <= (core.readUpTo.get(folded) ?? 0)) return;
      core.readUpTo.put(folded, at);
      core.send(compose('MARKREAD', name, `timestamp=${new Date(at).toISOString()}`), 2);
    },
  };
}

/** What is offered where the server has it, made with the first that asks for it. */
interface Made {
  readonly retracting: NonNullable<Session['retractions']>;
  readonly reacting: NonNullable<Session['reactions']>;
  readonly marking: NonNullable<Session['receipts']>;
  readonly past: NonNullable<Session['history']>;
  readonly telling: NonNullable<Session['typing']>;
}

/** A session, as far as it is asked for that. */
export interface DeedsHeld extends HoldsLate {
  readonly core: Core;
}

const made = lateParts<Made, DeedsHeld & Made>({
  retracting: ({ core }) => createRetractions(core),
  reacting: ({ core }) => createReactions(core),
  marking: ({ core }) => createMarkers(core),
  past: ({ core }) => createHistory(core),
  telling: ({ core }) => ({ typing: (chat, active, paused) => core.typing.tell(chat, active, paused) }),
});
// Most people's clients show no tags.
const replies = { canName: isNamed, inWordsToo: true };

const accessors: Deeds & ThisType<DeedsHeld & Made> = {
  get retractions() {
    return can.redact(this.core) ? this.retracting : undefined;
  },
  get reactions() {
    return can.react(this.core) ? this.reacting : undefined;
  },
  get replies() {
    return canReply(this.core) ? replies : undefined;
  },
  get typing() {
    return can.type(this.core) ? this.telling : undefined;
  },
  get history() {
    return hasHistory(this.core) ? this.past : undefined;
  },
  get receipts() {
    return can.mark(this.core) ? this.marking : undefined;
  },
};

/** Properties of a session that come and go with what the server offers on this connection: for all sessions. */
export const deeds: Deeds = withFunctions(made, accessors);
