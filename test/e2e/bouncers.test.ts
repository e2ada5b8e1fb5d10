/** Real bouncers between the gateway and an IRC server: what was said while we were away is told once, in order and with its time, and kept once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Element } from '../../src/xml/element.ts';
import type { Bouncer, BouncerAccount } from '../harness/bouncer.ts';
import { IrcClient } from '../harness/irc-client.ts';
import { bodyOf, child } from '../harness/markup.ts';
import { freePort } from '../harness/ports.ts';
import { pause } from '../harness/process.ts';
import { fills } from '../harness/requests.ts';
import { useWorld } from '../harness/scenario.ts';
import { hasSoju, startSoju } from '../harness/soju.ts';
import { type IrcPerson, type JabberPerson, Stage } from '../harness/stage.ts';
import { gatewayDomain } from '../harness/world.ts';
import { startZnc } from '../harness/znc.ts';
import { past } from './scenarios/archive.ts';

const password = 'sesame';
const account = (name: string, channel: string): BouncerAccount => ({ name, password, channels: [channel] });
const [romeo, paris, laurence] = [account('romeo', '#gap'), account('paris', '#older'), account('laurence', '#while')];
const rosaline = account('rosaline', '#alone');
const [mercutio, benvolio] = [account('mercutio', '#gap'), account('benvolio', '#znc')];

const ports = { soju: 0, znc: 0 };
const bouncers: Bouncer[] = [];
beforeAll(async () => {
  ports.soju = await freePort();
  ports.znc = await freePort();
});
const world = useWorld({
  ircd: 'ngircd',
  servers: () => ({
    'soju.test': { address: [`127.0.0.1:${ports.soju}`], tls: 'off' },
    'znc.test': { address: [`127.0.0.1:${ports.znc}`], tls: 'off' },
  }),
});
beforeAll(async () => {
  const { port } = world().ircd;
  bouncers.push(
    ...(hasSoju() ? [await startSoju(ports.soju, port, [romeo, paris, laurence, rosaline])] : []),
    await startZnc(ports.znc, port, [mercutio, benvolio]),
  );
});
afterAll(async () => {
  for (const bouncer of bouncers) await bouncer[Symbol.asyncDispose]();
});

const settings = {
  'soju.test': (name: string) => ({ sasl_username: `${name}/ng`, sasl_password: password }),
  'znc.test': (name: string) => ({ pass: `${name}/ng:${password}` }),
};

/** Somebody on Jabber who has such an account, and the room of its channel there. */
async function comes(stage: Stage, { name, channels }: BouncerAccount, server: keyof typeof settings) {
  const person = await stage.jabber(name);
  person.nick = name;
  const done = await fills(person, `${server}@${gatewayDomain}`, 'configure', settings[server](name));
  expect(done?.attrs.status).toBe('completed');
  return { person, room: `${channels[0]}%${server}@${gatewayDomain}` };
}

/** Juliet on IRC itself, in the channel with the bouncer. */
async function julietWith(stage: Stage, { name, channels: [channel = ''] }: BouncerAccount): Promise<IrcPerson> {
  const juliet = await stage.irc('juliet');
  await juliet.enters(channel);
  const names = juliet.client.seen(/ 353 /).join(' ');
  if (!new RegExp(`[: @]${name}( |$)`).test(names)) await juliet.sees(name, 'JOIN');
  return juliet;
}

/** The same account's own client beside the gateway: what it has heard the bouncer has. */
async function listens({ name }: BouncerAccount, port: number): Promise<IrcClient> {
  const client = new IrcClient({ port, nick: name });
  client.send(`PASS ${port === ports.znc ? `${name}/ng:` : ''}${password}`);
  client.send(`NICK ${name}`);
  client.send(`USER ${name}/ng 0 * :${name}`);
  await client.expect(/^(@\S+ )?\S+ (376|422) /);
  return client;
}

