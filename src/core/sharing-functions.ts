/**
 * Things of which there are many, each with many functions or parts: a function that is made for each of them takes 56 bytes and more, which over all that an account is made
 * of was half of its memory (src/design/what-an-account-holds.md). Where that counts, functions stand in one table for all of a kind and find in `this` whose they are.
 */

/** `held`, with the functions of its kind. Whoever takes a function off it must call it on it. */
export function withFunctions<Functions extends object, Held extends object>(
  functions: Functions & ThisType<Functions & Held>,
  held: Held,
): Functions & Held {
  // Not `Object.create` and a copy: what is copied lies outside of the object, as V8 has it.
  return Object.setPrototypeOf(held, functions);
}

/** What holds parts that are made late. */
export interface HoldsLate {
  /** By name, those that were asked for. */
  late: Record<string, unknown> | undefined;
}

/** For `withFunctions`: parts that are made when they are first asked for, which for most things is never. */
export function lateParts<Parts extends object, Whole extends Parts & HoldsLate>(
  makers: {
    readonly [Name in keyof Parts]: (whole: Whole) => Parts[Name];
  },
): Parts {
  const table = {};
  for (const [name, make] of Object.entries<(whole: Whole) => unknown>(makers)) {
    Object.defineProperty(table, name, {
      get(this: Whole) {
        this.late ??= {};
        this.late[name] ??= make(this);
        return this.late[name];
      },
    });
  }
  return table as Parts;
}

/** That part, where it was asked for before. */
export const ifMade = <Whole extends HoldsLate, Name extends keyof Whole & string>(
  { late }: Whole,
  name: Name,
): Whole[Name] | undefined => late?.[name] as Whole[Name] | undefined;
