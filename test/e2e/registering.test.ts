/** Accounts are added by a client that nobody here wrote, slixmpp, on both servers: with a network whose services say who may log in. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { root } from '../harness/build.ts';
import { hasEjabberd } from '../harness/ejabberd.ts';
import { child } from '../harness/markup.ts';
import { submit } from '../harness/requests.ts';
import { useWorld } from '../harness/scenario.ts';
import { gatewayDomain, ircName } from '../harness/world.ts';

/** Debian's own, where the package is. */
const python = '/usr/bin/python3';
const script = join(root, 'test/harness/slixmpp_client.py');
const limitMs = 120_000;
const commands = 'http://jabber.org/protocol/commands';

interface Told {
  readonly status?: string;
  readonly asked?: readonly string[];
  readonly said?: readonly string[];
  readonly registered?: boolean;
  readonly subscriptions: readonly string[];
  readonly left: { readonly status: string; readonly registered: boolean };
}

for (const server of ['prosody', ...(hasEjabberd() ? (['ejabberd'] as const) : [])] as const) {
  describe(`on ${server}`, () => {
    const world = useWorld({ ircd: 'services', server });

    /** An account with NickServ. */
    async function account(): Promise<string> {
      const name = `montague${world().next()}`;
      const client = await world().irc(name);
      client.say('NickServ', `REGISTER sesame ${name}@verona.example`);
      await client.expect(/NickServ!\S+ NOTICE \S+ :.* is now registered to /);
      client.close();
      return name;
    }

    async function slixmpp(how: string, fields: object): Promise<Told> {
      const { port, domain } = world().prosody;
      const task = {
        jid: `${world().newUser()}@${domain}/slix`,
        password: 'pw',
        port,
        gateway: gatewayDomain,
        how,
        fields,
      };
      const { stdout } = await promisify(execFile)(python, [script, JSON.stringify(task)], { timeout: limitMs });
      return JSON.parse(stdout) as Told;
    }

    test(
      'whoever is in a channel there without a login is logged in from then on, and in the channel still',
      async () => {
        const name = await account();
        const romeo = await world().jabber(world().newUser(), 'desk');
        const room = `#verona%${ircName}@${gatewayDomain}`;
        await romeo.join(room, `${name}x`);
        const node = `xmlns='${commands}' node='register'`;
        const begun = child(
          await romeo.ask(`<iq type='set' to='${gatewayDomain}'><command ${node}/></iq>`),
          'command',
          commands,
        );
        const filled = submit({ server: ircName, username: name, password: 'sesame' });
        await romeo.ask(
          `<iq type='set' to='${gatewayDomain}'><command ${node} sessionid='${begun?.attrs.sessionid}' action='complete'>${filled}</command></iq>`,
          limitMs / 4,
        );
        const looker = await world().irc(`looker${world().next()}`);
        await looker.join('#verona');
        romeo.send(`<message type='groupchat' to='${room}'><body>here still</body></message>`);
        // What is said while they log in waits for it: once it is heard, they are back.
        await looker.expect(new RegExp(`:${name}x!\\S+ PRIVMSG #verona :here still`));
        looker.send(`WHOIS ${name}x`);
        await looker.expect(new RegExp(` 330 \\S+ ${name}x ${name} :`));
        looker.close();
      },
      limitMs,
    );

    const gone = { status: 'result', registered: false };

    test(
      '077-14 by ad-hoc command: verified, kept, and left without a trace',
      async () => {
        const told = await slixmpp('command', { server: ircName, username: await account(), password: 'sesame' });
        expect(told).toMatchObject({ status: 'completed', subscriptions: [gatewayDomain], left: gone });
        expect(told.asked).toEqual(['server', 'username', 'password']);
      },
      limitMs,
    );

    test(
      '077-05 100-01 in-band',
      async () => {
        const told = await slixmpp('in-band', { server: ircName, username: await account(), password: 'sesame' });
        expect(told).toMatchObject({ status: 'result', registered: true, subscriptions: [gatewayDomain], left: gone });
      },
      limitMs,
    );

    test(
      '077-14 by chat, after a wrong password',
      async () => {
        const name = await account();
        const lines = ['register', `server ${ircName}`, name, 'wrong', 'sesame'];
        const { said = [], left } = await slixmpp('chat', lines);
        expect(said.at(2)).toContain('Password?');
        expect(said.at(3)).toMatch(/refused|incorrect|failed|Invalid/i);
        expect(said.at(-1)).toContain(`You are logged in as ${name}.`);
        expect(left).toEqual(gone);
      },
      limitMs,
    );
  });
}
