/** A text that must not be printed: every way of turning it into output gives a placeholder, only `reveal` gives the text. */
import { inspect } from 'node:util';

const shown = '[secret]';

export class Secret {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  /** The text itself: for the one call that needs it, never to be kept, logged or put into an error. */
  reveal(): string {
    return this.#text;
  }
  toJSON(): string {
    return shown;
  }
  toString(): string {
    return shown;
  }
  [Symbol.toPrimitive](): string {
    return shown;
  }
  [inspect.custom](): string {
    return shown;
  }
}
