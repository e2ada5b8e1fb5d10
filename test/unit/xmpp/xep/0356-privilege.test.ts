/** What servers announce, as Prosody 0.12 and ejabberd 23.01 do (CHECKLIST 12.1). */
import { describe, expect, test } from 'vitest';
import { xml } from '../../../../src/xml/writer.ts';
import { inUsersName, privilegeIn } from '../../../../src/xmpp/xep/0356-privilege.ts';
import { parse } from '../../../harness/markup.ts';

const message = (inside: string) =>
  parse(`<message xmlns='jabber:component:accept' from='example.org' to='net.example.org'>${inside}</message>`);

describe('an announcement', () => {
  test('356-03 of Prosody, which puts the namespaces into each other', () => {
    const found = privilegeIn(
      message(`<privilege xmlns='urn:xmpp:privilege:2'>
        <perm access='roster' type='both'/><perm access='message' type='outgoing'/><perm access='presence' type='managed_entity'/>
        <perm access='iq'><namespace ns='a' type='both'><namespace ns='b' type='get'><namespace ns='c' type='set'/></namespace></namespace></perm>
      </privilege>`),
    );
    expect(found).toEqual({
      ns: 'urn:xmpp:privilege:2',
      roster: 'both',
      message: true,
      presence: 'managed_entity',
      iq: new Map([
        ['a', 'both'],
        ['b', 'get'],
        ['c', 'set'],
      ]),
    });
  });

  test('356-03 of names that no namespace has nothing is kept', () => {
    const found = privilegeIn(
      message(`<privilege xmlns='urn:xmpp:privilege:2'>
        <perm access='iq'><namespace ns='${'a'.repeat(201)}' type='both'/><namespace ns='' type='both'/><namespace ns='b' type='get'/></perm>
      </privilege>`),
    );
    expect(found?.iq).toEqual(new Map([['b', 'get']]));
  });

  test('356-02 356-04 of ejabberd 23.01 comes in the older namespace; what is "none" or unknown is not permitted', () => {
    const found = privilegeIn(
      message(`<privilege xmlns='urn:xmpp:privilege:1'>
        <perm access='roster' type='get'/><perm access='message' type='none'/><perm access='presence' type='sideways'/>
      </privilege>`),
    );
    expect(found).toMatchObject({ ns: 'urn:xmpp:privilege:1', roster: 'get', message: false, presence: 'none' });
    expect(found?.iq.size).toBe(0);
  });

  test('356-01 is nothing else', () => {
    expect(privilegeIn(message('<body>hello</body>'))).toBeUndefined();
    expect(privilegeIn(message("<privilege xmlns='urn:xmpp:privilege:3'/>"))).toBeUndefined();
    expect(privilegeIn(message("<forwarded xmlns='urn:xmpp:privilege:2'/>"))).toBeUndefined();
  });
});

test('356-20 a message in a user’s name is forwarded once, in the namespace that was announced', () => {
  const asked = inUsersName('urn:xmpp:privilege:1', xml`<message xmlns='jabber:client' from='romeo@example.org'/>`);
  expect(asked.text).toBe(
    "<privilege xmlns='urn:xmpp:privilege:1'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='romeo@example.org'/></forwarded></privilege>",
  );
});