const isLate = (one: Element): boolean => child(one, 'delay', 'urn:xmpp:delay') !== undefined;
const bodies = (some: readonly Element[]): readonly string[] => some.flatMap((one) => bodyOf(one) ?? []);
const rsm = (inside: string): string => `<set xmlns='http://jabber.org/protocol/rsm'>${inside}</set>`;

/** What the room has said to that person since. */
const heard = (person: JabberPerson, room: string, since = 0): readonly Element[] =>
  person.client
    .seen(`<message type='groupchat'><body/></message>`, since)
    .filter(({ attrs }) => attrs.from?.startsWith(`${room}/`));

/** The whole archive, page by page from its end. */
async function paged(person: JabberPerson, room: string): Promise<readonly (string | undefined)[]> {
  let all: readonly (string | undefined)[] = [];
  let before = '<before/>';
  for (;;) {
    const page = await past(person, room, rsm(`${before}<max>100</max>`));
    all = [...page.bodies, ...all];
    if (page.fin?.attrs.complete === 'true' || page.ids.length === 0) return all;
    before = `<before>${page.ids[0]}</before>`;
  }
}

test.skipIf(!hasSoju()).concurrent('313-09 soju: what it has kept backs the archive, page by page', async () => {
  await using stage = new Stage(world());
  const juliet = await julietWith(stage, paris);
  const listener = await listens(paris, ports.soju);
  const lines = Array.from({ length: 250 }, (_, n) => `older ${n}`);
  for (const line of lines) juliet.says(line, '#older');
  await listener.hears(juliet.nick, '#older', 'older 249');
  const { person, room } = await comes(stage, paris, 'soju.test');
  await person.enters(room);
  expect(await paged(person, room)).toEqual(lines);
  listener.cut();
});

test.concurrent('ZNC: what it plays back when we come is told with its time, and no invitation is made of its channels', async () => {
  await using stage = new Stage(world());
  const juliet = await julietWith(stage, benvolio);
  const listener = await listens(benvolio, ports.znc);
  for (const line of ['one', 'two']) juliet.says(line, '#znc');
  await listener.hears(juliet.nick, '#znc', 'two');
  const { person, room } = await comes(stage, benvolio, 'znc.test');
  await person.enters(room);
  juliet.says('now', '#znc');
  await person.hears(juliet, 'now', room);
  const told = heard(person, room);
  expect(bodies(told)).toEqual(['one', 'two', 'now']);
  expect(told.map(isLate)).toEqual([true, true, false]);
  expect((await past(person, room)).bodies).toEqual(['one', 'two', 'now']);
  expect(person.client.seen(`<message><x xmlns='http://jabber.org/protocol/muc#user'><invite/></x></message>`)).toEqual(
    [],
  );
  listener.cut();
});

test.skipIf(!hasSoju())(
  '313-09 45-36 what was said while the gateway was away is told once and in order, and kept once',
  async () => {
    await using stage = new Stage(world());
    const juliet = await julietWith(stage, romeo);
    const ways = [
      { account: romeo, server: 'soju.test', port: ports.soju },
      { account: mercutio, server: 'znc.test', port: ports.znc },
    ] as const;
    const everybody = await Promise.all(
      ways.map(async ({ account, server, port }) => {
        const { person, room } = await comes(stage, account, server);
        await person.enters(room);
        return { person, room, listener: await listens(account, port) };
      }),
    );
    const each = (act: (one: (typeof everybody)[number]) => Promise<unknown>) => Promise.all(everybody.map(act));
    const mine = (nick: string): string => `I am ${nick}`;
    juliet.says('before', '#gap');
    await each(async ({ person, room }) => {
      await person.hears(juliet, 'before', room);
      person.says(mine(person.nick), room);
      await person.hears(person, mine(person.nick), room);
    });
    const [first, second] = everybody;
    await first?.person.hears({ nick: mercutio.name }, mine(mercutio.name), first.room);
    await second?.person.hears({ nick: romeo.name }, mine(romeo.name), second.room);

    await world().gateway.member('all').stop();
    for (const line of ['one', 'two', 'two']) juliet.says(line, '#gap');
    juliet.says('three', '#gap');
    await each(({ listener }) => listener.hears(juliet.nick, '#gap', 'three'));
    const marks = everybody.map(({ person }) => person.client.inbox.all.length);
    await world().gateway.start();
    const missed = ['one', 'two', 'two', 'three'];
    await each(({ person, room }) => person.hearsAtLast(juliet, 'three', room));
    juliet.says('now', '#gap');
    await each(({ person, room }) => person.hearsAtLast(juliet, 'now', room));
    for (const [n, { person, room, listener }] of everybody.entries()) {
      const told = heard(person, room, marks[n]);
      expect(bodies(told)).toEqual([...missed, 'now']);
      // The gap may be asked for once more behind 'now'.
      expect(told.map(isLate).slice(0, -1)).toEqual(missed.map(() => true));
      const kept = (await past(person, room)).bodies;
      expect(kept.filter((text) => text?.startsWith('I am') !== true)).toEqual(['before', ...missed, 'now']);
      expect(kept.filter((text) => text?.startsWith('I am') === true).sort()).toEqual([
        mine('mercutio'),
        mine('romeo'),
      ]);
      listener.cut();
    }
  },
);

