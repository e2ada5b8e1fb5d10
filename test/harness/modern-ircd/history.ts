/** draft/chathistory: what was said, and CHATHISTORY that asks for it. */
import type { Commands } from './command.ts';
import type { Tags } from './line.ts';
import {
  type Client,
  channelOf,
  type Entry,
  fold,
  fresh,
  isChannel,
  type Message,
  maskOf,
  type Server,
  stamp,
} from './state.ts';
import { batched, fail, inBatch, tell } from './telling.ts';

/** Where a conversation is kept: a channel, or two people whichever of them asks. */
export function placeOf(server: Server, target: string, other: string): string {
  return isChannel(target) ? fold(server, target) : [fold(server, target), fold(server, other)].sort().join(' ');
}

/** Keeps something that happened; for messages, with the id that they were told with. */
export function record(
  server: Server,
  target: string,
  by: Client,
  command: string,
  params: readonly string[],
  message: { readonly id?: string; readonly at?: number; readonly lines?: Entry['lines']; readonly tags?: Tags } = {},
): void {
  const place = placeOf(server, target, by.nick);
  const entries = server.history.get(place) ?? [];
  const { id = fresh(server, 'm'), at = server.settings.now(), lines, tags = new Map() } = message;
  const source = maskOf(by);
  const bot = by.modes.has('B');
  entries.push({
    id,
    at,
    source,
    account: by.account,
    bot,
    command,
    params,
    tags,
    ...(lines !== undefined && { lines }),
  });
  if (entries.length > 10_000) entries.shift();
  server.history.set(place, entries);
}

/** A message that was kept. */
export const entryOf = (server: Server, place: string, id: string): Entry | undefined =>
  server.history.get(place)?.find((entry) => entry.id === id);

const isMessage = ({ command }: Entry): boolean => command === 'PRIVMSG' || command === 'NOTICE';

/** An entry again, as the lines that this client may have. */
export function replay(server: Server, to: Client, entry: Entry, reference: string): readonly Message[] {
  const { source, at, command, params, lines = [] } = entry;
  const tags = new Map([
    ...(entry.account === undefined ? [] : [['account', entry.account] as const]),
    ...(entry.bot ? [['bot', ''] as const] : []),
    ['msgid', entry.id] as const,
    ...entry.tags,
  ]);
  const one = (text: readonly string[], more: Tags): Message => ({
    source,
    at,
    command,
    params: [...params, ...text],
    tags: more,
  });
  const undone = replayRedaction(to, entry).map((message) => inBatch(message, reference));
  if (!isMessage(entry)) return [inBatch(one([], tags), reference), ...undone];
  if (lines.length === 1 || !to.caps.has('draft/multiline')) {
    const shown = lines.filter(({ text }) => text !== '');
    return [...shown.map(({ text }, i) => inBatch(one([text], i === 0 ? tags : new Map()), reference)), ...undone];
  }
  const inner = fresh(server, 'b');
  const outer = ['batch', reference] as const;
  const part = (joins: boolean): Tags =>
    new Map([['batch', inner], ...(joins ? [['draft/multiline-concat', ''] as const] : [])]);
  return [
    {
      source,
      at,
      command: 'BATCH',
      params: [`+${inner}`, 'draft/multiline', ...params],
      tags: new Map([outer, ...tags]),
    },
    ...lines.map(({ text, joins }) => one([text], part(joins))),
    { source: server.settings.name, command: 'BATCH', params: [`-${inner}`], tags: new Map([outer]) },
    ...undone,
  ];
}

function replayRedaction(to: Client, { id, params, redaction }: Entry): readonly Message[] {
  if (redaction === undefined || !to.caps.has('draft/message-redaction')) return [];
  const { source, reason, at } = redaction;
  const [target = ''] = params;
  return [{ source, at, command: 'REDACT', params: [target, id, ...(reason === undefined ? [] : [reason])] }];
}

/** What this client may see of a conversation, oldest first. */
function visible(server: Server, client: Client, place: string): readonly Entry[] {
  const shown = (entry: Entry): boolean => {
    if (entry.redaction !== undefined && server.settings.redactedInHistory === 'exclude') return false;
    return isMessage(entry) || client.caps.has('draft/event-playback');
  };
  return (server.history.get(place) ?? []).filter(shown);
}

/** A place in a list of entries: before the entry of this index, and behind the one before it. */
interface Bound {
  /** The first entry that is at or behind it. */
  readonly from: number;
  /** The first entry that is behind it. */
  readonly behind: number;
}

type Selector = (entries: readonly Entry[]) => Bound | undefined;

/** `msgid=…` or `timestamp=…`; undefined where it is neither. */
function selector(server: Server, text: string): Selector | 'unsupported' | undefined {
  const id = /^msgid=(.+)$/.exec(text)?.[1];
  if (id !== undefined) {
    return (entries) => {
      const at = entries.findIndex((entry) => entry.id === id);
      return at < 0 ? undefined : { from: at, behind: at + 1 };
    };
  }
  const time = /^timestamp=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/.exec(text)?.[1];
  if (time === undefined) return undefined;
  if (server.settings.withoutTokens.includes('MSGREFTYPES')) return 'unsupported';
  const at = Date.parse(time);
  const count = (entries: readonly Entry[], earlier: (entry: Entry) => boolean): number => {
    const index = entries.findIndex((entry) => !earlier(entry));
    return index < 0 ? entries.length : index;
  };
  return (entries) => ({
    from: count(entries, (entry) => entry.at < at),
    behind: count(entries, (entry) => entry.at <= at),
  });
}

