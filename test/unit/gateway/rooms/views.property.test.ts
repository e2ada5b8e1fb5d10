/** Whatever happens in a room, and whenever clients come and go: what each client was told folds to what is so, and each joining has its order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MemberChange, NetworkEvent, Power } from '../../../../src/core/event.ts';
import { personId } from '../../../../src/core/ids.ts';
import type { Entering } from '../../../../src/gateway/face.ts';
import { standings } from '../../../../src/gateway/rooms/standing.ts';
import type { Element } from '../../../../src/xml/element.ts';
import type { Outgoing } from '../../../../src/xmpp/outgoing.ts';
import { child, codesOf } from '../../../harness/markup.ts';
import { createWorld, noon, received, room, verona, type World } from './world.ts';

const people = ['romeo', 'juliet', 'tybalt', 'nurse', 'paris'] as const;
const nicks = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
const clients = ['romeo@example.org/1', 'romeo@example.org/2', 'other@example.net/3'] as const;
const powers: readonly Power[] = ['visitor', 'participant', 'voiced', 'moderator', 'owner'];

type Step =
  | {
      readonly do: 'in' | 'rename' | 'power' | 'out';
      readonly who: number;
      readonly nick: number;
      readonly power: number;
    }
  | { readonly do: 'list'; readonly keep: readonly boolean[]; readonly nick: number; readonly power: number }
  | { readonly do: 'begin' | 'some' | 'finish' | 'leave' | 'bounce' | 'show' | 'abandon'; readonly client: number }
  | { readonly do: 'say' | 'topic' | 'removed' };

const index = (length: number) => fc.nat({ max: length - 1 });
const aboutMember = fc.record({
  do: fc.constantFrom('in' as const, 'rename' as const, 'power' as const, 'out' as const),
  who: index(people.length),
  nick: index(nicks.length),
  power: index(powers.length),
});
const aboutClient = fc.record({
  do: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('begin' as const, 'some' as const, 'finish' as const, 'finish' as const) },
    { weight: 1, arbitrary: fc.constantFrom('leave' as const, 'bounce' as const, 'show' as const, 'abandon' as const) },
  ),
  client: index(clients.length),
});
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 24, arbitrary: aboutMember },
  { weight: 16, arbitrary: aboutClient },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('list' as const),
      keep: fc.array(fc.boolean(), { minLength: people.length, maxLength: people.length }),
      nick: index(nicks.length),
      power: index(powers.length),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('say' as const, 'say' as const, 'topic' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('removed' as const) }) },
);

/** What a client knows, folded from what it received; and where it is in the order of a joining. */
interface View {
  readonly occupants: Map<string, string>;
  phase: 'outside' | 'presences' | 'history' | 'live';
}

const itemOf = (one: Element) => child(child(one, 'x', 'http://jabber.org/protocol/muc#user'), 'item')?.attrs;

/** presence* self110 history* subject live* */
function receive(view: View, one: Element): void {
  const codes = codesOf(one);
  const from = one.attrs.from ?? '';
  if (one.name === 'message') {
    expect(view.phase, `a message before the self-presence: ${from}`).not.toMatch(/outside|presences/);
    if (view.phase === 'history') {
      if (child(one, 'subject') !== undefined) view.phase = 'live';
      else expect(child(one, 'delay'), 'live traffic before the subject').toBeDefined();
    }
    return;
  }
  if (one.attrs.type === 'unavailable') {
    if (codes.includes(110) && !codes.includes(303)) {
      view.phase = 'outside';
      view.occupants.clear();
    } else {
      expect(view.phase).toMatch(/live|presences/);
      expect(view.occupants.delete(from), `gone before it was there: ${from}`).toBe(true);
    }
    return;
  }
  if (view.phase === 'outside') view.phase = 'presences';
  if (codes.includes(110) && view.phase === 'presences') view.phase = 'history';
  const { role, affiliation } = itemOf(one) ?? {};
  view.occupants.set(from, `${role} ${affiliation} ${codes.includes(110)}`);
}

/** The network's truth. */
interface Truth {
  readonly members: Map<string, { nick: string; power: Power }>;
  joined: boolean;
}

const freeNick = ({ members }: Truth, wish: number): string =>
  [...nicks, 'h', 'i']
    .slice(wish)
    .concat(nicks)
    .find((nick) => ![...members.values()].some((one) => one.nick === nick)) ?? 'z';

function change(truth: Truth, step: Extract<Step, { who: number }>): MemberChange | undefined {
  const name = people[step.who] ?? 'romeo';
  const person = personId(name);
  const power = powers[step.power] ?? 'participant';
  const known = truth.members.get(name);
  if (step.do === 'in') {
    const nick = known?.nick ?? freeNick(truth, step.nick);
    truth.members.set(name, { nick, power });
    return { is: 'in', member: { person, nick, power } };
  }
  if (known === undefined) return undefined;
  if (step.do === 'rename') {
    known.nick = freeNick(truth, step.nick);
    return { is: 'renamed', person, nick: known.nick };
  }
  if (step.do === 'power') {
    known.power = power;
    return { is: 'power', person, power };
  }
  if (name === 'romeo') return undefined;
  truth.members.delete(name);
  return { is: 'out', person, how: (['left', 'kicked', 'banned', 'lost'] as const)[step.nick % 4] ?? 'left' };
}

