/**
 * Transcripts: what happens, one command a line, and under it, indented, what the face sends. In them `R` is the room, `phone` and `desk` are clients of its
 * owner; ids that the face makes are counted. Sentences with blanks stand in double quotes, options are `name=value`.
 */

import { plainText } from '../../../src/core/content.ts';
import { type ErrorCode, GatewayError } from '../../../src/core/errors.ts';
import type { Power, Room } from '../../../src/core/event.ts';
import { accountId, chatId, deliveryKey, personId } from '../../../src/core/ids.ts';
import type { DurableIntent, Origin } from '../../../src/core/intent.ts';
import type { Entering } from '../../../src/gateway/face.ts';
import type { ArchiveRow } from '../../../src/storage/ports.ts';
import type { Element } from '../../../src/xml/element.ts';
import type { Outgoing } from '../../../src/xmpp/outgoing.ts';
import {
  comesIn,
  createWorld,
  joinIntent,
  member,
  noon,
  owner,
  received,
  room,
  text,
  verona,
  type World,
} from '../../unit/gateway/rooms/world.ts';

type Options = Readonly<Record<string, string>>;
interface Line {
  readonly verb: string;
  readonly words: readonly string[];
  readonly options: Options;
  readonly rest: string;
}

const clientJid = (name: string): string => (name.includes('@') ? name : `${owner}/${name}`);
const expand = (markup: string): string =>
  markup.replace(/(['"])R\b/g, `$1${room}`).replace(/(['"])(phone|desk)(['"])/g, `$1${owner}/$2$3`);
const shorten = (jid: string): string => jid.replaceAll(room, 'R').replace(`${owner}/`, '');

function read(line: string): Line {
  const [verb = '', ...tail] = line.split(' ');
  const rest = tail.join(' ');
  const words: string[] = [];
  const options: Record<string, string> = {};
  for (const [, name, quoted, bare] of rest.matchAll(/(?:([a-zA-Z]+)=)?(?:"([^"]*)"|([^\s"]+))/g)) {
    const value = quoted ?? bare ?? '';
    if (name === undefined) words.push(value);
    else options[name] = value;
  }
  return { verb, words, options, rest };
}

/** `-60s` before noon. */
const time = (option: string | undefined): number => noon + Number.parseInt(option ?? '0', 10) * 1000;

interface Play {
  world: World;
  readonly entering: Map<string, Entering>;
  readonly past: ArchiveRow[];
  readonly sent: Map<string, { intent: DurableIntent; origin: Origin; result?: string }>;
}

const given = <T extends object>(name: string, value: T | string | undefined): object =>
  value === undefined ? {} : { [name]: value };

function history({ maxstanzas, maxchars, seconds, since }: Options) {
  const wish = {
    ...(maxstanzas !== undefined && { maxStanzas: Number(maxstanzas) }),
    ...(maxchars !== undefined && { maxChars: Number(maxchars) }),
    ...(seconds !== undefined && { seconds: Number(seconds) }),
    ...(since !== undefined && { since: time(since) }),
  };
  return Object.keys(wish).length === 0 ? undefined : wish;
}

function asked({ words, options }: Line): { intent: DurableIntent; origin: Origin } {
  const [client = '', what = '', value = ''] = words;
  const chat = options.chat === undefined ? verona : chatId(options.chat);
  const to = options.to === undefined ? room : options.to.replace(/^R/, room);
  const intents: Readonly<Record<string, DurableIntent>> = {
    send: {
      kind: 'send',
      chat,
      content: value.startsWith('/me ') ? { text: plainText(value.slice(4)), action: true } : text(value),
      ...given('privately', options.privately),
    },
    topic: { kind: 'topic', chat, text: value },
    nick: { kind: 'nick', chat, nick: value },
    kick: { kind: 'moderate', chat, targets: [{ nick: value, action: 'kick' }] },
    join: joinIntent(value),
    leave: { kind: 'leave', chat },
  };
  const intent = intents[what];
  if (intent === undefined) throw new Error(`no such intent: ${what}`);
  const via = what === 'kick' ? 'iq' : what === 'nick' || what === 'join' || what === 'leave' ? 'presence' : 'message';
  const type =
    options.type ??
    (what === 'send' && options.privately === undefined && options.chat === undefined ? 'groupchat' : undefined);
  const origin: Origin = {
    from: clientJid(client),
    to,
    via,
    at: noon,
    ...given('stanzaId', options.id),
    ...given('originId', options.origin),
    ...given('type', type),
    ...(options.receipt !== undefined && { receipt: true }),
  };
  return { intent, origin };
}

