/** In-band registration (XEP-0077): what clients without commands do, and those that keep to the old ways. */
import { describe, expect } from 'vitest';
import type { Element } from '../../src/xml/element.ts';
import { child, childrenOf, textOf } from '../harness/markup.ts';
import { present } from '../harness/present.ts';
import { came, Filling } from './filling.ts';
import { domainName } from './gateway.ts';
import type { Client } from './server.ts';
import { type Stage, scenario, verona } from './stage.ts';

const ns = 'jabber:iq:register';
const options = { options: { logins: 'required' } } as const;

async function asks(client: Client, type: 'get' | 'set', inside = '', to = domainName): Promise<Element | undefined> {
  client.ignores();
  await client.sends(`<iq type='${type}' id='r' to='${to}'><query xmlns='${ns}'>${inside}</query></iq>`);
  return client.queue.find(({ name, attrs }) => name === 'iq' && attrs.id === 'r');
}

/** "type condition: text", 'result' where it was none. */
function outcome(answer: Element | undefined): string {
  const error = child(answer, 'error');
  if (error === undefined) return answer?.attrs.type ?? 'nothing';
  const [condition] = error.children.filter((one) => typeof one !== 'string');
  const text = child(error, 'text', 'urn:ietf:params:xml:ns:xmpp-stanzas');
  return `${error.attrs.type} ${typeof condition === 'object' ? condition.name : ''}: ${text === undefined ? '' : textOf(text)}`;
}

const form = (values: Readonly<Record<string, string>>, type = 'submit'): string => {
  const all = { FORM_TYPE: ns, ...values };
  const fields = Object.entries(all).map(([name, value]) => `<field var='${name}'><value>${value}</value></field>`);
  return `<x xmlns='jabber:x:data' type='${type}'>${fields.join('')}</x>`;
};

const kept = (stage: Stage) => stage.gateway.database.db.selectFrom('logins').selectAll().execute();
const namesIn = (query: Element | undefined): readonly string[] =>
  (query?.children ?? []).flatMap((one) => (typeof one === 'string' ? [] : [one.name]));

const himself = '<username>romeo</username><password>sesame</password>';

