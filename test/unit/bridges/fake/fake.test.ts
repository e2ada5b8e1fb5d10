/** The fake network: rooms, people, and sessions that end. */
import { beforeEach, describe, expect, test } from 'vitest';
import fake from '../../../../bridges/fake/index.ts';
import { createNetwork } from '../../../../bridges/fake/network.ts';
import { createWorld, type World } from '../../../../bridges/fake/world.ts';
import {
  type Attempt,
  type ChatId,
  chatId,
  deliveryKey,
  GatewayError,
  type NetworkEvent,
  personId,
  plainText,
  type Session,
} from '../../../../src/bridge/index.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';

const verona = chatId('#verona');
const clock = createManualClock();
const to = (chat: ChatId): Attempt => ({
  chat,
  key: deliveryKey('1-0'),
  number: 1,
  signal: new AbortController().signal,
});

interface Login {
  readonly session: Session;
  readonly events: NetworkEvent[];
  readonly stop: AbortController;
}

let world: World = createWorld(clock);
beforeEach(() => {
  world = createWorld(clock);
});

async function login(nick: string): Promise<Login> {
  const network = createNetwork(fake.config.parse({}), world, { clock });
  const events: NetworkEvent[] = [];
  const stop = new AbortController();
  const emit = (event: NetworkEvent): undefined => void events.push(event);
  const host = { emit, checkpoint: async () => {} };
  const session = await network.connect({ id: nick, owner: `${nick}@test`, nick }, host, stop.signal);
  return { session, events, stop };
}

const join = ({ session }: Login, chat = verona) =>
  session.rooms?.join(chat, { nick: '' }, new AbortController().signal);
const names = (): readonly string[] => world.members(verona).map(({ nick }) => nick);

describe('options', () => {
  test('have defaults, and unknown keys are errors', () => {
    expect(fake.config.parse({})).toEqual({
      logins: 'none',
      persistent: false,
      avatars: true,
      deeds: true,
      contacts: true,
      linger: 300,
      maxLines: 100,
      history: false,
      groups: false,
    });
    expect(() => fake.config.parse({ lingre: 1 })).toThrow();
  });

  test('say how long rooms are kept', () => {
    const options = fake.config.parse({ persistent: true, linger: 5 });
    expect(createNetwork(options, world, { clock }).stay(undefined)).toEqual({ persistent: true, lingerMs: 5_000 });
  });
});

describe('sessions', () => {
  test('a name can be had once at a time', async () => {
    const first = await login('romeo');
    await expect(login('romeo')).rejects.toMatchObject({ code: 'nick-taken' });
    await first.session.end('bye');
    await expect(login('romeo')).resolves.toBeDefined();
  });

  test('a name is free again after its owner had taken another', async () => {
    const first = await login('romeo');
    await join(first);
    await first.session.rooms?.nick?.(verona, 'montague', first.stop.signal);
    expect(first.session.me).toBe('montague');
    await login('romeo');
    await first.session.end('bye');
    await expect(login('montague')).resolves.toBeDefined();
    expect(names()).toEqual([]);
  });

  test('the end of an old session leaves a new one of the same name alone', async () => {
    const first = await login('romeo');
    await first.session.end('bye');
    const second = await login('romeo');
    await join(second);
    first.stop.abort();
    expect(names()).toEqual(['romeo']);
    world.say(personId('romeo'), verona, 'here');
    world.listen(personId('juliet'), () => {});
    world.join(personId('juliet'), verona);
    expect(second.events.at(-1)).toMatchObject({ kind: 'members' });
  });

  test('its signal ends it', async () => {
    const one = await login('romeo');
    await join(one);
    one.stop.abort();
    expect(names()).toEqual([]);
  });

  test('expelled: told so, and out of every room', async () => {
    const one = await login('romeo');
    await join(one);
    world.expel(personId('romeo'), 'enough');
    expect(one.events.at(-1)).toMatchObject({ kind: 'state', state: 'ended', text: 'enough' });
    expect(names()).toEqual([]);
  });
});

