/** Commands by form and by chat, and what comes of them in rooms and on the network. */
import { describe, expect } from 'vitest';
import { plainText } from '../../src/core/content.ts';
import { accountId, chatId } from '../../src/core/ids.ts';
import type { Element } from '../../src/xml/element.ts';
import { bodyOf, child, textOf } from '../harness/markup.ts';
import { failed, gone, said, self, subject } from './lines.ts';
import type { Client } from './server.ts';
import { mantua, type Stage, scenario, verona } from './stage.ts';

const domain = 'net.test';
const ns = 'http://jabber.org/protocol/commands';

/** One step of a command; its `<command/>`. */
async function step(client: Client, to: string, attrs: string, values: Readonly<Record<string, string>> = {}) {
  const fields = Object.entries(values).map(([name, value]) => `<field var='${name}'><value>${value}</value></field>`);
  const form = fields.length === 0 ? '' : `<x xmlns='jabber:x:data' type='submit'>${fields.join('')}</x>`;
  client.ignores();
  await client.sends(`<iq type='set' id='c' to='${to}'><command xmlns='${ns}' ${attrs}>${form}</command></iq>`);
  const answer = client.queue.findLast(({ name }) => name === 'iq');
  return child(answer, 'command', ns);
}

const notes = (command: Element | undefined): readonly string[] =>
  (command?.children ?? []).flatMap((one) => (typeof one !== 'string' && one.name === 'note' ? [textOf(one)] : []));

async function fills(client: Client, to: string, node: string, values: Readonly<Record<string, string>>) {
  const begun = await step(client, to, `node='${node}'`);
  return step(client, to, `node='${node}' sessionid='${begun?.attrs.sessionid}'`, values);
}

/** Says it and takes the answer. */
async function asks(client: Client, text: string, to = domain): Promise<string> {
  client.ignores();
  await client.sends(`<message type='chat' id='m' to='${to}'><body>${text}</body></message>`);
  const answer = client.queue.findLast(({ name, attrs }) => name === 'message' && attrs.from === to);
  return answer === undefined ? '' : (bodyOf(answer) ?? '');
}

const left = (stage: Stage): readonly string[] => [...stage.members('#verona'), ...stage.members('#mantua')];

describe('settings', () => {
  scenario('45-58 by form on the room’s own address: it is kept when the last client has left', async (stage) => {
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    const done = await fills(romeo, verona, 'configure', { persistent: '1' });
    expect(done?.attrs.status).toBe('completed');
    await romeo.leaves(verona, 'romeo');
    expect(left(stage)).toEqual(['romeo']);
    await fills(romeo, verona, 'configure', { persistent: '0' });
    expect(left(stage)).toEqual([]);
  });

  scenario('050-11 by chat: the name on the network changes at once, and stays after a restart', async (stage) => {
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    expect(await asks(romeo, 'configure nick montague')).toMatch(/^Saved/);
    expect(stage.members('#verona')).toEqual(['montague']);
    await stage.restarts();
    expect(stage.members('#verona')).toEqual(['montague']);
  });

  scenario('before anybody has ever come in', async (stage) => {
    const romeo = stage.client();
    expect(await asks(romeo, 'set nick montague')).toMatch(/^Saved/);
    await romeo.joins(verona, 'romeo');
    expect(stage.members('#verona')).toEqual(['montague']);
    expect(await stage.accounts()).toEqual({ running: 1, stored: 1 });
  });

  scenario('050-06 a form that was open when the gateway was restarted says so, with the remedy', async (stage) => {
    const romeo = stage.client();
    const begun = await step(romeo, verona, "node='configure'");
    await stage.restarts();
    await step(romeo, verona, `node='configure' sessionid='${begun?.attrs.sessionid}'`, { persistent: '1' });
    romeo.gets(
      `<iq type='error'><error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><session-expired xmlns='${ns}'/></error></iq>`,
    );
    expect(await stage.gateway.database.db.selectFrom('settings').selectAll().execute()).toEqual([]);
  });

  scenario('a secret lies sealed in the database and is not shown again', async (stage) => {
    const romeo = stage.client();
    expect(await asks(romeo, 'configure pass hunter2')).not.toContain('hunter2');
    const rows = await stage.gateway.database.db.selectFrom('settings').selectAll().execute();
    expect(rows.map(({ name }) => name)).toEqual(['pass']);
    expect(JSON.stringify(rows)).not.toContain('hunter2');
    const form = await step(romeo, domain, "node='server-configure'");
    expect(JSON.stringify(form)).not.toContain('hunter2');
  });
});

