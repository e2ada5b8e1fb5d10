/** The person on a phone with a bad connection: streams that are taken up again or given up (XEP-0198), and what is told of the time in between. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Element } from '../../src/xml/element.ts';
import { hasEjabberd } from '../harness/ejabberd.ts';
import { bodyOf, child, textOf } from '../harness/markup.ts';
import { overPhone, type PhoneLine } from '../harness/phone.ts';
import { pause, until } from '../harness/process.ts';
import { useWorld } from '../harness/scenario.ts';
import { seededRandom } from '../harness/seed.ts';
import { Stage } from '../harness/stage.ts';
import type { RealWorld } from '../harness/world.ts';
import { connectXmpp, type XmppClient } from '../harness/xmpp-client.ts';
import { past } from './scenarios/archive.ts';

/** How a client asks for what it missed: not at all, by time, or by the archive. */
type Way = 'silent' | 'since' | 'archive';

interface Connected {
  readonly client: XmppClient;
  readonly line: PhoneLine;
  /** When each stanza came. */
  readonly came: ReadonlyMap<Element, number>;
}

async function connect(world: RealWorld, user: string, resource: string): Promise<Connected> {
  const lines: PhoneLine[] = [];
  const came = new Map<Element, number>();
  const way = overPhone(world.clientPort, (line) => lines.push(line));
  const client = await connectXmpp({ user, domain: world.prosody.domain, resource }, (login, ears) =>
    way(login, {
      ...ears,
      stanza(stanza) {
        came.set(stanza, Date.now());
        ears.stanza(stanza);
      },
    }),
  );
  const [line] = lines;
  if (line === undefined) throw new Error('there is no line');
  return { client, line, came };
}

const saidIn = (room: string, all: readonly Element[]): readonly Element[] =>
  all.filter((one) => one.name === 'message' && one.attrs.from?.startsWith(`${room}/`) === true);

/** What servers' clocks may be apart, and how long something is under way (ms). */
const slackMs = 5_000;

/** One person's phone, through all its connections. */
class Phone {
  readonly nick: string;
  /** By what was said: the ids under which the room told it. */
  readonly heard = new Map<string, Set<string>>();
  readonly #world: RealWorld;
  readonly #room: string;
  readonly #way: Way;
  readonly #user: string;
  #now: Connected | undefined;
  #newest = Date.now();
  #lastId: string | undefined;

  constructor(world: RealWorld, room: string, way: Way) {
    this.nick = `phone${world.next()}`;
    this.#user = world.newUser();
    this.#world = world;
    this.#room = room;
    this.#way = way;
  }

