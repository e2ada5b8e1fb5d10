/** A component stream to a server on an unreliable line: what was written is under way until `arrive`, and lost when the line breaks first. */
import type { Pipe } from '../../../src/delivery/wire.ts';

export class Line implements Pipe {
  up = false;
  readonly arrived: string[] = [];
  /** Every write, as it was given. */
  readonly writes: string[] = [];
  asked = 0;
  #way: (string | (() => void))[] = [];
  #barriers: ((error: Error) => void)[] = [];
  #drains: (() => void)[] = [];
  #room = Number.POSITIVE_INFINITY;

  write(text: string): boolean {
    if (!this.up) return false;
    this.writes.push(text);
    this.#way.push(text);
    return --this.#room > 0;
  }
  drained(): Promise<void> {
    return new Promise((resolve) => this.#drains.push(resolve));
  }
  barrier(): Promise<void> {
    this.asked++;
    return new Promise((resolve, reject) => {
      if (!this.up) return reject(new Error('down'));
      this.#way.push(resolve);
      this.#barriers.push(reject);
    });
  }
  /** The socket takes so many writes more. */
  narrow(writes: number): void {
    this.#room = writes;
  }
  drain(): void {
    this.#room = Number.POSITIVE_INFINITY;
    for (const call of this.#drains.splice(0)) call();
  }
  /** The server processes the next `count` things on their way. */
  arrive(count: number): void {
    for (const thing of this.#way.splice(0, count)) {
      if (typeof thing === 'string') this.arrived.push(...thing.split(';').filter((text) => text !== ''));
      else thing();
    }
  }
  break(): void {
    this.up = false;
    this.#way = [];
    for (const reject of this.#barriers.splice(0)) reject(new Error('down'));
  }
}
