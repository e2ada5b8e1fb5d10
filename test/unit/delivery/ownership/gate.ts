/** What stands between a process and the rest of the world: shut, it is a process under SIGSTOP; shut for ever, one under SIGKILL. */
export interface Gate {
  shut(): void;
  open(): void;
  /** Calls at once, or when the gate opens; in the order of the calls. */
  pass(call: () => void): void;
  /** The request leaves when the gate is open, and its answer comes in when it is open. */
  through<T>(ask: () => Promise<T>): Promise<T>;
  /** Requests that are on their way while the gate is open. */
  readonly busy: number;
}

export function createGate(): Gate {
  let isOpen = true;
  let busy = 0;
  const waiting: (() => void)[] = [];

  function pass(call: () => void): void {
    if (isOpen) call();
    else waiting.push(call);
  }

  const opened = (): Promise<void> => new Promise((resolve) => pass(resolve));

  return {
    shut() {
      isOpen = false;
    },
    open() {
      isOpen = true;
      for (const call of waiting.splice(0)) call();
    },
    pass,
    async through(ask) {
      await opened();
      busy++;
      try {
        return await ask();
      } finally {
        await opened().finally(() => busy--);
      }
    },
    get busy() {
      return isOpen ? busy : 0;
    },
  };
}