/** As it is when it is tried: what is said privately is said to the person. */
function tried(intent: DurableIntent): DurableIntent {
  if (intent.kind !== 'send' || intent.privately === undefined) return intent;
  return { ...intent, chat: chatId(intent.privately) };
}

function known(play: Play, key: string): { intent: DurableIntent; origin: Origin; result?: string } {
  const one = play.sent.get(key);
  if (one === undefined) throw new Error(`nothing was asked as ${key}`);
  return one;
}

type Verb = (play: Play, line: Line) => readonly Outgoing[] | string;

const verbs: Readonly<Record<string, Verb>> = {
  me: (play, { words }) => {
    play.world = createWorld(words[0]);
    return [];
  },
  begin(play, { words: [client = '', nick = ''], options }) {
    play.entering.set(client, play.world.begin(clientJid(client), nick, history(options), options.id));
    return [];
  },
  finish: (play, { words: [client = ''] }) => play.entering.get(client)?.finish(play.past) ?? [],
  past(play, { words: [nick = '', body = ''], options }) {
    const account = accountId('romeo-on-net');
    const row = {
      account,
      chat: verona,
      id: options.id ?? `old-${play.past.length + 1}`,
      at: time(options.at),
      nick,
      body: `<body>${body}</body>`,
    };
    play.past.push({ ...row, ...given('stanza', options.stanza) });
    return [];
  },
  list: ({ world }, { rest }) => world.list(...rest.split(' ')),
  in: ({ world }, { rest }) => world.changes(...rest.split(' ').map(comesIn)),
  out: ({ world }, { words: [nick = '', how = 'left'], options }) =>
    world.changes({
      is: 'out',
      person: member(nick).person,
      how: how as 'left',
      ...given('by', options.by),
      ...given('reason', options.reason),
    }),
  rename({ world }, { words: [nick = '', to = ''] }) {
    const { person } = member(nick);
    const as = personId(to.toLowerCase());
    const stanzas = world.changes({ is: 'renamed', person, nick: to, as });
    if (world.session.me === person) world.session.me = as;
    return stanzas;
  },
  power: ({ world }, { words: [nick = '', power = ''] }) =>
    world.changes({ is: 'power', person: member(nick).person, power: power as Power }),
  topic: ({ world }, { words: [topic = ''], options }) =>
    world.topic(
      {
        topic,
        ...given('topicBy', options.setter),
        ...(options.at !== undefined && { topicAt: new Date(time(options.at)) }),
      },
      options.by,
    ),
  settings({ world }, { options }) {
    const change = Object.fromEntries(
      Object.entries(options).map(([name, value]) => [name, name === 'name' ? value : value === 'yes']),
    );
    return world.topic(change as Partial<Room>);
  },
  says: ({ world }, { words: [nick = '', said = ''], options }) =>
    world.says(nick, said, {
      content: {
        ...(said !== '' && { text: plainText(said) }),
        ...(options.action !== undefined && { action: true }),
        ...(options.file !== undefined && { files: [{ url: options.file, name: 'file' }] }),
      },
      ...(options.history !== undefined && { history: true, at: new Date(time(options.history)) }),
      ...(options.direct !== undefined && { direct: true, chat: chatId(nick.toLowerCase()) }),
      ...(options.notice !== undefined && { notice: true }),
      ...(options.key !== undefined && { sentBy: deliveryKey(options.key) }),
    }),
  hear({ world }, { rest }) {
    const heard = world.hear(expand(rest));
    const { stanzas, question, ...others } = heard;
    const told = question === undefined ? others : { ...others, question: 'is asked' };
    const notes = Object.entries(told).map(([name, what]) => `${name}: ${shorten(JSON.stringify(what))}`);
    return [...stanzas.map(print), ...notes].join('\n');
  },
  ask(play, line) {
    const key = line.options.key ?? 'k';
    const what = asked(line);
    try {
      play.world.face.check(what.intent, what.origin);
    } catch (error) {
      if (error instanceof GatewayError) return `refused: ${error.code}`;
      throw error;
    }
    const intent = tried(what.intent);
    play.sent.set(key, { ...what, intent });
    if (intent.kind === 'send') play.world.face.sending(deliveryKey(key), intent, what.origin);
    return [];
  },
  done(play, { words: [key = 'k'], options }) {
    const one = known(play, key);
    const sent = options.text === undefined ? undefined : { at: noon, text: options.text };
    const { stanzas, result } = play.world.face.done(deliveryKey(key), one.intent, one.origin, sent);
    if (result !== undefined) one.result = result;
    return stanzas;
  },
  fail(play, { words: [key = 'k', code = 'bug', why] }) {
    const { intent, origin } = known(play, key);
    const error = new GatewayError(code as ErrorCode, why === undefined ? {} : { text: why });
    return play.world.face.failed(deliveryKey(key), intent, origin, error).stanzas;
  },
  again(play, { words: [key = 'k'] }) {
    const { intent, origin, result = '' } = known(play, key);
    return play.world.face.again(intent, origin, result);
  },
  removed: ({ world }, { words: [how = 'kicked'], options }) =>
    world.event({
      kind: 'removed',
      chat: verona,
      how: how as 'kicked',
      at: new Date(noon),
      ...given('by', options.by),
      ...given('reason', options.reason),
    }),
  state: ({ world }, { words: [state = 'ready', why] }) =>
    world.event({ kind: 'state', state: state as 'ready', at: new Date(noon), ...given('text', why) }),
  notice: ({ world }, { words: [said = ''] }) =>
    world.event({ kind: 'notice', text: plainText(said), at: new Date(noon) }),
  dismiss: ({ world }, { words: [why = 'technical', reason = '', client] }) =>
    world.face.dismiss(why as 'technical', reason, client === undefined ? undefined : clientJid(client)),
  restart(play, { words }) {
    const saved = play.world.face.snapshot(verona);
    if (saved === undefined) throw new Error('there is no room to restart with');
    const account = accountId('romeo-on-net');
    play.world = createWorld(play.world.session.me);
    play.world.face.restore({ ...saved, account, away: {} }, words.map(clientJid));
    return [];
  },
  forget: ({ world }) => {
    world.face.forget(verona);
    return [];
  },
};

