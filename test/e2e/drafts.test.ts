/** A whole gateway in front of an IRC server that has the drafts about messages: each of them, from a Jabber client to the line and back. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { bodyOf, child } from '../harness/markup.ts';
import { freePort } from '../harness/ports.ts';
import { showOnFailure } from '../harness/process.ts';
import { type Guest, type ScriptedIrcd, scriptedIrcd } from '../harness/scripted-ircd.ts';
import { type JabberPerson, Stage } from '../harness/stage.ts';
import { gatewayDomain, type RealWorld, startWorld } from '../harness/world.ts';

const serverName = 'drafts.test';
const caps =
  'message-tags batch echo-message labeled-response server-time draft/message-redaction draft/multiline=max-bytes=4096,max-lines=10 draft/read-marker';
const sid = 'urn:xmpp:sid:0';
let world: RealWorld;
let drafts: ScriptedIrcd;

beforeAll(async () => {
  drafts = await scriptedIrcd(await freePort(), caps);
  const servers = { [serverName]: { address: [`127.0.0.1:${drafts.port}`], tls: 'off' } };
  world = await startWorld({ ircd: 'ngircd', servers });
});
beforeEach(({ onTestFailed }) => showOnFailure(onTestFailed, () => world.gateway.member('all').running));
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await drafts?.[Symbol.asyncDispose]();
});

interface Scene {
  readonly romeo: JabberPerson;
  readonly guest: Guest;
  readonly room: string;
  /** Waits for a line of ours. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** Tybalt, an operator of the channel, or the server. */
  tells(...lines: readonly string[]): void;
  send(inside: string, id?: string): void;
}

async function scene(stage: Stage): Promise<Scene> {
  const romeo = await stage.jabber('romeo');
  const room = `#d%${serverName}@${gatewayDomain}`;
  const entering = romeo.enters(room);
  const guest = await drafts.guest();
  await entering;
  return {
    romeo,
    guest,
    room,
    async line(pattern) {
      const found = pattern.exec(await guest.inbox.take((one) => pattern.test(one), String(pattern)));
      if (found === null) throw new Error('unreachable');
      return found;
    },
    tells: (...lines) => guest.raw(lines.map((one) => `${one}\r\n`).join('')),
    send: (inside, id = `s${world.next()}`) =>
      romeo.client.send(`<message type='groupchat' id='${id}' to='${room}'>${inside}</message>`),
  };
}

/** What tybalt says, and the room's name for it. */
async function said({ tells, romeo, room }: Scene, text: string, msgid: string): Promise<string> {
  tells(`@msgid=${msgid};time=2026-01-02T03:04:05.678Z :tybalt!u@h PRIVMSG #d :${text}`);
  const stanza = await romeo.hears({ nick: 'tybalt' }, text, room);
  return child(stanza, 'stanza-id', sid)?.attrs.id ?? '';
}

/** What romeo says, taken by the server as that msgid, and the room's name for it. */
async function says({ romeo, room, line, tells, guest }: Scene, text: string, msgid: string): Promise<string> {
  romeo.says(text, room);
  const label = (await line(new RegExp(`^@label=(\\S+) PRIVMSG #d :?${text}$`)))[1];
  tells(`@label=${label};msgid=${msgid} :${guest.nick}!u@h PRIVMSG #d :${text}`);
  return child(await romeo.hears(romeo, text, room), 'stanza-id', sid)?.attrs.id ?? '';
}