describe('connections', () => {
  scenario('disconnect: out of every room with the reason, and in again when one comes', async (stage) => {
    const juliet = await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    const phone = stage.client('romeo', 'phone');
    await romeo.joins(verona, 'romeo');
    await romeo.joins(mantua, 'romeo');
    await phone.joins(verona, 'romeo');
    phone.ignores();
    const done = await fills(romeo, domain, 'disconnect-from-fake-server', {
      'irc-servers': domain,
      'quit-message': 'Good night',
    });
    expect(notes(done)).toEqual(['romeo@test was disconnected from 1 server.']);
    phone.gets(
      `<presence type='unavailable' from='${verona}/romeo'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>`,
    );
    expect(juliet.saw).toEqual(['+romeo', '-romeo']);
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
    romeo.ignores();
    await romeo.joins(mantua, 'romeo');
    romeo.gets(self('romeo', [], mantua), subject('', mantua));
  });

  scenario(
    'disconnect while something is still being said: who comes in again right after it gets a connection of now',
    async (stage) => {
      const juliet = await stage.inhabitant('juliet', '#verona');
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      await stage.whileHeld('send', async () => {
        await romeo.says(verona, 'parting', 'm1');
        await fills(romeo, domain, 'disconnect-from-fake-server', { 'irc-servers': domain });
        romeo.ignores();
        await romeo.joins(mantua, 'romeo');
        romeo.gets(self('romeo', [], mantua), subject('', mantua));
      });
      expect([stage.gateway.connects, juliet.saw]).toEqual([2, ['+romeo', '-romeo']]);
      await romeo.says(mantua, 'I am here', 'm2');
      romeo.gets(failed('message', 'm1', 'modify', 'not-acceptable'), said('romeo', 'I am here', 'm2', mantua));
    },
  );

  scenario(
    '133-01 an operator ends the connections of others; nobody else can',
    async (stage) => {
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      const admin = stage.client('admin');
      const done = await fills(admin, domain, 'disconnect-user', { jids: 'romeo@test' });
      expect(notes(done)).toEqual(['1 user has been disconnected.']);
      expect(stage.members('#verona')).toEqual([]);
      await step(romeo, domain, "node='disconnect-user'");
      romeo.gets(
        `<iq type='error'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`,
      );
    },
    { admins: ['admin@test'] },
  );

  scenario('how the connection is, before and while there is one', async (stage) => {
    const romeo = stage.client();
    expect(await asks(romeo, 'info')).toContain('You are not connected');
    await romeo.joins(verona, 'romeo');
    await stage.passes(3);
    const info = await asks(romeo, 'info');
    expect(info).toContain('You are: romeo');
    expect(info).toContain('Rooms: #verona');
  });
});

describe('administration', () => {
  scenario(
    '133-01 an operator counts who is there, says something to all of them, and ends a session',
    async (stage) => {
      const [romeo, paris, admin] = [stage.client(), stage.client('paris'), stage.client('admin')];
      await romeo.joins(verona, 'romeo');
      await paris.joins(mantua, 'paris');
      for (const client of [romeo, paris]) client.ignores();
      expect(await asks(admin, 'get-online-users-num')).toContain(': 2');
      expect(await asks(admin, 'announce The gateway sleeps at noon')).toBe('Said to 2 users.');
      for (const client of [romeo, paris])
        client.gets(`<message type='headline' from='${domain}'><body>The gateway sleeps at noon</body></message>`);
      expect(await asks(admin, 'end-user-session paris@test')).toBe('1 user has been disconnected.');
      expect(left(stage)).toEqual(['romeo']);
      expect(await asks(admin, 'get-online-users-list')).toContain('romeo@test');
    },
    { admins: ['admin@test'] },
  );
});

