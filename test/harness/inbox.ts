/** What a scripted client has heard, in order; waiting for something takes it, so that the same line can't satisfy two expectations. */

interface Waiting<T> {
  readonly wanted: (item: T) => boolean;
  readonly resolve: (item: T) => void;
  readonly reject: (error: Error) => void;
}

export class Inbox<T> {
  readonly all: T[] = [];
  readonly #taken = new Set<number>();
  readonly #waiting = new Set<Waiting<T>>();
  readonly #owner: string;
  readonly #show: (item: T) => string;
  #over: Error | undefined;
  /** Everything before it has been taken: searches start here, so that ten thousand lines cost no square. */
  #first = 0;

  constructor(owner: string, show: (item: T) => string) {
    this.#owner = owner;
    this.#show = show;
  }

  put(item: T): void {
    const index = this.all.push(item) - 1;
    for (const waiting of this.#waiting) {
      if (!waiting.wanted(item)) continue;
      this.#waiting.delete(waiting);
      this.#taken.add(index);
      waiting.resolve(item);
      return;
    }
  }

  /** No more will come: whoever waits is told why. */
  end(why: Error): void {
    this.#over ??= why;
    for (const waiting of this.#waiting) waiting.reject(this.#failure(`${why.message}, while waiting`));
    this.#waiting.clear();
  }

  /** The first item that fits and was not taken, now or within the time, which is long: ten thousand presences take theirs on a busy machine. */
  take(wanted: (item: T) => boolean, what: string, withinMs = 25_000): Promise<T> {
    while (this.#taken.has(this.#first)) {
      this.#taken.delete(this.#first);
      this.#first += 1;
    }
    for (let i = this.#first; i < this.all.length; i++) {
      const item = this.all[i];
      if (item === undefined || this.#taken.has(i) || !wanted(item)) continue;
      this.#taken.add(i);
      return Promise.resolve(item);
    }
    if (this.#over !== undefined)
      return Promise.reject(this.#failure(`${this.#over.message}, and there was no ${what}`));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(waiting);
        reject(this.#failure(`not within ${withinMs} ms: ${what}`));
      }, withinMs);
      const waiting: Waiting<T> = {
        wanted,
        resolve: (item) => {
          clearTimeout(timer);
          resolve(item);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#waiting.add(waiting);
    });
  }

  /** Counts these as taken: somebody has looked at them already. */
  skip(which: (item: T) => boolean, since: number): void {
    this.all.forEach((item, index) => {
      if (index >= since && which(item)) this.#taken.add(index);
    });
  }

  #failure(message: string): Error {
    const last = this.all
      .slice(-12)
      .map((item) => `  ${this.#show(item).slice(0, 400)}`)
      .join('\n');
    return new Error(`${this.#owner}: ${message}. It last heard:\n${last}`);
  }
}
