/** The fake network's lists of people, as its sessions see them. */
import { expect, test } from 'vitest';
import fake from '../../../../bridges/fake/index.ts';
import { createNetwork } from '../../../../bridges/fake/network.ts';
import { createWorld } from '../../../../bridges/fake/world.ts';
import { type NetworkEvent, personId } from '../../../../src/bridge/index.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';

const [romeo, juliet, nurse] = [personId('romeo'), personId('juliet'), personId('nurse')];
const { signal } = new AbortController();

async function login(options: object = {}) {
  const clock = createManualClock();
  const world = createWorld(clock);
  const events: NetworkEvent[] = [];
  const network = createNetwork(fake.config.parse(options), world, { clock });
  const host = { emit: (event: NetworkEvent): undefined => void events.push(event), checkpoint: async () => {} };
  const session = await network.connect({ id: 'x', owner: 'x', nick: 'romeo' }, host, signal);
  return { world, network, session, events, list: session.contacts };
}
const listOf = async (list: Awaited<ReturnType<typeof login>>['list']) => {
  const all: string[] = [];
  for await (const person of list?.list() ?? []) all.push(person);
  return all;
};

test('a list has names and headings; what changes is told once', async () => {
  const { world, list, events } = await login();
  world.contacts.put(romeo, juliet, { name: 'Juliet', groups: ['Verona'] });
  world.contacts.put(romeo, juliet, { name: 'Jule' });
  expect(await listOf(list)).toEqual(['juliet']);
  expect(await list?.about(juliet)).toEqual({ name: 'Jule', groups: ['Verona'] });
  world.contacts.remove(romeo, juliet);
  world.contacts.remove(romeo, juliet);
  expect(events).toMatchObject([
    { kind: 'contact', person: juliet, is: 'listed' },
    { kind: 'person', person: juliet, change: { name: 'Jule' } },
    { kind: 'contact', person: juliet, is: 'unlisted' },
  ]);
});

test('whom one adds is on it, unless nobody is called so; whoever asks is answered once', async () => {
  const { world, list } = await login();
  await list?.add?.(juliet, signal);
  await list?.add?.(juliet, signal);
  await expect(list?.add?.(personId('nobody'), signal)).rejects.toMatchObject({ code: 'no-such-person' });
  expect(world.contacts.on(romeo)).toEqual(['juliet']);
  await list?.remove?.(juliet, signal);
  expect(world.contacts.on(romeo)).toEqual([]);
  world.contacts.ask(nurse, romeo);
  await list?.answer?.(nurse, true, signal);
  expect(world.contacts.seenBy(romeo)).toEqual(['nurse']);
  await expect(list?.answer?.(nurse, true, signal)).rejects.toMatchObject({ code: 'no-such-person' });
});

test('those who are watched are told of, beginning with how they are, and people are found by name', async () => {
  const { world, session, events, list } = await login();
  world.contacts.appear(juliet, { show: 'away', status: 'asleep' });
  session.watch?.([juliet, nurse]);
  world.listen(nurse, () => {});
  expect(events.flatMap((event) => (event.kind === 'presence' ? [`${event.person} ${event.show}`] : []))).toEqual([
    'juliet away',
    'nurse offline',
    'nurse online',
  ]);
  world.contacts.put(romeo, juliet, { name: 'Juliet Capulet' });
  expect(await list?.find?.('capu', 5, signal)).toEqual([{ person: juliet, name: 'Juliet Capulet' }]);
});

test('a network without lists has none', async () => {
  const { network, list } = await login({ contacts: false });
  expect([network.keepsContacts, network.findsPeople, list]).toEqual([false, false, undefined]);
});