describe('rooms', () => {
  test('who joins twice is there once, and others hear of it once', async () => {
    const romeo = await login('romeo');
    const juliet = await login('juliet');
    await join(romeo);
    await join(juliet);
    await join(juliet);
    expect(names()).toEqual(['romeo', 'juliet']);
    const seen = romeo.events.filter((event) => event.kind === 'members' && event.complete !== true);
    expect(seen).toHaveLength(1);
  });

  test('a topic, a nick and a rank are told to everybody in the room', async () => {
    const romeo = await login('romeo');
    const juliet = await login('juliet');
    await join(romeo);
    await join(juliet);
    await juliet.session.rooms?.topic?.(verona, 'Two households', juliet.stop.signal);
    expect(romeo.events.at(-1)).toMatchObject({ kind: 'room', change: { topic: 'Two households' } });
    expect(world.topicOf(verona)).toBe('Two households');
    const act = { person: personId('romeo'), action: 'power', power: 'moderator' } as const;
    await juliet.session.rooms?.moderate?.(verona, [act], juliet.stop.signal);
    expect(romeo.events.at(-1)).toMatchObject({ changes: [{ is: 'power', power: 'moderator', by: 'juliet' }] });
  });

  test('kicked and banned are told to whom it happens, with who and why', async () => {
    const romeo = await login('romeo');
    const juliet = await login('juliet');
    for (const action of ['kick', 'ban'] as const) {
      await join(romeo);
      await join(juliet);
      const act = { person: personId('romeo'), action, reason: 'peace' };
      await juliet.session.rooms?.moderate?.(verona, [act], juliet.stop.signal);
      const how = action === 'kick' ? 'kicked' : 'banned';
      expect(romeo.events.at(-1)).toMatchObject({ kind: 'removed', how, by: 'juliet', reason: 'peace' });
    }
    expect(names()).toEqual(['juliet']);
  });
});

describe('talking', () => {
  test('everybody else in the room hears it', async () => {
    const romeo = await login('romeo');
    const juliet = await login('juliet');
    await join(romeo);
    await join(juliet);
    const sent = await romeo.session.send({ text: plainText('hello'), action: true }, to(verona));
    expect(juliet.events.at(-1)).toMatchObject({ ref: sent.refs[0], content: { action: true } });
    expect(romeo.events.some(({ kind }) => kind === 'message')).toBe(false);
  });

  test('a person hears what is said to them alone', async () => {
    const romeo = await login('romeo');
    const juliet = await login('juliet');
    await romeo.session.send({ text: plainText('psst') }, to(chatId('juliet')));
    expect(juliet.events).toMatchObject([{ kind: 'message', direct: true, chat: 'romeo', by: 'romeo' }]);
    const lost = romeo.session.send({ text: plainText('psst') }, to(chatId('nobody')));
    await expect(lost).rejects.toMatchObject({ code: 'no-such-person' });
  });

  test('refused as the script says, until it says otherwise', async () => {
    const romeo = await login('romeo');
    await join(romeo);
    world.refuse(verona, new GatewayError('not-allowed-there'));
    await expect(romeo.session.send({ text: plainText('x') }, to(verona))).rejects.toMatchObject({
      code: 'not-allowed-there',
    });
    await expect(join(romeo)).rejects.toMatchObject({ code: 'not-allowed-there' });
    world.refuse(verona, undefined);
    await expect(romeo.session.send({ text: plainText('x') }, to(verona))).resolves.toBeDefined();
  });
});

