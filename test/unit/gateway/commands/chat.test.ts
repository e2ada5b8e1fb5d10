/** Commands by lines of chat: the same runs as by form, for clients that have none. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { FormField, NetworkCommand } from '../../../../src/bridge/commands.ts';
import { GatewayError } from '../../../../src/core/errors.ts';
import { personId } from '../../../../src/core/ids.ts';
import { bodyOf } from '../../../harness/markup.ts';
import { sessionOf } from '../rooms/world.ts';
import {
  admin,
  type CommandWorld,
  channel,
  createCommandWorld,
  domain,
  inRoom,
  me,
  onServer,
  server,
} from './world.ts';

let world: CommandWorld = createCommandWorld();
beforeEach(() => {
  world = createCommandWorld();
});

const owner = 'romeo@example.org';
const set = async (place = onServer) => (await world.settings.of(owner)).at(place);

/** Says them one after the other; the last answer. */
async function says(...lines: readonly string[]): Promise<string> {
  let answer = '';
  for (const line of lines) answer = await world.says(line);
  return answer;
}

describe('help', () => {
  test('names every command that one may use, with a clause each', async () => {
    const help = await says('help');
    expect(help.split('\n')).toEqual([
      'This is the gateway to IRC (Isthmus 1.2.3). You can write:',
      'configure – what holds on every server where nothing else is set',
      'join – gives you the address of a room, as an invitation that your client opens',
      'rooms – which rooms you are in, and their addresses',
      'disconnect – leaves every room there; coming in again connects again',
      'order – brings something to drink',
      'block – somebody of the network reaches you no more: neither their messages nor their presence are told',
      'unblock – lets somebody reach you again',
      'blocked – whom you have blocked',
      'undelivered – what waits, and what could not be delivered: to be tried again or dropped',
      'export-my-data – everything that the gateway keeps about you, machine-readable',
      'delete-my-data – ends your connections and deletes everything that the gateway keeps about you',
      'help COMMAND – more about one of them',
      `A server has more commands: write help to its address, as in: irc.example.org@${domain}`,
      'Name the server, the room or the person that you mean, as in: #channel%irc.example.org',
    ]);
    expect(await world.says('Help', domain, admin)).toContain('reload');
  });

  test('at a server: its commands, and that other lines are for the server', async () => {
    const help = await world.says('help', server);
    expect(help).toMatch(
      /^This is net\.test\. .*CAPITALS.*\nconfigure – .*\njoin – .*\nrooms – .*\ninfo – .*\nwhois – /,
    );
  });

  test('of one command', async () => {
    expect(await says('help configure')).toContain('Settings for this room – what holds in one room');
    expect(await says('help reload')).toBe('There is no command reload here. Write help for those there are.');
  });

  test('in the language of who asks', async () => {
    const [answer] = await world.send(
      `<message xml:lang='de' type='chat' id='m' from='${me}' to='${domain}'><body>blah</body></message>`,
    );
    expect(JSON.stringify(answer)).toContain('kenne ich nicht');
  });

  test('what nobody knows is answered, shortened and without its end', async () => {
    expect(await says(`hello ${'x'.repeat(500)}`)).toMatch(/^I do not know "hello x{34}…"\. Write help/);
  });
});