/** What a subcommand picks; undefined where the message that it names is not known. */
function pick(
  verb: string,
  entries: readonly Entry[],
  bounds: readonly Selector[],
  limit: number,
): readonly Entry[] | undefined {
  const found = bounds.map((bound) => bound(entries));
  if (found.some((bound) => bound === undefined)) return undefined;
  const [first = { from: 0, behind: 0 }, second] = found;
  const last = (list: readonly Entry[]): readonly Entry[] => list.slice(Math.max(0, list.length - limit));
  switch (verb) {
    case 'BEFORE':
      return last(entries.slice(0, first.from));
    case 'AFTER':
      return entries.slice(first.behind, first.behind + limit);
    case 'LATEST':
      return last(entries.slice(first.behind));
    case 'AROUND': {
      const start = Math.max(0, first.from - Math.floor(limit / 2));
      return entries.slice(start, start + limit);
    }
    default: {
      const other = second ?? first;
      return first.from <= other.from
        ? entries.slice(first.behind, other.from).slice(0, limit)
        : last(entries.slice(other.behind, first.from));
    }
  }
}

/** Conversations by the time of their last message. */
function targets(server: Server, client: Client, bounds: readonly string[], limit: number): void {
  const times = bounds.map((text) => Date.parse(/^timestamp=(.*)$/.exec(text)?.[1] ?? ''));
  const [one = Number.NaN, two = Number.NaN] = times;
  if (Number.isNaN(one) || Number.isNaN(two)) {
    fail(server, client, 'CHATHISTORY', 'INVALID_PARAMS', 'TARGETS', bounds.join(' '), 'Invalid timestamp');
    return;
  }
  const me = fold(server, client.nick);
  const own = [...server.history].flatMap(([place, entries]) => {
    const last = entries.filter(isMessage).at(-1);
    const name = isChannel(place) ? channelOf(server, place)?.name : otherOf(place, me);
    const member = isChannel(place) ? channelOf(server, place)?.members.has(client) === true : name !== undefined;
    if (last === undefined || name === undefined || !member) return [];
    return last.at > Math.min(one, two) && last.at < Math.max(one, two) ? [{ name, at: last.at }] : [];
  });
  own.sort((a, b) => a.at - b.at);
  const shown = one <= two ? own.slice(0, limit) : own.slice(Math.max(0, own.length - limit));
  const messages = shown.map(({ name, at }): Message => {
    return { source: server.settings.name, command: 'CHATHISTORY', params: ['TARGETS', name, stamp(at)] };
  });
  batched(server, client, 'draft/chathistory-targets', [], messages);
}

function otherOf(place: string, me: string): string | undefined {
  const [one = '', two = ''] = place.split(' ');
  return one === me ? two : two === me ? one : undefined;
}

function answer(
  server: Server,
  client: Client,
  verb: string,
  target: string,
  texts: readonly string[],
  limit: number,
): void {
  const refuse = (code: string, ...rest: readonly string[]): void =>
    fail(server, client, 'CHATHISTORY', code, verb, ...rest);
  const channel = channelOf(server, target);
  if (isChannel(target) && channel?.members.has(client) !== true) {
    refuse('INVALID_TARGET', target, 'Messages could not be retrieved');
    return;
  }
  const bounds: Selector[] = [];
  for (const text of texts) {
    if (text === '*' && verb === 'LATEST') continue;
    const bound = selector(server, text);
    if (bound === 'unsupported') {
      refuse('INVALID_MSGREFTYPE', target, 'Only msgid is supported');
      return;
    }
    if (bound === undefined) {
      refuse('INVALID_PARAMS', text, 'Invalid message reference');
      return;
    }
    bounds.push(bound);
  }
  const entries = visible(server, client, placeOf(server, target, client.nick));
  const found = pick(verb, entries, bounds, limit);
  if (found === undefined) {
    refuse('MESSAGE_ERROR', target, 'Messages could not be retrieved');
    return;
  }
  const name = channel?.name ?? target;
  const reference = fresh(server, 'b');
  const source = server.settings.name;
  const messages = found.flatMap((entry) => replay(server, client, entry, reference));
  if (client.caps.has('batch'))
    tell(server, client, { source, command: 'BATCH', params: [`+${reference}`, 'chathistory', name] });
  for (const message of messages) tell(server, client, message);
  if (client.caps.has('batch')) tell(server, client, { source, command: 'BATCH', params: [`-${reference}`] });
}

const bounds: Readonly<Record<string, number>> = { BEFORE: 1, AFTER: 1, LATEST: 1, AROUND: 1, BETWEEN: 2 };

export const historyCommands: Commands = {
  CHATHISTORY: {
    run(server, client, { params }) {
      if (!server.offered.has('draft/chathistory'))
        return tell(server, client, {
          source: server.settings.name,
          command: '421',
          params: [client.nick, 'CHATHISTORY', 'Unknown command'],
        });
      const verb = (params[0] ?? '').toUpperCase();
      const refuse = (text: string): void => fail(server, client, 'CHATHISTORY', 'INVALID_PARAMS', verb || '*', text);
      const most = server.settings.historyLimit;
      const limitOf = (text: string | undefined): number => Math.min(Number.parseInt(text ?? '', 10) || most, most);
      if (verb === 'TARGETS') {
        if (params.length !== 4) return refuse(params.length < 4 ? 'Insufficient parameters' : 'Too many parameters');
        return targets(server, client, params.slice(1, 3), limitOf(params[3]));
      }
      const count = bounds[verb];
      if (count === undefined) return refuse('Unknown command');
      if (params.length < count + 3) return refuse('Insufficient parameters');
      if (params.length > count + 3) return refuse('Too many parameters');
      answer(server, client, verb, params[1] ?? '', params.slice(2, 2 + count), limitOf(params[2 + count]));
    },
  },
};
