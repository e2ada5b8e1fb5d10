/** A user's own data: by links where there are such, else in parts that no server refuses. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type CommandWorld, createCommandWorld, domain, me, read, submit } from './world.ts';

const node = 'export-my-data';
let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld();
});

const begin = async (from = me) => read(await world.run(domain, `node='${node}'`, '', from));
const choose = async (id: string, part: string) =>
  read(await world.run(domain, `node='${node}' sessionid='${id}'`, submit({ part })));
/** So many characters that are four times as many octets in a stanza. */
const line = (name: string, angles: number): string =>
  JSON.stringify({ is: 'archived', id: name, body: '<'.repeat(angles) });

describe('by links', () => {
  test('each part has one, and how long they last is said', async () => {
    world.state.published = { links: ['https://gw/1', 'https://gw/2'], days: 7 };
    const done = await begin();
    expect([done.status, done.fields]).toEqual(['completed', { fact1: ['https://gw/1'], fact2: ['https://gw/2'] }]);
    expect(done.labels).toEqual({ fact1: 'Part 1 of 2', fact2: 'Part 2 of 2' });
    expect(done.notes[1]).toContain('after 7 days');
    expect(await world.says(node)).toContain('Part 2 of 2: https://gw/2');
  });
});

describe('in the answer itself', () => {
  test('004-02 what is little comes at once, a line of JSON each', async () => {
    world.state.kept = [line('a', 1)];
    const done = await begin();
    expect([done.status, done.types.fact1]).toEqual(['completed', 'text-multi']);
    expect(done.fields.fact1?.map((one) => JSON.parse(one))).toEqual([
      { is: 'export', owner: 'romeo@example.org' },
      { is: 'archived', id: 'a', body: '<' },
    ]);
    expect(await world.says(node)).toContain(
      `Part 1 of 1:\n{"is":"export","owner":"romeo@example.org"}\n${line('a', 1)}`,
    );
  });

  test('what is more is cut between lines, by its octets in a stanza, and each part says how to go on', async () => {
    world.state.kept = ['a', 'b', 'c'].map((name) => line(name, 4_000));
    const asked = await begin();
    expect(asked.status).toBe('executing');
    const first = await choose(asked.id, '1');
    expect(first.fields.fact1?.map((one) => JSON.parse(one).id)).toEqual([undefined, 'a', 'b']);
    expect(first.notes).toContain('info: To go on, run this again and choose part 2.');
    const second = await choose((await begin()).id, '2');
    expect([second.fields.fact1, second.notes.length]).toEqual([[line('c', 4_000)], 1]);
  });

  test('by chat the part is asked for, or named at once', async () => {
    world.state.kept = ['a', 'b', 'c'].map((name) => line(name, 4_000));
    expect(await world.says(node)).toContain('2. Part 2 of 2');
    expect(await world.says('2')).toContain(line('c', 4_000));
    expect(await world.says(`${node} 1`)).toContain(line('b', 4_000));
  });

  test('one thing that no stanza could hold is named instead', async () => {
    world.state.kept = [line('big', 20_000)];
    const { fields } = await begin();
    const [, big = ''] = fields.fact1 ?? [];
    expect(JSON.parse(big)).toEqual({ is: 'left-out', was: 'archived', id: 'big', bytes: line('big', 20_000).length });
  });

  test('there is an end to parts, and the last says so', async () => {
    world.state.kept = Array.from({ length: 102 }, (_, n) => line(`${n}`, 9_000));
    const done = await choose((await begin()).id, '100');
    expect(JSON.parse(done.fields.fact1?.[0] ?? '').id).toBe('99');
    expect(done.notes[1]).toContain('ask the operator');
  });
});