describe('settings', () => {
  test('the values are shown, lines change them, done saves them', async () => {
    await world.settings.change(owner, onServer, { nick: 'romeo', pass: 'hunter2' });
    expect((await says('configure net.test')).split('\n')).toEqual([
      'Settings for net.test',
      'nick = romeo',
      'pass = (set, not shown)',
      'ports = 6667 (usual)',
      'max_history_length = 20 (usual)',
      'To change something: NAME VALUE. To have the usual again: unset NAME. help NAME tells more. Then done to save, or cancel.',
    ]);
    expect(await says('nick montague')).toBe(
      'nick = montague. Write done to save, cancel to leave everything as it was.',
    );
    expect((await set()).nick).toBe('romeo');
    expect(await says('max_history_length = 7', 'ports: 6697\n6670', 'done')).toMatch(/^Saved\./);
    expect(await set()).toEqual({ nick: 'montague', pass: 'hunter2', max_history_length: 7, ports: ['6697', '6670'] });
    expect(await says('done')).toContain('Nothing is open');
  });

  test('cancel leaves everything as it was', async () => {
    expect(await says('configure net.test', 'nick montague', 'cancel')).toBe('Left as it was.');
    expect(await set()).toEqual({});
  });

  test('all at once, at whatever address: the gateway’s own, a server, a room', async () => {
    expect(await says('configure persistent yes')).toMatch(/^Saved/);
    expect(await says('configure net.test nick montague')).toMatch(/^Saved/);
    expect(await says(`configure #verona%net.test@${domain} record_history false`)).toMatch(/^Saved/);
    expect(await says(`configure xmpp:%23verona%25net.test@${domain}?join record_history false`)).toBe(
      'Nothing was changed.',
    );
    expect(await says('set #verona%net.test persistent no')).toMatch(/^Saved/);
    expect(await set({ level: 'all' })).toEqual({ persistent: true });
    expect(await set()).toEqual({ nick: 'montague' });
    expect(await set(inRoom)).toEqual({ record_history: 'false', persistent: false });
    expect(await says('unset net.test nick')).toMatch(/^Saved/);
    expect(await set()).toEqual({});
    expect(await says('nick x')).toContain('I do not know');
  });

  test('a secret that was typed is not repeated, and it is said where it still lies', async () => {
    const answer = await says('configure net.test', 'pass hunter2');
    expect(answer).toContain('pass = (set, not shown)');
    expect(answer).toContain('history of your chat');
    expect(answer).not.toContain('hunter2');
    expect(await says('show')).not.toContain('hunter2');
    await says('done');
    expect(await set()).toEqual({ pass: 'hunter2' });
    expect(await says('configure net.test', 'unset pass')).toMatch(/^pass = \(not set\)\. Write done/);
    await says('done');
    expect(await set()).toEqual({});
  });

  test('unset has the usual again; a line can be added to lines', async () => {
    await world.settings.change(owner, onServer, { nick: 'romeo', ports: ['6697'] });
    await says('configure net.test', 'unset nick', 'add ports 6670', 'add ports 7000');
    expect(await says('show')).toContain('nick = (none)\n');
    await says('done');
    expect(await set()).toEqual({ ports: ['6697', '6670', '7000'] });
  });

  test('what is wrong is said, and the rest stays', async () => {
    await says('configure net.test', 'max_history_length 5');
    expect(await says('nick a b')).toBe('"Nick": No spaces.');
    expect(await says('colour red')).toMatch(/^There is nothing called colour here/);
    expect(await says('unset colour')).toMatch(/^There is nothing called colour here/);
    expect(await says('help nick')).toBe('nick: Nick. What you are called.');
    expect(await says('nick')).toBe('nick: Nick. What you are called.');
    await says('done');
    expect(await set()).toEqual({ max_history_length: 5 });
    expect(await says('configure net.test nick a b')).toBe('"Nick": No spaces.');
    expect(await says('done')).toContain('Nothing is open');
  });

  test('another command ends what was open, and says so where something would be lost', async () => {
    await says('configure net.test');
    expect(await says('configure')).toMatch(/^Settings for all servers/);
    await says('persistent yes');
    expect(await says('disconnect')).toMatch(
      /^What was open before is left as it was\.\nYou are connected to no server/,
    );
    expect(await set({ level: 'all' })).toEqual({});
  });

  test('where a dialogue has waited for an hour it is not open any more', async () => {
    await says('configure net.test', 'nick montague');
    world.state.now += 3_600_001;
    expect(await says('done')).toContain('Nothing is open');
    expect(await set()).toEqual({});
  });

  test('two people, and two addresses, do not meet', async () => {
    await says('configure net.test');
    expect(await world.says('nick x', domain, 'juliet@example.org/phone')).toContain('I do not know');
    expect(await world.says('done', server)).toContain('Nothing is open');
    expect(await world.says('nick montague', domain, 'romeo@example.org/desk')).toContain('nick = montague');
  });

  test('lines that come in one rush are taken in their order', async () => {
    const answers = await Promise.all(['configure net.test', 'nick montague', 'done'].map((line) => world.says(line)));
    expect(answers[2]).toMatch(/^Saved/);
    expect(await set()).toEqual({ nick: 'montague' });
  });

  test('an address that may not be used is refused with the reason', async () => {
    expect(await says('configure 127.0.0.1')).toMatch(/private/i);
  });

  test('GEN-10 what is refused is said in the language of whoever wrote, where that is known', async () => {
    const german = async (line: string) => {
      const body = `<body>${line}</body>`;
      const told = await world.send(
        `<message type='chat' id='m' from='${me}' to='${domain}' xml:lang='de'>${body}</message>`,
      );
      return told.map(bodyOf);
    };
    world.state.refuses = new GatewayError('over-quota', { text: 'At most 9 people on one server' });
    expect(await german('configure net.test nick benvolio')).toEqual(['Höchstens 9 Leute auf einem Server']);
    expect(await german('configure 10.0.0.1')).toEqual([
      expect.stringMatching(/^10\.0\.0\.1 liegt in einem privaten /),
    ]);
  });

  test('what a store refuses ends the dialogue with the reason', async () => {
    await says('configure net.test', 'nick montague');
    world.state.refuses = new GatewayError('storage-away', { text: 'The database is away' });
    expect(await says('done')).toBe('The database is away');
    expect(await says('done')).toContain('Nothing is open');
  });
});

