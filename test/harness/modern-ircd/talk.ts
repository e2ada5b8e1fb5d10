/** What is said: PRIVMSG, NOTICE, TAGMSG and draft/multiline, who may, who hears it in which form, and REDACT that takes it back. */
import type { Command, Commands } from './command.ts';
import { entryOf, placeOf, record } from './history.ts';
import type { Line, Tags } from './line.ts';
import {
  type Channel,
  type Client,
  channelOf,
  fits,
  fold,
  fresh,
  halfop,
  isChannel,
  type Message,
  maskOf,
  personOf,
  rankOf,
  ranks,
  type Server,
  signs,
} from './state.ts';
import { batched, fail, numeric, put, say, tell } from './telling.ts';

/** A text, or several that are one message. */
export type Lines = readonly { readonly text: string; readonly joins: boolean }[];

interface Saying {
  readonly command: string;
  /** As its sender wrote it. */
  readonly target: string;
  readonly lines: Lines;
  readonly tags: Tags;
}

/** Client-only tags that are passed on. */
function passed(server: Server, tags: Tags): Tags {
  const denied = (server.settings.denyTags ?? '').split(',');
  const allowed = (tag: string): boolean => (denied[0] === '*' ? denied.includes(`-${tag}`) : !denied.includes(tag));
  return new Map([...tags].filter(([key]) => key.startsWith('+') && allowed(key.slice(1))));
}

/** Bans silence, unless one is excepted or has voice. */
export const isBanned = (server: Server, channel: Channel, client: Client): boolean =>
  [...channel.lists.b.values()].some(({ mask }) => fits(server, mask, client)) &&
  ![...channel.lists.e.values()].some(({ mask }) => fits(server, mask, client));

/** Why somebody can't speak there. */
function silenced(server: Server, channel: Channel, client: Client): string | undefined {
  const rank = rankOf(channel, client);
  if (rank < ranks.length) return undefined;
  if (channel.flags.has('n') && !channel.members.has(client)) return 'no external messages';
  if (channel.flags.has('m')) return 'the channel is moderated';
  return isBanned(server, channel, client) ? 'you are banned' : undefined;
}

