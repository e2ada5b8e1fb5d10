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
  expect(await says('help block')).toContain(`\n${names}block nick%irc.example.org`);
  expect(await says('help join')).not.toContain(names);
  expect(await toServer('dance')).toBe('There is no command dance here. Write help for those there are.');
});

test('the help of the gateway has what is for a room where a line to the gateway may do it, for whoever may', async () => {
  expect(await says('help')).not.toMatch(/\n(plumb|whois) – /);
  expect(await world.says('help', domain, admin)).toMatch(/\nplumb – /);
});

test('a command of rooms that the help of a server names says with what it is understood there', async () => {
  const guests: NetworkCommand = {
    node: 'guests',
    title: 'Guests',
    where: ['room'],
    async *run({ chat }) {
      yield { title: `Guests of ${chat}`, fields: [] };
      return {};
    },
  };
  world = createCommandWorld({ commands: [guests] });
  expect(await toServer('help')).toContain('\nguests');
  const how = 'Name the server, the room or the person that you mean, as in: guests #channel';
  expect(await toServer('guests')).toBe(how);
  expect(await toServer('help guests')).toContain(how);
  expect(await toServer('guests #channel')).toContain('Guests of #channel');
});

test('a server that the operator lists is meant by its name, which need have no dot', async () => {
  world = createCommandWorld({ servers: ['libera'] });
  expect(await says('info libera')).toBe(`Write that to libera@${domain}: info`);
  expect(await says('configure libera nick montague')).toMatch(/^Saved/);
  expect(await world.settings.of('romeo@example.org').then((all) => all.at({ level: 'server', on: 'libera' }))).toEqual(
    {
      nick: 'montague',
    },
  );
  expect(await says('configure oftc')).toBe('There is nothing called oftc here. Write show to see what there is.');
  expect(await says('show')).toContain('\nrecord_history = ');
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