describe('what a room can be', () => {
  const { signal } = new AbortController();
  async function two() {
    const romeo = await login('romeo');
    const juliet = await login('juliet');
    await join(romeo);
    return { romeo, juliet };
  }
  const enters = (login: Login, password?: string) =>
    login.session.rooms?.join(verona, { nick: '', ...(password !== undefined && { password }) }, signal);

  test('everything that can be set is there, is told, and is in force', async () => {
    const { romeo, juliet } = await two();
    const options = await romeo.session.rooms?.options?.(verona, signal);
    expect(options).toMatchObject({ isModerated: false, isMembersOnly: false, password: '', maxMembers: 0 });
    await romeo.session.rooms?.setOptions?.(verona, { password: 'sesame', isModerated: true }, signal);
    expect(romeo.events.at(-1)).toMatchObject({ kind: 'room', change: { isModerated: true, hasPassword: true } });
    expect(JSON.stringify(romeo.events)).not.toContain('sesame');
    await expect(enters(juliet)).rejects.toMatchObject({ code: 'wrong-password' });
    await enters(juliet, 'sesame');
    await expect(juliet.session.send({ text: plainText('x') }, to(verona))).rejects.toMatchObject({
      code: 'not-allowed-there',
    });
    await juliet.session.rooms?.askVoice?.(verona, signal);
    expect(romeo.events.filter(({ kind }) => kind === 'remark')).toHaveLength(0);
    world.power(personId('juliet'), verona, 'voiced', 'romeo');
    await expect(juliet.session.send({ text: plainText('x') }, to(verona))).resolves.toBeDefined();
  });

  test.each([
    [{ isMembersOnly: true }, 'members-only'],
    [{ maxMembers: 1 }, 'room-full'],
  ])('%j keeps people out; an invitation lets them in', async (change, code) => {
    const { romeo, juliet } = await two();
    await romeo.session.rooms?.setOptions?.(verona, change, signal);
    await expect(enters(juliet)).rejects.toMatchObject({ code });
    await romeo.session.rooms?.invite?.(verona, personId('juliet'), 'come', signal);
    expect(juliet.events.at(-1)).toMatchObject({ kind: 'invited', chat: verona, by: 'romeo', reason: 'come' });
    await enters(juliet);
    expect(names()).toEqual(['romeo', 'juliet']);
    const nobody = romeo.session.rooms?.invite?.(verona, personId('nobody'), undefined, signal);
    await expect(nobody).rejects.toMatchObject({ code: 'no-such-person' });
  });

  test('who is banned stays out until they are not', async () => {
    const { romeo, juliet } = await two();
    const act = (action: 'ban' | 'unban') =>
      romeo.session.rooms?.moderate?.(verona, [{ person: personId('juliet'), action }], signal);
    await act('ban');
    expect(await romeo.session.rooms?.banned?.(verona, signal)).toMatchObject([{ mask: 'juliet', by: 'romeo' }]);
    await expect(enters(juliet)).rejects.toMatchObject({ code: 'banned' });
    await act('unban');
    await enters(juliet);
    expect(names()).toContain('juliet');
  });

  test('where there are moderators only they decide', async () => {
    const { romeo, juliet } = await two();
    await enters(juliet);
    world.power(personId('romeo'), verona, 'moderator', 'x');
    const kick = { person: personId('romeo'), action: 'kick' } as const;
    await expect(juliet.session.rooms?.moderate?.(verona, [kick], signal)).rejects.toMatchObject({
      code: 'not-allowed-there',
    });
    await romeo.session.rooms?.setOptions?.(verona, { topicByModeratorsOnly: true }, signal);
    await expect(juliet.session.rooms?.topic?.(verona, 'mine', signal)).rejects.toMatchObject({
      code: 'not-allowed-there',
    });
    await expect(juliet.session.rooms?.setOptions?.(verona, {}, signal)).rejects.toMatchObject({
      code: 'not-allowed-there',
    });
  });

  test('what becomes known of somebody is told where they are, and to who comes later', async () => {
    const { romeo, juliet } = await two();
    await juliet.session.status?.appear('away', 'asleep');
    await enters(juliet);
    expect(world.members(verona).at(-1)).toMatchObject({ nick: 'juliet', show: 'away', status: 'asleep' });
    await juliet.session.status?.appear('online');
    expect(romeo.events.at(-1)).toMatchObject({ changes: [{ is: 'facts', facts: { show: null, status: null } }] });
    expect(world.members(verona).at(-1)).not.toHaveProperty('show');
  });

  test('rooms are listed with their size, by name and by pages, but for hidden ones', async () => {
    const { romeo } = await two();
    await join(romeo, chatId('#mantua'));
    await join(romeo, chatId('#hidden'));
    await romeo.session.rooms?.setOptions?.(chatId('#hidden'), { isPublic: false }, signal);
    const list = (query: Parameters<NonNullable<NonNullable<Session['rooms']>['list']>>[0]) =>
      romeo.session.rooms?.list?.(query);
    expect(await list({ max: 10 })).toEqual([
      { chat: '#verona', name: '#verona', size: 1 },
      { chat: '#mantua', name: '#mantua', size: 1 },
    ]);
    expect(await list({ max: 10, after: '#verona' })).toHaveLength(1);
    expect(await list({ max: 1 })).toHaveLength(1);
    expect(await list({ max: 10, match: 'mant' })).toHaveLength(1);
  });

  test('a split takes many at once, in one event', async () => {
    const { romeo } = await two();
    const people = ['a', 'b'].map(personId);
    for (const person of people) world.join(person, verona);
    world.split(people, 'a.net b.net');
    expect(romeo.events.at(-1)).toMatchObject({
      kind: 'members',
      changes: [{ is: 'out', how: 'lost' }, { is: 'out' }],
    });
    expect(names()).toEqual(['romeo']);
  });
});
