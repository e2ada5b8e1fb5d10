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
    expect(fake.config.parse({})).toEqual({ persistent: false, deeds: true, linger: 300 });
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