test.skipIf(!hasSoju())(
  '45-36 MSG-09 what is said while the gap is being told is told once and in its order, though nothing has a name',
  async () => {
    await using stage = new Stage(world());
    const juliet = await julietWith(stage, laurence);
    const { person, room } = await comes(stage, laurence, 'soju.test');
    await person.enters(room);
    const listener = await listens(laurence, ports.soju);
    juliet.says('before', '#while');
    await person.hears(juliet, 'before', room);
    await world().gateway.member('all').stop();
    const missed = Array.from({ length: 250 }, (_, n) => `missed ${n >> 1}`);
    for (const line of missed) juliet.says(line, '#while');
    await listener.hears(juliet.nick, '#while', 'missed 124');
    const mark = person.client.inbox.all.length;
    const started = world().gateway.start();
    const meanwhile: string[] = [];
    while (!bodies(heard(person, room, mark)).includes('missed 124') && meanwhile.length < 5_000) {
      meanwhile.push(`meanwhile ${meanwhile.length >> 1}`);
      juliet.says(meanwhile.at(-1) ?? '', '#while');
      await pause(5);
    }
    await started;
    juliet.says('now', '#while');
    await person.hearsAtLast(juliet, 'now', room);
    expect(bodies(heard(person, room, mark))).toEqual([...missed, ...meanwhile, 'now']);
    listener.cut();
  },
);

test.skipIf(!hasSoju())(
  'MSG-01 what was said to us alone while the gateway was away is told, and what began then too',
  async () => {
    await using stage = new Stage(world());
    const juliet = await julietWith(stage, rosaline);
    const nurse = await stage.irc('nurse');
    const { person, room } = await comes(stage, rosaline, 'soju.test');
    await person.enters(room);
    const listener = await listens(rosaline, ports.soju);
    const told = (since = 0) =>
      person.client
        .seen(`<message type='chat'><body/></message>`, since)
        .map((one) => [one.attrs.from?.split('%', 1)[0], bodyOf(one), isLate(one)]);
    const hears = (text: string) => person.client.receive(`<message type='chat'><body>${text}</body></message>`);
    juliet.says('before', person.nick);
    await hears('before');
    await world().gateway.member('all').stop();
    juliet.says('one', person.nick);
    juliet.says('two', person.nick);
    await listener.hears(juliet.nick, person.nick, 'two');
    nurse.says('a word', person.nick);
    await listener.hears(nurse.nick, person.nick, 'a word');
    const mark = person.client.inbox.all.length;
    await world().gateway.start();
    await hears('two');
    await hears('a word');
    juliet.says('now', person.nick);
    await hears('now');
    expect(told(mark).sort()).toEqual(
      [
        [juliet.nick, 'one', true],
        [juliet.nick, 'two', true],
        [nurse.nick, 'a word', true],
        [juliet.nick, 'now', false],
      ].sort(),
    );
    listener.cut();
  },
);
