/**
 * What batch.ts is for one Redis, for a cluster. What is of one slot goes one command at a time, for all that gathered meanwhile, to whoever has that slot,
 * and is sent again before anything else of it until it is answered. So order is kept within an account, whatever dies or moves in between; what leaves for several slots
 * of a node leaves as one write.
 */
import type { Redis } from 'ioredis';
import type { Clock } from '../../bridge/contract.ts';
import { again, away, type Batch, type Behind, commandOf, gatherMs, type Load, pauseMs, whyAgain } from './batch.ts';
import { type Sealed, seal } from './sealing.ts';
import { slotOf } from './slots.ts';
import { createTurnstile } from './turnstile.ts';

/** Who has what. */
export interface Nodes {
  /** Whoever has that slot, as far as is known; undefined: nobody who could be asked now. */
  of(slot: number): Redis | undefined;
  /** What is known seems to be wrong. */
  lookAgain(): void;
}

/** What is of one slot. */
interface Slot {
  readonly number: number;
  waiting: Load[];
  /** Those that wait for others, in their order. */
  readonly late: { readonly load: Load; isFree: boolean }[];
  /** What leaves next, in order: the first of it may be on its way, or rest. */
  leaving: Sealed[];
  isFlying: boolean;
  /** It flies, or rests because of what came back. */
  isBusy: boolean;
  /** It leaves with the next launch. */
  isReady: boolean;
}

/** Errors that say that others have the slot now. */
const elsewhere = /^(MOVED|ASK|CLUSTERDOWN|READONLY)\b|^Connection is closed|isn't writeable/;