test('444-01 461-01 reactions and answers, both ways', async () => {
  await using stage = new Stage(world);
  const on = await scene(stage);
  const name = await said(on, 'hello', 'm1');
  on.send(`<reactions xmlns='urn:xmpp:reactions:0' id='${name}'><reaction>👍</reaction></reactions>`, 'r1');
  await on.line(/^@(?:label=[^;]+;)?\+draft\/reply=m1;\+reply=m1;\+draft\/react=👍 TAGMSG #d$/);
  const own = await on.romeo.client.receive(`<message type='groupchat' id='r1' from='${on.room}/${on.romeo.nick}'/>`);
  expect(child(own, 'reactions', 'urn:xmpp:reactions:0')?.attrs.id).toBe(name);
  on.tells('@+draft/reply=m1;+draft/react=🎉 :tybalt!u@h TAGMSG #d');
  await on.romeo.client.receive(
    `<message type='groupchat' from='${on.room}/tybalt'><reactions xmlns='urn:xmpp:reactions:0' id='${name}'><reaction>🎉</reaction></reactions></message>`,
  );
  on.send(`<body>here</body><reply xmlns='urn:xmpp:reply:0' to='${on.room}/tybalt' id='${name}'/>`);
  await on.line(/^@label=\S+;\+draft\/reply=m1;\+reply=m1 PRIVMSG #d :tybalt: here$/);
  on.tells('@msgid=m2;+draft/reply=m1 :tybalt!u@h PRIVMSG #d :again');
  const reply = await on.romeo.hears({ nick: 'tybalt' }, '> tybalt: hello\nagain', on.room);
  expect(child(reply, 'reply', 'urn:xmpp:reply:0')?.attrs).toMatchObject({ id: name, to: `${on.room}/tybalt` });
});

test('424-02 425-01 what is taken back, by its author and by an operator', async () => {
  await using stage = new Stage(world);
  const on = await scene(stage);
  const own = await says(on, 'oops', 'm3');
  on.send(`<retract xmlns='urn:xmpp:message-retract:1' id='${own}'/>`, 'back');
  await on.line(/^(?:@label=\S+ )?REDACT #d m3$/);
  await on.romeo.client.receive(
    `<message type='groupchat' id='back' from='${on.room}/${on.romeo.nick}'><retract xmlns='urn:xmpp:message-retract:1' id='${own}'/></message>`,
  );
  const rude = await says(on, 'rude', 'm4');
  on.tells(':tybalt!u@h REDACT #d m4 :manners');
  await on.romeo.client.receive(
    `<message type='groupchat' from='${on.room}'><retract xmlns='urn:xmpp:message-retract:1' id='${rude}'><moderated xmlns='urn:xmpp:message-moderate:1' by='${on.room}/tybalt'/><reason>manners</reason></retract></message>`,
  );
});

test('333-02 who is writing, both ways, and what was read', async () => {
  await using stage = new Stage(world);
  const on = await scene(stage);
  const composing = `<composing xmlns='http://jabber.org/protocol/chatstates'/>`;
  const name = await said(on, 'listen', 'm5');
  on.send(composing);
  await on.line(/^@\+typing=active TAGMSG #d$/);
  on.tells('@+typing=active :tybalt!u@h TAGMSG #d');
  await on.romeo.client.receive(`<message type='groupchat' from='${on.room}/tybalt'>${composing}</message>`);
  on.send(`<displayed xmlns='urn:xmpp:chat-markers:0' id='${name}'/>`);
  await on.line(/^MARKREAD #d timestamp=2026-01-02T03:04:05\.678Z$/);
});

test('45-42 several lines are one message, both ways', async () => {
  await using stage = new Stage(world);
  const on = await scene(stage);
  const id = on.romeo.says('one\ntwo', on.room);
  const [, label, ref] = await on.line(/^@label=(\S+) BATCH \+(\S+) draft\/multiline #d$/);
  await on.line(new RegExp(`^@batch=${ref} PRIVMSG #d one$`));
  await on.line(new RegExp(`^@batch=${ref} PRIVMSG #d two$`));
  await on.line(new RegExp(`^BATCH -${ref}$`));
  on.tells(
    `@label=${label};msgid=m6 :${on.guest.nick}!u@h BATCH +e draft/multiline #d`,
    `@batch=e :${on.guest.nick}!u@h PRIVMSG #d :one`,
    `@batch=e :${on.guest.nick}!u@h PRIVMSG #d :two`,
    'BATCH -e',
  );
  expect((await on.romeo.hears(on.romeo, 'one\ntwo', on.room)).attrs.id).toBe(id);
  on.tells(
    '@msgid=m7 :tybalt!u@h BATCH +t draft/multiline #d',
    '@batch=t :tybalt!u@h PRIVMSG #d :three',
    '@batch=t;draft/multiline-concat :tybalt!u@h PRIVMSG #d : four',
    ':tybalt!u@h BATCH -t',
  );
  expect(bodyOf(await on.romeo.hears({ nick: 'tybalt' }, 'three four', on.room))).toBe('three four');
});