  get now(): Connected {
    if (this.#now === undefined) throw new Error('it has never been on');
    return this.#now;
  }

  /** On a stream of its own, and in the room. What the server had not answered for is said again, as it was. */
  async arrives(resource: string): Promise<void> {
    const unsaid = this.#now?.line.unanswered.filter((one) => one.includes('<body>')) ?? [];
    this.reads();
    this.#now = await connect(this.#world, this.#user, resource);
    const since = new Date(this.#newest - slackMs).toISOString();
    const history = { silent: '', since: `<history since='${since}'/>`, archive: `<history maxstanzas='0'/>` };
    await this.now.client.join(this.#room, this.nick, { history: history[this.#way] });
    await this.catchesUp();
    for (const one of unsaid) this.now.client.send(one);
  }

  /** False: the server had given the stream up. */
  async resumes(): Promise<boolean> {
    if (!(await this.now.line.resume())) return false;
    await this.now.client.roundtrip(this.#world.prosody.domain);
    return true;
  }

  /** Goes through what has come on this connection. */
  reads(): void {
    if (this.#now === undefined) return;
    const { client, came } = this.now;
    for (const one of saidIn(this.#room, client.inbox.all)) {
      const id = child(one, 'stanza-id')?.attrs.id ?? 'none';
      this.#newest = Math.max(this.#newest, came.get(one) ?? 0);
      this.#hears(one, id);
    }
  }

  /** Page by page, behind the last one. */
  async catchesUp(): Promise<void> {
    for (let isOver = this.#way !== 'archive'; !isOver; ) {
      const after = this.#lastId === undefined ? '' : `<after>${this.#lastId}</after>`;
      const set = `<set xmlns='http://jabber.org/protocol/rsm'><max>20</max>${after}</set>`;
      const page = await past({ client: this.now.client }, this.#room, set);
      for (const [i, one] of page.messages.entries()) this.#hears(one, page.ids[i] ?? 'none');
      this.#lastId = textOf(child(child(page.fin, 'set'), 'last')) || this.#lastId;
      isOver = page.fin?.attrs.complete === 'true';
    }
  }

  /** Is it in the room, as the room says? */
  async isIn(): Promise<boolean> {
    const to = `${this.#room}/${this.nick}`;
    const answer = await this.now.client.ask(`<iq type='get' to='${to}'><ping xmlns='urn:xmpp:ping'/></iq>`);
    return answer.attrs.type === 'result';
  }

  #hears(message: Element, id: string): void {
    const text = bodyOf(message);
    if (text !== undefined) this.heard.set(text, (this.heard.get(text) ?? new Set()).add(id));
  }
}

/** The line breaks, and the phone comes back on its stream or on another, while Juliet counts and it counts too. Returns how far both came. */
async function wanders(phone: Phone, room: string, way: Way, seed: number, says: (text: string) => void) {
  const random = seededRandom(seed);
  const below = (n: number): number => Math.floor(random() * n);
  let [theirs, own, resource, isCut] = [0, 0, 0, false];
  const comesAnew = async (): Promise<void> => {
    // Who says nothing of the past is known again by the resource, while the server keeps the other stream.
    if (way !== 'silent' && random() < 0.5) resource += 1;
    await phone.arrives(`r${resource}`);
  };
  await phone.arrives('r0');
  while (theirs < 200 || isCut) {
    const what = below(8);
    if (what < 3) for (let n = below(12); n >= 0; n--) says(`theirs ${++theirs}`);
    else if (what === 3) phone.now.client.say(room, `own ${++own}`, `own-${seed}-${own}`);
    else if (what === 4) await pause(below(200));
    else if (!isCut) phone.now.line.cut();
    else if (what === 5) await comesAnew();
    else {
      if (what === 6) await pause(1_000 + below(2_000));
      if (!(await phone.resumes())) await comesAnew();
    }
    if (what < 5) continue;
    isCut = !isCut;
    if (!isCut) expect(await phone.isIn()).toBe(true);
  }
  return { theirs, own };
}

for (const server of ['prosody', 'ejabberd'] as const) {
  describe.skipIf(server === 'ejabberd' && !hasEjabberd())(server, () => on(server));
}

function on(server: 'prosody' | 'ejabberd'): void {
  const world = useWorld({ ircd: 'modern', server, keepsStreams: 2, lines: 1 });
  // What is said is on its way to the gateway for longer than the phone takes to go and to come back.
  beforeAll(() => {
    const { lines } = world();
    if (lines !== undefined) lines.irc.weather = { is: 'late', delayMs: 150, lost: 0, againMs: 0 };
  });

  test.concurrent('a stream that is given up: who comes back without a word gets what had waited for it', async () => {
    await using stage = new Stage(world());
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    const user = world().newUser();
    const nick = `phone${world().next()}`;
    const { client, line } = await connect(world(), user, 'phone');
    await client.join(stage.room, nick);
    const watcher = await world().jabber(user, 'watcher');
    line.cut();
    for (let n = 1; n <= 5; n++) juliet.says(`${n}`);
    await juliet.client.roundtrip();
    await watcher.receive(`<presence type='unavailable' from='${client.jid}'/>`);
    await watcher.roundtrip(`${stage.room}/${nick}`);
    juliet.says('6');
    await juliet.client.roundtrip();
    const back = await connect(world(), user, 'phone2');
    await back.client.join(stage.room, nick);
    juliet.says('7');
    await back.client.receive(`<message><body>7</body></message>`);
    expect(saidIn(stage.room, back.client.inbox.all).map(bodyOf)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    await back.client.close();
    await watcher.close();
  });

  // ejabberd may tell of the end of a stream behind what the one that replaces it says.
  if (server === 'ejabberd') return;
  const seeds = Number(process.env.FC_SEED ?? 1) || 1;
  const ways = [seeds, seeds + 1].flatMap((seed) =>
    (['silent', 'since', 'archive'] as const).map((way) => ({ seed, way })),
  );
  test.concurrent.each(ways)(
    '313-03 GEN-11 lost and back at random ($seed, asks $way): all is heard, each under one id, and what it says is said once',
    async ({ seed, way }) => {
      await using stage = new Stage(world());
      const juliet = await stage.irc('juliet');
      await juliet.enters();
      const phone = new Phone(world(), stage.room, way);
      const { theirs, own } = await wanders(phone, stage.room, way, seed, (text) => juliet.says(text));
      juliet.says('the end');
      await phone.now.client.receive(`<message><body>the end</body></message>`);
      phone.reads();
      await phone.catchesUp();
      const all = Array.from({ length: theirs }, (_, n) => `theirs ${n + 1}`);
      expect(all.filter((text) => phone.heard.get(text)?.size !== 1)).toEqual([]);
      const lines = () => juliet.client.inbox.all.flatMap((line) => / :?(own \d+)$/.exec(line)?.[1] ?? []);
      await until('Juliet has heard it all', () => lines().includes(`own ${own}`) || own === 0);
      expect(lines()).toEqual(Array.from({ length: own }, (_, n) => `own ${n + 1}`));
      await phone.now.client.close();
    },
    120_000,
  );
}
