/** The network's list of people and the owner's contact list, kept alike (CHECKLIST 7.2 to 7.4), where the network's is long, late or fails. */
import { expect, test } from 'vitest';
import { createContacts } from '../../../src/accounts/contacts.ts';
import { createListing } from '../../../src/accounts/listing.ts';
import type { ContactList } from '../../../src/bridge/contact-list.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { chatId, type PersonId, personId } from '../../../src/core/ids.ts';
import { createFace } from '../../../src/gateway/create-face.ts';
import { createLooks } from '../../../src/gateway/rooms/looks.ts';
import type { RosterItem } from '../../../src/xmpp/roster.ts';
import { settle } from '../../harness/manual-clock.ts';
import { addresses, sessionOf } from '../gateway/rooms/world.ts';
import { createTestWorld, romeo } from './account-world.ts';

const owner = 'romeo@test';
const at = new Date(0);

/** An account whose owner's server lets us write, and whose network has those on its list. */
function setUp(...persons: readonly string[]) {
  const { world } = createTestWorld();
  const theirs = persons.map(personId);
  const names = new Map<PersonId, string>();
  const roster = new Map<string, RosterItem>();
  const reads = { number: 0 };
  const account = { id: romeo, owner, on: 'net' };
  const context = { domain: 'net.test', account, addresses, newId: () => 'new', now: () => 0 };
  const face = createFace({ ...context, occupantId: (_, identity) => identity, looks: createLooks() });
  const row = { ...account, domain: 'net.test' };
  const contacts = createContacts(row, face, world);
  const list: { -readonly [Key in keyof ContactList]: ContactList[Key] } = {
    async *list() {
      yield* theirs;
    },
    async about(person) {
      const name = names.get(person) ?? person;
      if (name === '') throw new GatewayError('not-available');
      return { name };
    },
  };
  const session = sessionOf('romeo', { contacts: list });
  const rosters: typeof world.rosters = {
    may: () => 'write',
    async read() {
      reads.number++;
      return new Map(roster);
    },
    async put(_, jid, { name, groups }) {
      roster.set(jid, { jid, name, groups, subscription: 'both' });
      return true;
    },
    remove: async (_, jid) => roster.delete(jid),
  };
  const listing = createListing(
    row,
    face,
    { ...world, rosters },
    {
      addresses,
      contacts,
      signal: new AbortController().signal,
      session: () => session,
    },
  );
  const shown = (): readonly string[] => [...roster.values()].map(({ name = '' }) => name);
  return { listing, session, list, rosters, roster, theirs, names, reads, shown };
}

test('ROS-10 who is called otherwise as soon as they are in the contact list stays there, by the new name', async () => {
  const { listing, session, rosters, names, shown } = setUp('juliet', 'nurse', 'tybalt');
  const put = rosters.put.bind(rosters);
  rosters.put = (user, jid, entry) => {
    if (entry.name === 'nurse') {
      names.set(personId('juliet'), 'Juliet C.');
      listing.heard({ kind: 'person', person: personId('juliet'), change: { name: 'Juliet C.' }, at });
    }
    return put(user, jid, entry);
  };
  listing.connected(session);
  await settle();
  expect(shown()).toEqual(['Juliet C.', 'nurse', 'tybalt']);
});

test('356-11 the contact list is read once for all who come into it', async () => {
  const { listing, session, reads } = setUp(...Array.from({ length: 20 }, (_, i) => `citizen${i}`));
  listing.connected(session);
  await settle();
  expect(reads.number).toBe(1);
});

test('ROS-22 of a list that is longer than is looked at nobody is taken for gone from it', async () => {
  const world = setUp('juliet', 'nurse');
  world.listing.connected(world.session);
  await settle();
  world.theirs.unshift(...Array.from({ length: 2_500 }, (_, i) => personId(`citizen${i}`)));
  world.listing.connected(world.session);
  await settle();
  expect(world.shown()).toEqual(expect.arrayContaining(['juliet', 'nurse']));
});

test('ROS-30 whom the network can tell nothing of keeps nobody else out of the contact list', async () => {
  const { listing, session, names, shown } = setUp('juliet', 'nurse', 'tybalt');
  names.set(personId('nurse'), '');
  listing.connected(session);
  await settle();
  expect(shown()).toEqual(['juliet', 'tybalt']);
});

test('ROS-22 who goes from the network’s list while being put into the contact list does not stay there', async () => {
  const { listing, session, rosters, theirs, shown } = setUp('juliet', 'nurse');
  const put = rosters.put.bind(rosters);
  rosters.put = (user, jid, entry) => {
    if (entry.name === 'juliet') {
      theirs.shift();
      listing.heard({ kind: 'contact', person: personId('juliet'), is: 'unlisted', at });
    }
    return put(user, jid, entry);
  };
  listing.connected(session);
  await settle();
  expect(shown()).toEqual(['nurse']);
});

test('ROS-20 who is taken out, and in that moment comes to the network’s list and goes from it, stays out', async () => {
  const { listing, session, list, roster, theirs, shown } = setUp('juliet', 'nurse');
  list.remove = async (person) => {
    listing.heard({ kind: 'contact', person, is: 'listed', at });
    theirs.shift();
    listing.heard({ kind: 'contact', person, is: 'unlisted', at });
  };
  listing.connected(session);
  await settle();
  roster.delete('juliet%net@net.test');
  const chat = chatId('juliet');
  await listing.said({ kind: 'contact', chat, wanted: false });
  await listing.said({ kind: 'seen', chat, may: false });
  await settle();
  expect(shown()).toEqual(['nurse']);
});

/** The owner takes juliet out of the contact list. */
async function takesOut({ listing, roster }: ReturnType<typeof setUp>): Promise<void> {
  roster.delete('juliet%net@net.test');
  const chat = chatId('juliet');
  await listing.said({ kind: 'contact', chat, wanted: false });
  await listing.said({ kind: 'seen', chat, may: false });
  await settle();
}

test('ROS-20 who is taken out while the network is away is taken off its list when it is back, and stays out', async () => {
  const world = setUp('juliet', 'nurse');
  const { listing, session, list, theirs, shown } = world;
  list.remove = () => Promise.reject(new GatewayError('network-away'));
  listing.connected(session);
  await settle();
  await takesOut(world);
  list.remove = async (person) => void theirs.splice(theirs.indexOf(person), 1);
  listing.connected(session);
  await settle();
  expect([theirs, shown()]).toEqual([['nurse'], ['nurse']]);
});

test('ROS-11 who asked, and is let in while the network is away, is answered when it is back', async () => {
  const { listing, session, list, theirs } = setUp('nurse');
  const answered: string[] = [];
  list.answer = () => Promise.reject(new GatewayError('network-away'));
  listing.connected(session);
  await settle();
  listing.heard({ kind: 'contact', person: personId('juliet'), is: 'asks', at });
  await settle();
  await listing.said({ kind: 'seen', chat: chatId('juliet'), may: true });
  await settle();
  list.answer = async (person, accepted) => void answered.push(`${person} ${accepted}`);
  theirs.push(personId('juliet'));
  listing.connected(session);
  await settle();
  expect(answered).toEqual(['juliet true']);
});
