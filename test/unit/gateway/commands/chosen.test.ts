/** By chat something is chosen from a list as it is shown there: by its name for people, by what stands for it in a form, or by its number. */
import { describe, expect, test } from 'vitest';
import { masksCommand } from '../../../../bridges/irc/mask-lists.ts';
import type { NetworkCommand } from '../../../../src/bridge/commands.ts';
import { sessionOf } from '../rooms/world.ts';
import { type CommandWorld, createCommandWorld, server } from './world.ts';

let world: CommandWorld;

/** Says them one after the other; the last answer. */
async function says(...lines: readonly string[]): Promise<string> {
  let answer = '';
  for (const line of lines) answer = await world.says(line);
  return answer;
}

describe('what is chosen from has names for people', () => {
  const labels = { tea: 'A cup of tea', show: 'Show me all', two: 'Two, please', a: 'Alike', b: 'Alike' };
  const choices = Object.entries(labels).map(([value, label]) => ({ value, label }));
  const pick = (type: 'choice' | 'choices'): NetworkCommand => ({
    node: 'pick',
    title: 'Pick',
    where: ['gateway'],
    async *run() {
      const answer = yield {
        title: 'Pick',
        fields: [{ name: 'which', label: 'Which', type, choices, required: true }],
      };
      return { notes: [{ is: 'info', text: String(answer.which) }] };
    },
  });

  test.each([
    ['A cup of tea', 'tea'],
    ['a CUP of tea', 'tea'],
    ['tea', 'tea'],
    ['1', 'tea'],
    ['Show me all', 'show'],
    ['Two, please', 'two'],
  ])('one is chosen by the name that is shown: %s', async (line, value) => {
    world = createCommandWorld({ commands: [pick('choice')] });
    expect(await says('pick')).toContain('1. A cup of tea\n2. Show me all');
    expect(await says(line)).toBe(value);
  });

  test('several with commas between, or by short names with spaces', async () => {
    world = createCommandWorld({ commands: [pick('choices')] });
    expect(await says('pick', 'a cup of tea, 4')).toBe('tea,a');
    expect(await says('pick', 'tea 2 b')).toBe('tea,show,b');
  });

  test('one of several whose name has a comma in it', async () => {
    world = createCommandWorld({ commands: [pick('choices')] });
    expect(await says('pick', 'two, please')).toBe('two');
    expect(await says('pick two, please')).toBe('two');
  });

  test('of two that are called alike none is guessed, and what there is is told by these names', async () => {
    world = createCommandWorld({ commands: [pick('choice')] });
    const all = '"Which": One of: A cup of tea, Show me all, Two, please, Alike, Alike.';
    expect(await says('pick', 'alike')).toBe(all);
    expect(await says('coffee')).toBe(all);
    expect(await says('help which')).toContain('One of: A cup of tea, Show me all');
    expect(await says('5')).toBe('b');
  });
});

test('where all that has to be chosen is chosen already, something else can still be said', async () => {
  const exceptions: string[] = [];
  world = createCommandWorld({ commands: [masksCommand] });
  world.state.session = sessionOf('romeo', {
    rooms: {
      join: () => Promise.reject(new Error('nobody joins')),
      leave: async () => undefined,
      maskLists: [
        {
          name: 'exceptions',
          label: 'Let in in spite of a ban',
          show: async () => exceptions.map((mask) => ({ mask })),
          add: async (_, mask) => void exceptions.push(mask),
          remove: () => Promise.reject(new Error('nothing is removed')),
        },
      ],
    },
  });
  const toServer = (line: string): Promise<string> => world.says(line, server);
  expect(await toServer('masks #verona')).toMatch(/\nlist = .*\nwhat = .*\nmask = \(none\)\n.*set NAME VALUE.*done/);
  expect(await toServer('set what add')).toMatch(/^what = /);
  expect(await toServer('set mask tybalt!*@*')).toMatch(/^mask = tybalt/);
  expect(await toServer('done')).toContain('tybalt!*@*');
  expect(exceptions).toEqual(['tybalt!*@*']);
});