/** Says it to one target. */
export function utter(server: Server, from: Client, saying: Saying): void {
  const { command, target } = saying;
  const sign = /^[~&@%+](?=#)/.exec(target)?.[0];
  const name = sign === undefined ? target : target.slice(1);
  if (isChannel(name)) {
    const channel = channelOf(server, name);
    if (channel === undefined) {
      if (command !== 'NOTICE') numeric(server, from, '403', name, 'No such channel');
      return;
    }
    const why = silenced(server, channel, from);
    if (why !== undefined) {
      if (command !== 'NOTICE') numeric(server, from, '404', channel.name, `Cannot send to channel (${why})`);
      return;
    }
    const lowest = sign === undefined ? ranks.length : ranks.findIndex((rank) => signs[rank] === sign);
    const others = [...channel.members.keys()].filter((one) => one !== from && rankOf(channel, one) <= lowest);
    deliver(server, from, saying, `${sign ?? ''}${channel.name}`, others, sign === undefined);
    return;
  }
  const person = personOf(server, target);
  if (person === undefined) {
    if (command !== 'NOTICE') numeric(server, from, '401', target, 'No such nick/channel');
    return;
  }
  deliver(server, from, saying, person.nick, [person], true);
  if (person.away !== undefined && command === 'PRIVMSG') numeric(server, from, '301', person.nick, person.away);
}

function deliver(
  server: Server,
  from: Client,
  saying: Saying,
  to: string,
  others: readonly Client[],
  keep: boolean,
): void {
  const { command, lines } = saying;
  const id = fresh(server, 'm');
  const at = server.settings.now();
  const tags = new Map([['msgid', id], ...passed(server, saying.tags)]);
  for (const one of others) send(server, one, { from, command, to, lines, tags, at }, put);
  if (from.caps.has('echo-message')) send(server, from, { from, command, to, lines, tags, at }, tell);
  if (keep)
    record(server, to, from, command, [to], {
      id,
      at,
      tags: passed(server, saying.tags),
      ...(lines.length > 0 && { lines }),
    });
}

interface Delivery {
  readonly from: Client;
  readonly command: string;
  readonly to: string;
  readonly lines: Lines;
  readonly tags: Tags;
  readonly at: number;
}

/** In the form that the client knows: a batch, or lines of their own without the blank ones. */
function send(server: Server, to: Client, delivery: Delivery, by: typeof tell): void {
  const { from, command, lines, tags, at } = delivery;
  const common = { source: maskOf(from), by: from, at };
  if (command === 'TAGMSG') {
    if (to.caps.has('message-tags')) by(server, to, { ...common, command, params: [delivery.to], tags });
    return;
  }
  const message = (text: string, more: Tags = new Map()): Message => ({
    ...common,
    command,
    params: [delivery.to, text],
    tags: more,
  });
  if (lines.length > 1 && to.caps.has('draft/multiline') && to.caps.has('batch')) {
    const parts = lines.map(({ text, joins }) => ({
      source: common.source,
      at,
      command,
      params: [delivery.to, text],
      tags: new Map(joins ? [['draft/multiline-concat', '']] : []),
    }));
    batched(server, to, 'draft/multiline', [delivery.to], parts, { ...common, tags }, by);
    return;
  }
  lines
    .filter(({ text }) => text !== '')
    .forEach(({ text }, i) => {
      by(server, to, message(text, i === 0 ? tags : new Map()));
    });
}

const speak = (command: string): Command => ({
  run(server, client, { params: [targets = '', text], tags }) {
    if (targets === '') return numeric(server, client, '411', `No recipient given (${command})`);
    if (command !== 'TAGMSG' && (text === undefined || text === ''))
      return numeric(server, client, '412', 'No text to send');
    const lines = text === undefined || command === 'TAGMSG' ? [] : [{ text, joins: false }];
    for (const target of targets.split(',').slice(0, 4)) utter(server, client, { command, target, lines, tags });
  },
});

/** Keeps a line that belongs to a batch which the client has open; false where it belongs to none. */
export function takeBatch(client: Client, line: Line): boolean {
  const { batch } = client;
  if (batch === undefined || line.tags.get('batch') !== batch.reference) return false;
  if (!batch.spoiled) batch.lines.push(line);
  return true;
}

function openBatch(server: Server, client: Client, reference: string, { params, tags }: Line): void {
  const [, type = '', target = ''] = params;
  if (!/^[A-Za-z0-9-]+$/.test(reference)) {
    fail(server, client, 'BATCH', 'INVALID_REFTAG', reference, 'No good reference');
    return;
  }
  if (type !== 'draft/multiline' || !client.caps.has('draft/multiline')) {
    client.batch = { reference, target: '', tags, lines: [], spoiled: true };
    fail(server, client, 'BATCH', 'UNKNOWN_TYPE', reference, type, 'That type is not known here');
    return;
  }
  client.batch = { reference, target, tags, lines: [], spoiled: false };
}

/** What is wrong with a batch, as a code and its context. */
function batchFault({ settings }: Server, target: string, lines: readonly Line[]): readonly string[] | undefined {
  const { maxBytes, maxLines } = settings.multiline;
  const other = lines.find(({ params: [to = ''] }) => to.toLowerCase() !== target.toLowerCase());
  if (other !== undefined)
    return ['MULTILINE_INVALID_TARGET', target, other.params[0] ?? '*', 'Invalid multiline target'];
  if (lines.length > maxLines) return ['MULTILINE_MAX_LINES', `${maxLines}`, 'Multiline batch max-lines exceeded'];
  const bytes = lines.reduce(
    (sum, { params, tags }, i) =>
      sum + Buffer.byteLength(params[1] ?? '') + (i > 0 && !tags.has('draft/multiline-concat') ? 1 : 0),
    0,
  );
  if (bytes > maxBytes) return ['MULTILINE_MAX_BYTES', `${maxBytes}`, 'Multiline batch max-bytes exceeded'];
  const blank = (line: Line): boolean => (line.params[1] ?? '') === '';
  const commands = new Set(lines.map(({ command }) => command));
  const strange = lines.some(({ tags }) =>
    [...tags.keys()].some((key) => !/^(batch|draft\/multiline-concat)$/.test(key)),
  );
  if (lines.some((line) => blank(line) && line.tags.has('draft/multiline-concat')))
    return ['MULTILINE_INVALID', 'Invalid multiline batch with concatenated blank line'];
  if (lines.every(blank)) return ['MULTILINE_INVALID', 'Invalid multiline batch with blank lines only'];
  if (commands.size !== 1 || strange || !/^(PRIVMSG|NOTICE)$/.test([...commands][0] ?? ''))
    return ['MULTILINE_INVALID', 'Invalid multiline batch'];
  return undefined;
}

/** The label of a batch is on its opening; what comes of it comes at its end, so that is whose label it answers. */
export const labelOfBatch = (client: Client, { command, params }: Line): string | undefined =>
  command === 'BATCH' && params[0] === `-${client.batch?.reference}` ? client.batch?.tags.get('label') : undefined;

const batch: Command = {
  atLeast: 1,
  run(server, client, line) {
    const [word = ''] = line.params;
    if (word.startsWith('+')) return openBatch(server, client, word.slice(1), line);
    const open = client.batch;
    if (open === undefined || word !== `-${open.reference}`)
      return fail(server, client, 'BATCH', 'INVALID_REFTAG', word.slice(1), 'There is no such batch');
    client.batch = undefined;
    if (open.spoiled) return;
    const fault = batchFault(server, open.target, open.lines);
    if (fault !== undefined) return fail(server, client, 'BATCH', fault[0] ?? '', ...fault.slice(1));
    const [first] = open.lines;
    utter(server, client, {
      command: first?.command ?? 'PRIVMSG',
      target: open.target,
      tags: open.tags,
      lines: open.lines.map(({ params, tags }) => ({
        text: params[1] ?? '',
        joins: tags.has('draft/multiline-concat'),
      })),
    });
  },
};

const redact: Command = {
  atLeast: 2,
  run(server, client, { params: [target = '', id = '', reason] }) {
    const channel = channelOf(server, target);
    const person = personOf(server, target);
    if (isChannel(target) ? channel?.members.has(client) !== true : person === undefined)
      return fail(server, client, 'REDACT', 'INVALID_TARGET', target, `You cannot delete messages from ${target}`);
    const entry = entryOf(server, placeOf(server, target, client.nick), id);
    const known =
      entry !== undefined && /^(PRIVMSG|NOTICE|TAGMSG)$/.test(entry.command) && entry.redaction === undefined;
    if (!known)
      return fail(server, client, 'REDACT', 'UNKNOWN_MSGID', target, id, 'This message does not exist or is too old');
    const own = fold(server, entry.source.split('!')[0] ?? '') === fold(server, client.nick);
    if (!own && (channel === undefined || rankOf(channel, client) > halfop))
      return fail(
        server,
        client,
        'REDACT',
        'REDACT_FORBIDDEN',
        target,
        id,
        'You are not authorised to delete this message',
      );
    entry.redaction = { source: maskOf(client), reason, at: server.settings.now() };
    const to = channel?.name ?? person?.nick ?? target;
    const audience = channel === undefined ? new Set([client, ...(person ? [person] : [])]) : channel.members.keys();
    const params = [to, id, ...(reason === undefined ? [] : [reason])];
    for (const one of audience) {
      if (!one.caps.has('draft/message-redaction')) continue;
      if (one !== client || client.caps.has('echo-message'))
        tell(server, one, { source: maskOf(client), by: client, command: 'REDACT', params });
    }
  },
};

/** draft/read-marker: per account, or per connection where there is none. */
const markRead: Command = {
  run(server, client, { params: [target, time] }) {
    if (target === undefined) return fail(server, client, 'MARKREAD', 'NEED_MORE_PARAMS', 'Missing parameters');
    const key = markOf(server, client, target);
    if (time === undefined) return tellMark(server, client, target);
    const wanted = /^timestamp=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/.exec(time)?.[1];
    if (wanted === undefined) return fail(server, client, 'MARKREAD', 'INVALID_PARAMS', time, 'Invalid parameters');
    if (wanted <= (server.marks.get(key) ?? '')) return tellMark(server, client, target);
    server.marks.set(key, wanted);
    for (const one of server.clients)
      if (one.registered && markOf(server, one, target) === key) tellMark(server, one, target);
  },
};

const markOf = (server: Server, client: Client, target: string): string =>
  `${client.account === undefined ? `nick ${fold(server, client.nick)}` : `account ${fold(server, client.account)}`} ${fold(server, target)}`;

/** What was read of a target, to a client that knows of read markers. */
export function tellMark(server: Server, client: Client, target: string): void {
  if (!client.caps.has('draft/read-marker')) return;
  const time = server.marks.get(markOf(server, client, target));
  say(server, client, 'MARKREAD', target, time === undefined ? '*' : `timestamp=${time}`);
}

export const talkCommands: Commands = {
  PRIVMSG: speak('PRIVMSG'),
  NOTICE: speak('NOTICE'),
  TAGMSG: { ...speak('TAGMSG'), idle: true },
  BATCH: batch,
  REDACT: redact,
  MARKREAD: { ...markRead, idle: true },
};
