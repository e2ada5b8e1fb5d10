/** When to try again after a stream ended: soon and ever less often where it may pass by itself, slowly where it takes somebody to change something. */
import type { LinkEnd } from './link.ts';

const FIRST_MS = 1_000;
const MOST_MS = 60_000;
/** While a stream of ours is in the way it may go at any moment, and what is said meanwhile waits for us. */
const GHOST_MS = 4_000;

/** 114-10 to 114-13: the server will not have us as we are. */
const refusals: ReadonlySet<string> = new Set([
  'host-unknown',
  'host-gone',
  'not-authorized',
  'conflict',
  'invalid-namespace',
  'improper-addressing',
  'unsupported-version',
]);

/** Whether a stream error means that trying again soon is of no use. */
export function isRefusal(end: LinkEnd): boolean {
  return end.condition !== undefined && refusals.has(end.condition);
}

/** 114-14, 114-15: what we sent ended the stream, so it is a bug of ours. */
export function isOurFault(end: LinkEnd): boolean {
  const faults = ['invalid-from', 'not-well-formed', 'invalid-xml', 'policy-violation', 'bad-format', 'restricted-xml'];
  return end.condition !== undefined && faults.includes(end.condition);
}

/**
 * How long to wait. After a refusal at least a minute (but 114-12: seconds where a stream of our own is in the way), else 1 s doubled by every failure since the stream last lasted, at most a minute; by half of it at random.
 * @param failures 1 after the first
 */
export function waitMs(
  end: LinkEnd,
  failures: number,
  { random = Math.random, isGhost = false }: { readonly random?: () => number; readonly isGhost?: boolean } = {},
): number {
  if (isRefusal(end) && !isGhost) return Math.round(MOST_MS * (1 + random() / 2));
  const full = Math.min(isGhost ? GHOST_MS : MOST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return Math.round((full / 2) * (1 + random()));
}

/** see-other-host's content as an address; undefined where it is none. */
export function otherHost(text: string, port: number): { readonly host: string; readonly port: number } | undefined {
  const found =
    /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]/@]+))(?::(\d{1,5}))?$/.exec(text) ?? /^()([0-9a-fA-F:.]+)$/.exec(text);
  const host = found?.[1] || found?.[2];
  const given = found?.[3] === undefined ? port : Number(found[3]);
  return host === undefined || given < 1 || given > 65_535 ? undefined : { host, port: given };
}