/** See Batch; a load is safe to be carried out twice here too. */
export function createClusterBatch(nodes: Nodes, clock: Clock): Batch {
  const slots = new Map<number, Slot>();
  const everything = createTurnstile();
  const journals = createTurnstile();
  let ready: Slot[] = [];
  let resting: Slot[] = [];
  let flights = 0;
  let scheduled = false;
  let closed = false;
  let lastAt = 0;
  let lastButOneAt = 0;

  function slotAt(number: number): Slot {
    let slot = slots.get(number);
    if (slot === undefined) {
      slot = { number, waiting: [], late: [], leaving: [], isFlying: false, isBusy: false, isReady: false };
      slots.set(number, slot);
    }
    return slot;
  }

  /** Others can wait for it to be answered. */
  function counted(load: Load): Load {
    const gone = everything.enter();
    const written = load.isJournal === true ? journals.enter() : undefined;
    const again = load.again?.bind(load);
    const leave = (): void => {
      gone();
      written?.();
    };
    return {
      key: load.key,
      seal() {
        const call = load.seal();
        if (call === undefined) leave();
        return call;
      },
      ...(again && { again }),
      done(reply) {
        load.done(reply);
        leave();
      },
      failed(error) {
        load.failed(error);
        leave();
      },
    };
  }

  function behind(what: Behind, call: () => void): void {
    if (what === 'all') everything.behind(call);
    // What is put into a journal while an entry of it is on its way follows when that is there.
    else journals.behind(() => setImmediate(() => journals.behind(call)));
  }

  function add(load: Load): void {
    if (closed) {
      load.failed(away());
      return;
    }
    const slot = slotAt(slotOf(load.key));
    if (load.behind === undefined) {
      slot.waiting.push(counted(load));
      wake(slot);
      return;
    }
    const late = { load, isFree: false };
    slot.late.push(late);
    behind(load.behind, () => {
      late.isFree = true;
      wake(slot);
    });
  }

  function wake(slot: Slot): void {
    const { waiting, late, leaving } = slot;
    const hasSome = leaving.length + waiting.length > 0 || late[0]?.isFree === true;
    if (slot.isBusy || slot.isReady || closed) return;
    if (!hasSome) {
      if (late.length === 0) slots.delete(slot.number);
      return;
    }
    slot.isReady = true;
    ready.push(slot);
    if (scheduled) return;
    scheduled = true;
    if (clock.now() - lastButOneAt < 2 * gatherMs) clock.after(gatherMs, launch);
    else setImmediate(launch);
  }

  function launch(): void {
    scheduled = false;
    if (closed) return;
    lastButOneAt = lastAt;
    lastAt = clock.now();
    const leaving = ready;
    const corked = new Set<Redis['stream']>();
    ready = [];
    for (const slot of leaving) {
      slot.isReady = false;
      if (slot.leaving.length === 0) slot.leaving = seal(taken(slot));
      const [sealed] = slot.leaving;
      if (sealed !== undefined) fly(slot, sealed, corked);
    }
    for (const stream of corked) stream.uncork();
  }

  /** Those that waited first: what failed is out of the way when its sender has it accepted again. */
  function taken(slot: Slot): Load[] {
    const loads: Load[] = [];
    while (slot.late[0]?.isFree === true) loads.push(...slot.late.splice(0, 1).map(({ load }) => load));
    loads.push(...slot.waiting);
    slot.waiting = [];
    return loads;
  }

  function fly(slot: Slot, sealed: Sealed, corked: Set<Redis['stream']>): void {
    const node = nodes.of(slot.number);
    if (node === undefined) {
      nodes.lookAgain();
      rest(slot);
      return;
    }
    slot.isBusy = true;
    slot.isFlying = true;
    flights++;
    // There is none before it is connected.
    const stream: Redis['stream'] | undefined = node.stream;
    if (stream !== undefined && !corked.has(stream)) {
      stream.cork();
      corked.add(stream);
    }
    const land = (error?: Error | null, value?: unknown): void => landed(slot, node, error ?? undefined, value);
    node.sendCommand(commandOf(sealed, land));
  }

  function landed(slot: Slot, node: Redis, failed: Error | undefined, value: unknown): void {
    flights--;
    slot.isFlying = false;
    const [sealed] = slot.leaving;
    if (sealed === undefined) return;
    const refusal = sealed.script?.together === true ? whyAgain(value) : undefined;
    const error = failed ?? refusal;
    if (error !== undefined && !closed && (refusal !== undefined || again.test(error.message))) {
      sendAgain(slot, node, sealed, error);
      return;
    }
    slot.leaving.shift();
    if (error === undefined) sealed.done(value);
    else sealed.failed(error);
    goOn(slot);
  }

  function sendAgain(slot: Slot, node: Redis, sealed: Sealed, error: Error): void {
    const { script } = sealed;
    sealed.again();
    if (elsewhere.test(error.message)) nodes.lookAgain();
    // Where it can't be loaded, the command fails again.
    if (script === undefined || !error.message.startsWith('NOSCRIPT')) rest(slot);
    else
      node.script('LOAD', script.text).then(
        () => goOn(slot),
        () => rest(slot),
      );
  }

  function goOn(slot: Slot): void {
    slot.isBusy = false;
    wake(slot);
  }

  function rest(slot: Slot): void {
    slot.isBusy = true;
    if (resting.push(slot) > 1) return;
    clock.after(pauseMs, () => {
      const rested = resting;
      resting = [];
      for (const one of rested) goOn(one);
    });
  }

  return {
    add,
    // What is of one slot leaves by itself here, and at once.
    hurry: () => undefined,
    get flying() {
      return flights > 0;
    },
    ask(call, order) {
      const key = ('script' in call ? call.keys[0] : call.command[1]) ?? '';
      return new Promise((done, failed) => add({ ...order, key, seal: () => call, done, failed }));
    },
    journaled: () => new Promise((resolve) => behind('journals', resolve)),
    close() {
      closed = true;
      for (const slot of slots.values()) {
        // What is on its way is answered, or fails with the connection.
        const { leaving, waiting, late } = slot;
        for (const one of leaving.splice(slot.isFlying ? 1 : 0)) one.failed(away());
        for (const one of [...waiting, ...late.map(({ load }) => load)]) one.failed(away());
      }
      slots.clear();
    },
  };
}