describe('at a server', () => {
  const toServer = (text: string) => world.says(text, server);

  test('set NAME VALUE changes it at once, or what is open', async () => {
    expect(await toServer('set nick montague')).toMatch(/^Saved/);
    expect(await toServer('unset nick')).toMatch(/^Saved/);
    expect(await set()).toEqual({});
    expect(await toServer('Configure')).toContain('To change something: set NAME VALUE.');
    expect(await toServer('set nick romeo')).toContain('Write done to save');
    expect(await toServer('done')).toMatch(/^Saved/);
    expect(await set()).toEqual({ nick: 'romeo' });
  });

  test('a room of it needs no more than its name', async () => {
    expect(await toServer('configure #verona persistent yes')).toMatch(/^Saved/);
    expect(await set(inRoom)).toEqual({ persistent: true });
  });

  test('a command of its rooms names the room; elsewhere it is told where to write that', async () => {
    const guests: NetworkCommand = {
      node: 'guests',
      title: 'Guests',
      help: 'tells who is invited',
      where: ['room'],
      async *run({ session, chat, on }) {
        const answer = yield {
          title: 'Guests',
          fields: [{ name: 'whom', label: 'Whom', type: 'text', required: true }],
        };
        return { notes: [{ is: 'info', text: `${answer.whom} to ${chat} on ${on}, as ${session?.me}` }] };
      },
    };
    world = createCommandWorld({ commands: [guests] });
    world.state.session = sessionOf('romeo');
    const told = 'tybalt to #verona on net.test, as romeo';
    expect(await toServer('guests #verona tybalt')).toBe(told);
    expect(await says('guests #verona%net.test')).toBe(`Write that to ${server}: guests ${channel}`);
    expect(await toServer(`guests ${channel} tybalt`)).toBe(told);
    expect(await toServer('help')).toContain('guests – tells who is invited');
    expect(await says('help')).not.toContain('guests');
    const one = createCommandWorld({ commands: [guests] }, 'net.test');
    expect(await one.says('guests #verona tybalt')).toContain('tybalt to #verona');
  });

  test.each(['nick montague', 'WHOIS juliet', 'HELP', 'JOIN #verona', 'list'])('%s is for the server', async (line) => {
    expect(await toServer(line)).toBe('');
  });

  test('whois looks somebody up; without a name it asks, and says how to answer', async () => {
    const looked: string[] = [];
    world.state.session = sessionOf('romeo', {
      people: {
        about: async (person) => {
          looked.push(person);
          return { nick: person, facts: [{ label: 'Channels', value: '#verona' }] };
        },
      },
    });
    expect(await toServer('Whois juliet')).toBe('Nick: juliet\nChannels: #verona');
    expect(await toServer('whois')).toBe('Who?\nAnswer with: set nick …');
    expect(await toServer('set nick nurse')).toContain('Nick: nurse');
    expect(looked).toEqual(['juliet', 'nurse'].map(personId));
    await toServer('whois');
    expect(await toServer('whois tybalt')).toContain('Nick: tybalt');
  });
});

