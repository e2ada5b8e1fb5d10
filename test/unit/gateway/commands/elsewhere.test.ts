/** Lines of chat that leave out where a command is meant, or come from whoever may not run it any more. */
import { beforeEach, expect, test } from 'vitest';
import type { NetworkCommand } from '../../../../src/bridge/commands.ts';
import { admin, type CommandWorld, createCommandWorld, domain, server } from './world.ts';

let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld();
});

const says = (line: string): Promise<string> => world.says(line);
const toServer = (line: string): Promise<string> => world.says(line, server);

test('a command that is for something else is shown with an address of that kind, which leads on', async () => {
  const names = 'Name the server, the room or the person that you mean, as in: ';
  for (const word of ['whois', 'info', 'contacts']) {
    expect(await says(word)).toBe(`${names}${word} irc.example.org`);
    expect(await says(`help ${word}`)).toContain(`\n${names}${word} irc.example.org`);
    expect(await says(`${word} irc.example.org`)).toBe(`Write that to irc.example.org@${domain}: ${word}`);
  }
  expect(await says('help configure')).toContain(`\n${names}configure #channel%irc.example.org`);
  const dance: NetworkCommand = {
    node: 'dance',
    title: 'Dance',
    where: ['contact'],
    async *run() {
      yield { title: 'Dance', fields: [] };
      return {};
    },
  };
  world = createCommandWorld({ commands: [dance] });
  expect(await says('dance')).toBe(`${names}dance nick%irc.example.org`);
  expect(await says('dance nick%irc.example.org')).toBe(
    `Write that to irc.example.org@${domain}: dance nick%irc.example.org@${domain}`,
  );
  expect(await toServer('dance')).toBe('There is no command dance here. Write help for those there are.');
});

test('133-01 who is no operator any more carries nothing on that they began as one', async () => {
  const admins = ['admin@example.org'];
  world = createCommandWorld({ admins });
  for (const _ of [1, 2]) {
    await world.says('delete-user', domain, admin);
    expect(await world.says('tybalt@example.org', domain, admin)).toContain('no way back');
    admins.pop();
    expect(await world.says('yes', domain, admin)).toBe('This is for the operators of this gateway.');
    expect(await world.says('yes', domain, admin)).toMatch(/^I do not know "yes"/);
    admins.push('admin@example.org');
  }
  expect(world.given).toEqual([]);
});