function listed(truth: Truth, step: Extract<Step, { do: 'list' }>): readonly MemberChange[] {
  people.forEach((name, i) => {
    if (name === 'romeo' || step.keep[i] === true) {
      const nick = truth.members.get(name)?.nick ?? freeNick(truth, step.nick + i);
      truth.members.set(name, { nick, power: powers[(step.power + i) % powers.length] ?? 'participant' });
    } else truth.members.delete(name);
  });
  truth.joined = true;
  return [...truth.members].map(([name, one]) => ({ is: 'in', member: { person: personId(name), ...one } }));
}

/** As the gateway takes a long one, ourselves first. */
function inPieces(changes: readonly MemberChange[]): readonly NetworkEvent[] {
  const isOwn = (one: MemberChange): boolean => one.is === 'in' && one.member.person === 'romeo';
  const [own, ...others] = changes.toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a)));
  const list = { kind: 'members', chat: verona, at: new Date(noon) } as const;
  if (own === undefined || others.length === 0) return [{ ...list, changes, complete: true }];
  return [
    { ...list, changes: [own], piece: 'first' },
    { ...list, changes: others.slice(0, 1), piece: 'next' },
    { ...list, changes: others.slice(1), piece: 'last', complete: true },
  ];
}

function outside(view: View | undefined): void {
  if (view !== undefined) Object.assign(view, { phase: 'outside' }).occupants.clear();
}

function startOver(truth: Truth): void {
  truth.joined = false;
  truth.members.clear();
}

function run(
  world: World,
  all: readonly Step[],
): { truth: Truth; views: ReadonlyMap<string, View>; entering: ReadonlyMap<string, Entering> } {
  const truth: Truth = { members: new Map(), joined: false };
  const views = new Map<string, View>(clients.map((client) => [client, { occupants: new Map(), phase: 'outside' }]));
  const entering = new Map<string, Entering>();
  const deliver = (stanzas: readonly Outgoing[]): void => {
    for (const one of stanzas) {
      for (const to of one.to) {
        const view = views.get(to);
        if (view !== undefined) receive(view, received(one, to));
      }
    }
  };
  let topics = 0;
  const ensureList = (): void => {
    if (truth.joined) return;
    const keep = people.map((_, i) => i % 2 === 0);
    deliver(
      world.event({
        kind: 'members',
        chat: verona,
        changes: listed(truth, { do: 'list', keep, nick: 0, power: 1 }),
        complete: true,
        at: new Date(noon),
      }),
    );
  };
  for (const step of all) {
    if ('who' in step) {
      const what = truth.joined ? change(truth, step) : undefined;
      if (what !== undefined) deliver(world.changes(what));
    } else if ('client' in step) {
      const client = clients[step.client] ?? clients[0];
      const own = truth.members.get('romeo')?.nick ?? 'a';
      if (step.do === 'begin') {
        outside(views.get(client));
        entering.set(client, world.begin(client, own));
      } else if (step.do === 'some') {
        if (truth.joined) deliver(entering.get(client)?.some(2) ?? []);
      } else if (step.do === 'finish') {
        const one = entering.get(client);
        if (one === undefined) continue;
        ensureList();
        deliver(one.finish([]));
        entering.delete(client);
      } else if (step.do === 'abandon') {
        entering.get(client)?.abandon();
        if (entering.has(client)) outside(views.get(client));
        entering.delete(client);
        if (!world.face.isIn(verona) && world.face.rooms().length === 0) startOver(truth);
      } else if (step.do === 'leave') {
        deliver(world.hear(`<presence type='unavailable' from='${client}' to='${room}/${own}'/>`).stanzas);
      } else if (step.do === 'show') {
        deliver(world.hear(`<presence from='${client}' to='${room}/${own}'><show>dnd</show></presence>`).stanzas);
      } else {
        const markup = `<message type='error' from='${client}' to='${room}'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`;
        world.hear(markup);
        outside(views.get(client));
      }
    } else if (step.do === 'list') {
      if (truth.joined) for (const piece of inPieces(listed(truth, step))) deliver(world.event(piece));
    } else if (step.do === 'say') {
      if (truth.joined) deliver(world.says('juliet', 'hi'));
    } else if (step.do === 'topic') {
      if (truth.joined) deliver(world.topic({ topic: `topic ${++topics}` }));
    } else {
      deliver(world.event({ kind: 'removed', chat: verona, how: 'kicked', at: new Date(noon) }));
      entering.clear();
      startOver(truth);
    }
  }
  return { truth, views, entering };
}

test('45-20 45-24 45-50 45-60 every view is the truth and every joining is presence* self110 history* subject live*', () => {
  let compared = 0;
  fc.assert(
    fc.property(fc.array(steps, { minLength: 5, maxLength: 60, size: 'max' }), (all) => {
      const world = createWorld('romeo');
      const { truth, views, entering } = run(world, all);
      const real = [...truth.members].map(([name, { nick, power }]) => {
        const { role, affiliation } = standings[power];
        return `${room}/${nick} ${role} ${affiliation} ${name === 'romeo'}`;
      });
      for (const [client, { occupants, phase }] of views) {
        const isIn = world.hear(
          `<iq type='get' id='p' from='${client}' to='${room}/x'><ping xmlns='urn:xmpp:ping'/></iq>`,
        );
        if (phase === 'outside') {
          if (!entering.has(client)) expect(isIn.stanzas[0]?.type).toBe('error');
          continue;
        }
        expect(isIn.stanzas[0]?.type).toBe('result');
        // It is still being told who is there.
        if (phase === 'presences' && entering.has(client)) continue;
        expect(phase).toBe('live');
        expect([...occupants].map(([from, item]) => `${from} ${item}`).sort()).toEqual([...real].sort());
        compared += 1;
      }
    }),
    { numRuns: 1500 },
  );
  expect(compared).toBeGreaterThan(500);
});
