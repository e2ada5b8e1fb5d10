/** What one person leaves open is bounded, and ends nobody else's. */
import { expect, test } from 'vitest';
import { admin, createCommandWorld, detailOf, domain, read, server, submit } from './world.ts';

test('050-06 a person has fifty sessions, by whichever clients; theirs give way, and nobody else’s', async () => {
  const world = createCommandWorld();
  const others = read(await world.run(server, "node='configure'", '', admin));
  const client = (number: number) => `romeo@example.org/${number}`;
  const ids: string[] = [];
  for (let i = 0; i < 51; i++) ids.push(read(await world.run(server, "node='configure'", '', client(i))).id);
  const goBack = async (i: number) =>
    detailOf(await world.run(server, `node='configure' sessionid='${ids[i]}' action='prev'`, '', client(i)));
  expect([await goBack(0), await goBack(1)]).toEqual(['session-expired', 'bad-action']);
  const done = await world.run(server, `node='configure' sessionid='${others.id}'`, submit({}), admin);
  expect(read(done).status).toBe('completed');
});

test('a person has fifty dialogues, with as many servers; the one that waited longest gives way', async () => {
  const world = createCommandWorld();
  const at = (number: number) => `net${number}.test@${domain}`;
  for (let number = 0; number < 51; number++) await world.says('configure', at(number));
  expect(await world.says('cancel', at(0))).toMatch(/^Nothing is open/);
  expect(await world.says('cancel', at(1))).not.toMatch(/^Nothing is open/);
});

test('the command that asks, written once more with what it asks for, is taken for the answer only when it is written again', async () => {
  const world = createCommandWorld();
  const says = (line: string) => world.says(line, domain, admin);
  expect(await says('announce')).toBe('What shall be said?');
  expect(await says('announce Server restarts')).toMatch(/^That is the name of a command\./);
  expect(await says('cancel')).toBe('Left as it was.');
  expect(await says('announce Server restarts')).toBe('Said to 0 users.');
  await says('announce');
  await says('announce the winner');
  expect(await says('announce the winner')).toBe('Said to 0 users.');
});