describe('registering', () => {
  scenario(
    '077-01 077-08 077-09 077-12 is announced, and asks for the same by form and by the two old fields',
    async (stage) => {
      const romeo = stage.client();
      const query = child(await asks(romeo, 'get'), 'query', ns);
      expect(namesIn(query)).toEqual(['instructions', 'username', 'password', 'x']);
      const inForm = childrenOf(child(query, 'x', 'jabber:x:data'), 'instructions').map(textOf);
      expect(inForm).toEqual([textOf(child(query, 'instructions'))]);
      const fields = childrenOf(child(query, 'x', 'jabber:x:data'), 'field').map(({ attrs }) => attrs.var);
      expect(fields).toEqual(['FORM_TYPE', 'username', 'password', 'how']);
      romeo.ignores();
      await romeo.sends(
        `<iq type='get' id='d' to='${domainName}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`,
      );
      const features = childrenOf(child(romeo.queue[0], 'query'), 'feature').map(({ attrs }) => attrs.var);
      expect(features).toContain(ns);
    },
    options,
  );

  scenario(
    '077-10 a login that goes on in a browser gives its address, beside what there is to do',
    async (stage) => {
      const romeo = stage.client();
      const filling = new Filling(romeo, 'register');
      await filling.begin();
      await filling.submit({ username: 'x', how: 'qr' });
      const query = child(await asks(romeo, 'get'), 'query', ns);
      expect(namesIn(query)).toEqual(['instructions', 'x']);
      const url = textOf(child(child(query, 'x', 'jabber:x:oob'), 'url'));
      expect(url).toMatch(/^https:\/\/fake\.example\/pair#/);
      expect(textOf(child(query, 'instructions'))).toContain(url);
    },
    options,
  );

  for (const [how, inside] of [
    ['the old fields', himself],
    ['the form', form({ username: 'romeo', password: 'sesame' })],
  ] as const) {
    scenario(
      `077-05 100-01 by ${how}: the result comes when the network has taken it, then the gateway asks to be a contact`,
      async (stage) => {
        stage.gateway.authority.register('romeo', 'sesame');
        const romeo = stage.client();
        expect(outcome(await asks(romeo, 'set', inside))).toBe('result');
        expect(came(romeo)).toEqual(['iq result', 'presence subscribe']);
        expect(await kept(stage)).toHaveLength(1);
        await romeo.joins(verona, 'romeo');
        expect(stage.members('#verona')).toEqual(['romeo']);
      },
      options,
    );
  }

  scenario(
    '077-09 where both ways are filled in, the form counts and not the old fields',
    async (stage) => {
      stage.gateway.authority.register('romeo', 'sesame');
      const romeo = stage.client();
      const wrong = '<username>tybalt</username><password>rapier</password>';
      expect(outcome(await asks(romeo, 'set', himself + form({ username: 'tybalt', password: 'rapier' })))).toMatch(
        /^modify not-acceptable/,
      );
      expect(await kept(stage)).toEqual([]);
      expect(outcome(await asks(romeo, 'set', wrong + form({ username: 'romeo', password: 'sesame' })))).toBe('result');
      expect(await kept(stage)).toHaveLength(1);
    },
    options,
  );

  for (const overheard of [false, true])
    scenario(
      `100-04 100-11 where the server lets the gateway${overheard ? ', and tells it of everybody' : ''}, it is a contact both ways at once, with no question, and is there`,
      async (stage) => {
        const { rosters } = stage.server;
        rosters.grant = 'write';
        rosters.overheard = overheard;
        stage.gateway.authority.register('romeo', 'sesame');
        rosters.of('romeo@test').set(domainName, { name: 'My IRC', subscription: 'none', groups: ['Work'] });
        const romeo = stage.client();
        stage.server.fromClient('test', rosters.announcement ?? '');
        await romeo.sends(`<presence to='${domainName}'/>`);
        expect(came(romeo)).toEqual(overheard ? [] : ['presence available']);
        romeo.ignores();
        expect(outcome(await asks(romeo, 'set', himself))).toBe('result');
        await stage.calm();
        expect(rosters.lines('romeo@test')).toEqual([`${domainName} My IRC [Work] both`]);
        expect(came(romeo).filter((one) => one.startsWith('presence'))).toEqual(['presence available']);
        expect(romeo.queue.at(-1)?.attrs.from).toBe(present(domainName));
      },
      options,
    );

  scenario(
    '077-03 077-04 what is missing or wrong is said, without the password, and nothing is kept',
    async (stage) => {
      stage.gateway.authority.register('romeo', 'sesame');
      const romeo = stage.client();
      expect(outcome(await asks(romeo, 'set', '<password>x</password>'))).toBe(
        'modify not-acceptable: "Name" has to be filled in.',
      );
      expect(outcome(await asks(romeo, 'set', '<username/><password>x</password>'))).toMatch(/^modify not-acceptable/);
      const wrong = await asks(romeo, 'set', '<username>romeo</username><password>verysecret</password>');
      expect(outcome(wrong)).toBe('modify not-acceptable: This name and this password do not belong together.');
      expect(JSON.stringify(romeo.queue)).not.toContain('verysecret');
      expect(await kept(stage)).toEqual([]);
    },
    options,
  );

  scenario(
    '077-04 077-05 what was wrong is asked for once more, with the reason and what was right, at whatever step',
    async (stage) => {
      const { authority } = stage.gateway;
      authority.register('romeo', 'sesame');
      const romeo = stage.client();
      await asks(romeo, 'set', form({ username: 'romeo', password: 'wrong', how: 'code' }));
      const query = child(await asks(romeo, 'get'), 'query', ns);
      const [reason] = textOf(child(query, 'instructions')).split('\n');
      expect(reason).toBe('This name and this password do not belong together.');
      expect(textOf(child(query, 'username'))).toBe('romeo');
      expect(textOf(child(query, 'password'))).toBe('');
      await asks(romeo, 'set', form({ username: 'romeo', password: 'sesame', how: 'code' }));
      expect(outcome(await asks(romeo, 'set', form({ code: 'wrong' })))).toBe(
        'modify not-acceptable: This is another code.',
      );
      expect(outcome(await asks(romeo, 'set', form({ code: authority.sent })))).toBe('result');
      expect(await kept(stage)).toHaveLength(1);
    },
    options,
  );

  scenario(
    '077-05 a step more goes on by command, and until then nothing is registered',
    async (stage) => {
      const { authority } = stage.gateway;
      authority.register('romeo', 'sesame');
      const romeo = stage.client();
      const answer = await asks(romeo, 'set', form({ username: 'romeo', password: 'sesame', how: 'code' }));
      expect(outcome(answer)).toMatch(/^continue undefined-condition: One step more is needed: The code\./);
      expect(came(romeo)).toContain('message chat');
      expect(await kept(stage)).toEqual([]);
      const filling = new Filling(romeo, 'register');
      await filling.begin();
      await filling.submit({ what: 'continue' });
      expect((await filling.submit({ code: authority.sent })).status).toBe('completed');
    },
    options,
  );
});

describe('registered', () => {
  async function registered(stage: Stage): Promise<Client> {
    stage.gateway.authority.register('romeo', 'sesame');
    const romeo = stage.client();
    await asks(romeo, 'set', himself);
    return romeo;
  }

  scenario(
    '077-02 is said to whatever client of theirs, with the name and never with the password',
    async (stage) => {
      await registered(stage);
      const query = child(await asks(stage.client('romeo', 'phone'), 'get'), 'query', ns);
      expect(namesIn(query)).toEqual(['registered', 'instructions', 'username', 'password', 'x']);
      const textIn = (name: string): string => {
        const one = child(query, name, ns);
        return one === undefined ? 'none' : textOf(one);
      };
      expect([textIn('username'), textIn('password')]).toEqual(['romeo', '']);
    },
    options,
  );

  scenario(
    '077-11 an empty password is the one that is there, where the rest is as it was; with another name it is missing',
    async (stage) => {
      const romeo = await registered(stage);
      const [before] = await kept(stage);
      for (const same of [
        '<username>romeo</username><password/>',
        form({ username: 'romeo', password: '', how: 'password' }),
      ])
        expect(outcome(await asks(romeo, 'set', same))).toBe('result');
      for (const other of [
        '<username>juliet</username><password/>',
        '<username>romeo</username>',
        '<password>x</password>',
      ])
        expect(outcome(await asks(romeo, 'set', other))).toMatch(/^modify not-acceptable/);
      expect(await kept(stage)).toEqual([before]);
      await romeo.joins(verona, 'romeo');
      expect(stage.members('#verona')).toEqual(['romeo']);
    },
    options,
  );

  scenario(
    '077-11 a new password is taken where the network takes it, and stands in the place of the old one',
    async (stage) => {
      const romeo = await registered(stage);
      stage.gateway.authority.register('romeo', 'new');
      expect(outcome(await asks(romeo, 'set', himself))).toMatch(/^modify not-acceptable/);
      const [before] = await kept(stage);
      expect(outcome(await asks(romeo, 'set', '<username>romeo</username><password>new</password>'))).toBe('result');
      const [after, ...more] = await kept(stage);
      expect([after?.id, more]).toEqual([before?.id, []]);
      expect(after?.credentials).not.toBe(before?.credentials);
    },
    options,
  );

  scenario(
    '077-06 100-40 100-41 who leaves is out of every room, nothing is kept, and every contact says goodbye',
    async (stage) => {
      const juliet = await stage.inhabitant('juliet', '#verona');
      const romeo = await registered(stage);
      await romeo.joins(verona, 'romeo');
      await romeo.sends(`<presence type='subscribe' to='juliet@${domainName}'/>`);
      expect(outcome(await asks(romeo, 'set', '<remove/>'))).toBe('result');
      const at = came(romeo).indexOf('iq result');
      const goodbyes = romeo.queue.slice(at + 1).map(({ attrs }) => `${attrs.type} ${attrs.from}`);
      expect(goodbyes).toEqual(
        [`juliet@${domainName}`, domainName].flatMap((from) => [
          `unavailable ${present(from)}`,
          `unsubscribe ${from}`,
          `unsubscribed ${from}`,
        ]),
      );
      expect(juliet.saw).toEqual(['+romeo', '-romeo']);
      expect(await kept(stage)).toEqual([]);
      expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
    },
    options,
  );

  scenario(
    '077-06 leaving stands alone, and is for those who are registered',
    async (stage) => {
      const romeo = await registered(stage);
      expect(outcome(await asks(romeo, 'set', '<remove/><username>romeo</username>'))).toMatch(/^modify bad-request/);
      expect(await kept(stage)).toHaveLength(1);
      expect(outcome(await asks(stage.client('juliet'), 'set', '<remove/>'))).toMatch(/^auth registration-required/);
    },
    options,
  );

  scenario(
    'GEN-10 what is asked, and what refuses leaving, says in which language',
    async (stage) => {
      const romeo = stage.client();
      await romeo.sends(`<iq type='get' id='g' to='${domainName}' xml:lang='de'><query xmlns='${ns}'/></iq>`);
      expect(romeo.queue.splice(0).map(({ attrs }) => [attrs.type, attrs['xml:lang']])).toEqual([['result', 'de']]);
      await romeo.sends(
        `<iq type='set' id='r' to='${domainName}' xml:lang='de'><query xmlns='${ns}'><remove/></query></iq>`,
      );
      const text = child(child(romeo.queue[0], 'error'), 'text');
      expect([text?.attrs['xml:lang'], text && textOf(text)]).toEqual(['de', expect.stringContaining('Konto')]);
    },
    options,
  );
});

describe('who may', () => {
  scenario('077-07 nobody, where accounts are not added', async (stage) => {
    expect(outcome(await asks(stage.client(), 'get'))).toMatch(/^cancel service-unavailable/);
  });

  scenario(
    '077-07 077-13 only those who may use the gateway at all',
    async (stage) => {
      expect(outcome(await asks(stage.client(), 'get'))).toMatch(/^auth forbidden/);
      expect(outcome(await asks(stage.client(), 'set', himself))).toMatch(/^auth forbidden/);
    },
    { ...options, allow: ['elsewhere'] },
  );
});
