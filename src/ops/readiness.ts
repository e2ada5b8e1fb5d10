/** Whether the gateway does its work: named checks, each true or the reason why not. What /readyz shows. */

export interface Readiness {
  /** A new check, not yet fulfilled. Set it to true, or to why not; `drop` forgets it. */
  check(name: string): { set(state: true | string): void; drop(): void };
  /** Every check as it stands. */
  checks(): Readonly<Record<string, true | string>>;
  /** All true, and there is at least one. */
  ready(): boolean;
}

export function createReadiness(): Readiness {
  const states = new Map<string, true | string>();
  return {
    check(name) {
      states.set(name, 'starting');
      return {
        set: (state) => {
          states.set(name, state);
        },
        drop: () => {
          states.delete(name);
        },
      };
    },
    checks: () => Object.fromEntries(states),
    ready: () => states.size > 0 && [...states.values()].every((state) => state === true),
  };
}