describe('bans', () => {
  const forbidden = `<error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;

  scenario(
    '133-01 who is banned is out of every room and answered as those who are not allowed, until the ban is lifted',
    async (stage) => {
      const romeo = stage.client();
      const admin = stage.client('admin');
      await romeo.joins(verona, 'romeo');
      expect(await asks(admin, 'ban-user romeo@test')).toBe('Banned: romeo@test.');
      expect(stage.members('#verona')).toEqual([]);
      romeo.ignores();
      await romeo.joins(mantua, 'romeo');
      await romeo.sends(`<message type='chat' id='m' to='${domain}'><body>help</body></message>`);
      romeo.gets(`<presence type='error'>${forbidden}</presence>`, `<message type='error'>${forbidden}</message>`);
      expect(await asks(admin, 'unban-user romeo@test')).toBe('Not banned any more: romeo@test.');
      await romeo.joins(mantua, 'romeo');
      expect(stage.members('#mantua')).toEqual(['romeo']);
    },
    { admins: ['admin@test'] },
  );

  scenario(
    'a domain is banned with all who are there, but for operators; a restart changes nothing',
    async (stage) => {
      const romeo = stage.client();
      const admin = stage.client('admin');
      await romeo.joins(verona, 'romeo');
      expect(await asks(admin, 'ban-user test')).toBe('Banned: test.');
      await stage.restarts();
      expect(stage.members('#verona')).toEqual([]);
      romeo.ignores();
      await romeo.joins(mantua, 'romeo');
      romeo.gets(`<presence type='error'>${forbidden}</presence>`);
      expect(await asks(admin, 'unban-user test')).toBe('Not banned any more: test.');
    },
    { admins: ['admin@test'] },
  );
});

describe('reload', () => {
  let allow: readonly string[] = ['test'];

  scenario(
    '133-01 who is not allowed any more is off the network at once, over a restart too, and may come in again when they are',
    async (stage) => {
      const [romeo, paris, admin] = [stage.client(), stage.client('paris'), stage.client('admin')];
      await romeo.joins(verona, 'romeo');
      await paris.joins(verona, 'paris');
      romeo.ignores();
      allow = ['admin@test', 'paris@test'];
      expect(await asks(admin, 'reload')).toBe(`Read again: allow of ${domain}.`);
      expect(stage.members('#verona')).toEqual(['paris']);
      romeo.gets(gone('romeo', [110]));
      await romeo.joins(verona, 'romeo');
      romeo.gets(failed('presence', 'join', 'auth', 'forbidden'));
      allow = ['test'];
      await asks(admin, 'reload');
      await romeo.joins(verona, 'romeo');
      allow = ['admin@test', 'paris@test'];
      await stage.restarts();
      expect(stage.members('#verona')).toEqual(['paris']);
      for (const client of [romeo, paris]) client.ignores();
    },
    { admins: ['admin@test'], fileAllows: () => allow },
  );
});

describe('maintenance', () => {
  scenario(
    'nobody new comes in while an operator works at it, over a restart too; who is in stays and is heard',
    async (stage) => {
      const romeo = stage.client();
      const juliet = stage.client('juliet');
      const admin = stage.client('admin');
      await romeo.joins(verona, 'romeo');
      await asks(admin, 'maintenance');
      await asks(admin, 'words Back at noon.');
      await asks(admin, 'state on');
      expect(await asks(admin, 'done')).toBe('Newcomers are kept out: Back at noon.');
      await stage.restarts();
      juliet.ignores();
      await juliet.joins(verona, 'juliet');
      const unavailable = "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>";
      juliet.gets(`<presence type='error'><error type='wait'>${unavailable}</error></presence>`);
      expect(stage.members('#verona')).toEqual(['romeo']);
      await admin.joins(mantua, 'admin');
      expect(stage.members('#mantua')).toEqual(['admin']);
      expect(await asks(admin, 'maintenance state off')).toBe('Everybody who may use the gateway may come in.');
      await juliet.joins(verona, 'juliet');
      expect(stage.members('#verona')).toEqual(['romeo', 'juliet']);
    },
    { admins: ['admin@test'] },
  );
});

describe('undelivered', () => {
  scenario('what could not be delivered is tried again, late as it is', async (stage) => {
    const romeo = stage.client();
    const nurse = await stage.inhabitant('nurse', '#verona');
    await romeo.joins(verona, 'romeo');
    const { outbox } = stage.gateway.memory;
    const account = accountId('romeo@test//net.test');
    const at = stage.clock.now() - 30 * 3_600_000;
    const origin = { from: romeo.jid, to: verona, via: 'message', type: 'groupchat', at } as const;
    for (const text of ['parting', 'sorrow']) {
      const intent = { kind: 'send', chat: chatId('#verona'), content: { text: plainText(text) } } as const;
      const was = await outbox.append(account, { intent, origin }, undefined, { account: 10 });
      if (was.is === 'new') await outbox.settle(account, 99, [{ key: was.key, dead: 'timed-out' }]);
    }
    const listed = await asks(romeo, 'undelivered');
    expect(listed).toContain('timed-out: parting');
    expect(listed).toContain('timed-out: sorrow');
    await asks(romeo, '2');
    expect(await asks(romeo, 'requeue')).toBe('1 will be tried again.');
    await stage.passes(1);
    expect(nurse.heard).toEqual(['romeo: sorrow']);
    expect(await asks(romeo, 'undelivered')).not.toContain('sorrow');
  });
});

describe('discovery', () => {
  scenario('050-01 a room says that it has commands, whether one is in it or not', async (stage) => {
    const romeo = stage.client();
    const ask = async (): Promise<boolean> => {
      romeo.ignores();
      await romeo.sends(
        `<iq type='get' id='i' to='${verona}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`,
      );
      return JSON.stringify(romeo.queue).includes(`"var":"${ns}"`);
    };
    expect(await ask()).toBe(true);
    await romeo.joins(verona, 'romeo');
    expect(await ask()).toBe(true);
  });

  scenario(
    'who may not use the gateway gets no command and no answer to a line',
    async (stage) => {
      const stranger = stage.client('tybalt');
      await stage.gateway.stop('keep');
      await stage.gateway.start();
      stranger.ignores();
      await stranger.sends(
        `<iq type='set' id='c' to='${domain}'><command xmlns='${ns}' node='server-configure'/></iq>`,
        `<message type='chat' id='m' to='${domain}'><body>help</body></message>`,
      );
      const forbidden = `<error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
      stranger.gets(`<iq type='error'>${forbidden}</iq>`, `<message type='error'>${forbidden}</message>`);
    },
    { allow: ['romeo@test'] },
  );
});