/** Attributes by name, a namespace where it changes, text escaped: two stanzas that mean the same print the same. */
function canonical(element: Element, within: string): string {
  const attrs = Object.entries(element.attrs).sort(([a], [b]) => (a < b ? -1 : 1));
  const ns = element.ns === within ? '' : ` xmlns='${element.ns}'`;
  const head = `<${element.name}${ns}${attrs.map(([name, value]) => ` ${name}='${shorten(value)}'`).join('')}`;
  const inside = element.children.map((one) =>
    typeof one === 'string' ? shorten(JSON.stringify(one).slice(1, -1)) : canonical(one, element.ns),
  );
  return inside.length === 0 ? `${head}/>` : `${head}>${inside.join('')}</${element.name}>`;
}

/** All receivers in one `to`; `kept` where the stanza is kept until the server has answered for it. */
function print(one: Outgoing): string {
  const to = one.to.map(shorten).join(' ');
  return `${one.keep === true ? 'kept ' : ''}${canonical(received(one, to), '')}`;
}

/** Plays a transcript's commands and gives back the whole as it should stand in the file. */
export function play(source: string): string {
  const state: Play = { world: createWorld(), entering: new Map(), past: [], sent: new Map() };
  const lines: string[] = [];
  for (const line of source.split('\n')) {
    if (line.startsWith('  ')) continue;
    lines.push(line);
    if (line === '' || line.startsWith('#')) continue;
    const command = read(line);
    const verb = verbs[command.verb];
    if (verb === undefined) throw new Error(`no such command: ${line}`);
    const out = verb(state, command);
    const printed = typeof out === 'string' ? out.split('\n').filter((one) => one !== '') : out.map(print);
    for (const one of printed) lines.push(`  ${one}`);
  }
  return lines.join('\n');
}