describe('commands that ask', () => {
  test('one thing after the other; lists by name or number', async () => {
    expect(await says('order')).toBe('Which drink?\n1. tea\n2. poison\nWrite the name or the number.');
    expect(await says('coffee')).toMatch(/^"Which drink": One of: tea, poison\.$/);
    expect(await says('done')).toMatch(/^Which drink/);
    expect(await says('2')).toBe('Cups?');
    expect(await says('11')).toMatch(/^So much is not there\./);
    expect(await says('cups 3', 'done')).toBe('3 of poison');
  });

  test('help says again what is asked, and the way out', async () => {
    await says('order');
    expect(await says('help')).toBe('Which drink?\n1. tea\n2. poison\nWrite the name or the number.\nOr write cancel.');
    expect(await says('cancel')).toBe('Left as it was.');
  });

  test('a command that is no answer to what is asked is another command', async () => {
    await says('order');
    expect(await says('disconnect')).toMatch(/^You are connected to no server/);
  });

  test('where any text is an answer, the name of a command alone is taken for one only when it is written again', async () => {
    const asAdmin = (line: string) => world.says(line, domain, admin);
    expect(await asAdmin('announce')).toBe('What shall be said?');
    for (const name of ['reload', 'rooms', 'Reload'])
      expect(await asAdmin(name)).toMatch(/^That is the name of a comm/);
    expect(await asAdmin('cancel')).toBe('Left as it was.');
    await asAdmin('announce');
    await asAdmin('rooms');
    expect(await asAdmin('rooms')).toBe('Said to 0 users.');
    await asAdmin('announce');
    expect(await asAdmin('Rooms are read-only from noon on')).toBe('Said to 0 users.');
  });

  test('what is taken for granted is told before the first question, and can be another', async () => {
    const serve: NetworkCommand = {
      node: 'serve',
      title: 'Serve',
      where: ['gateway'],
      async *run() {
        const answer = yield {
          title: 'Serve',
          fields: [
            { name: 'where', label: 'Where', type: 'text', required: true, value: 'hall' },
            { name: 'cups', label: 'How many? (of tea)', type: 'text', required: true },
          ],
        };
        return { notes: [{ is: 'info', text: `${answer.cups} in the ${answer.where}` }] };
      },
    };
    world = createCommandWorld({ commands: [serve] });
    expect(await says('serve')).toBe('where = hall (for another, write: where …)\nHow many? (of tea)');
    expect(await says('where orchard')).toBe('How many? (of tea)');
    expect(await says('3')).toBe('3 in the orchard');
  });

  test('a secret that may be left out is asked for where a login has failed', async () => {
    const fields: readonly FormField[] = [
      { name: 'username', label: 'Account', type: 'text', required: true },
      { name: 'password', label: 'Password', type: 'secret' },
    ];
    const enter: NetworkCommand = {
      node: 'enter',
      title: 'Enter',
      where: ['gateway'],
      async *run() {
        const tried: unknown[] = [];
        let answer = yield { title: 'Enter', fields, isSettled: true };
        while (answer.password !== 'sesame' && answer.username !== 'nurse') {
          tried.push(answer.password ?? 'none');
          answer = yield { title: 'Enter', fields, isSettled: true, fault: `Not with ${tried.at(-1)}.` };
        }
        return { notes: [{ is: 'info', text: `${answer.username} after ${tried.join()}` }] };
      },
    };
    world = createCommandWorld({ commands: [enter] });
    expect(await says('enter', 'romeo')).toBe('Not with none.\nPassword?\nOr write done to leave that out, or cancel.');
    expect(await says('wrong')).toMatch(/^Not with wrong\.\nPassword\?/);
    expect(await says('done')).toMatch(/^Not with none\.\nPassword\?/);
    expect(await says('sesame')).toBe('romeo after none,wrong,none');
    expect(await says('enter', 'romeo', 'username nurse')).toMatch(/^Password\?/);
    expect(await says('done')).toBe('nurse after none');
  });

  test('the answer may stand behind the command', async () => {
    expect(await says('order tea')).toBe('Cups?');
    expect(await says('2')).toBe('2 of tea');
    expect(await says('order coffee')).toMatch(/^"Which drink": One of: tea, poison\.\nWhich drink\?/);
  });

  test('disconnect: several of a list, with commas', async () => {
    const ids = ['a.test', 'b.test', 'c.test'].map((on) => world.known(owner, on));
    expect(await says('disconnect')).toContain('1. a.test\n2. b.test\n3. c.test');
    expect(await says('1, c.test')).toBe(`${owner} was disconnected from 2 servers.`);
    expect(world.given).toEqual([0, 2].map((i) => `disconnect ${ids[i]}: Disconnected by command`));
    expect(await says('disconnect b.test')).toContain('from 1 server.');
  });

  test('what needs the connection is to be written to its server; what is for operators is theirs', async () => {
    expect(await says('info net.test')).toBe(`Write that to ${server}: info`);
    expect(await says('info')).toContain('info irc.example.org');
    expect(await says('reload')).toBe('This is for the operators of this gateway.');
    expect(await world.says('reload', domain, admin)).toBe('Read again: allow.\nNeeds a restart: xmpp.');
  });

  test('a bug ends the dialogue', async () => {
    await says('configure net.test', 'nick montague');
    world.state.refuses = new TypeError('a secret');
    await expect(says('done')).rejects.toThrow('a secret');
    expect(await says('done')).toContain('Nothing is open');
  });
});

test('an empty message says nothing, one to a crowd is refused', async () => {
  expect(await world.send(`<message type='chat' from='${me}' to='${domain}'><body/></message>`)).toEqual([]);
  const [refused] = await world.send(
    `<message type='groupchat' id='1' from='${me}' to='${domain}'><body>help</body></message>`,
  );
  expect(refused?.attrs.type).toBe('error');
});
