/**
 * Payloads declared once, read and written by the declaration:
 *
 *   export const replyTo = element(REPLIES, 'reply', { to: optionalAttr('to'), id: attr('id') });
 *   export type ReplyTo = TypeOf<typeof replyTo>;
 *
 * Reading is strict about what a declaration demands and blind to the rest; writing puts attributes and children in the declaration's order.
 */
import type { Element, Node } from '../xml/element.ts';
import { textOf } from '../xml/query.ts';
import { write, type Xml } from '../xml/writer.ts';

/** Says of a part that it is there but not what it should be, or is missing and must not be: the whole element is then malformed. */
const malformed: unique symbol = Symbol('malformed');
type Malformed = typeof malformed;

/** What a part of an element is being written into. */
interface Draft {
  readonly ns: string;
  readonly attrs: Record<string, string>;
  readonly children: Node[];
}

/** One property of a value, somewhere in an element. `Optional`: the property may be absent. */
export interface Part<T, Optional extends boolean = boolean> {
  readonly optional: Optional;
  readonly read: (el: Element) => T | undefined | Malformed;
  /** A method, so that a shape can hold parts of any type; only `element` calls it, with what the part's own type says. */
  write(value: T, into: Draft): void;
}

/** An element's declaration. */
export interface Codec<T> {
  readonly ns: string;
  readonly name: string;
  /** undefined: another element, or malformed. */
  read(el: Element): T | undefined;
  /** The first such child of `parent`; undefined where there is none or it is malformed. */
  in(parent: Element): T | undefined;
  /** Is there such a child, well-formed or not? */
  has(parent: Element): boolean;
  write(value: T): Xml;
  toElement(value: T): Element;
}

export type TypeOf<C> = C extends Codec<infer T> ? T : never;

type Shape = Readonly<Record<string, Part<never> | Part<unknown>>>;
type ValueOf<P> = P extends Part<infer T> ? T : never;
type Required<S extends Shape> = { [K in keyof S]: S[K] extends { optional: true } ? never : K }[keyof S];
type Optional<S extends Shape> = { [K in keyof S]: S[K] extends { optional: true } ? K : never }[keyof S];
type Flat<T> = { readonly [K in keyof T]: T[K] };
export type Value<S extends Shape> = Flat<
  { [K in Required<S>]: ValueOf<S[K]> } & { [K in Optional<S>]?: ValueOf<S[K]> }
>;

const is = (node: Node, ns: string, name: string): node is Element =>
  typeof node !== 'string' && node.name === name && node.ns === ns;

/** Declares an element. A property that is absent from the element is absent from the value, never undefined. */
export function element<S extends Shape>(ns: string, name: string, shape: S): Codec<Value<S>> {
  const parts: readonly (readonly [string, Part<unknown>])[] = Object.entries(shape as Record<string, Part<unknown>>);
  function read(el: Element): Value<S> | undefined {
    if (el.name !== name || el.ns !== ns) return undefined;
    const value: Record<string, unknown> = {};
    for (const [key, part] of parts) {
      const found = part.read(el);
      if (found === malformed || (found === undefined && !part.optional)) return undefined;
      if (found !== undefined) value[key] = found;
    }
    return value as Value<S>;
  }
  function toElement(value: Value<S>): Element {
    const draft: Draft = { ns, attrs: Object.create(null), children: [] };
    const properties = value as Readonly<Record<string, unknown>>;
    for (const [key, part] of parts) {
      const property = properties[key];
      if (property !== undefined) part.write(property, draft);
    }
    return { name, ns, attrs: draft.attrs, children: draft.children };
  }
  const find = (parent: Element): Element | undefined => {
    for (const node of parent.children) if (is(node, ns, name)) return node;
    return undefined;
  };
  return {
    ns,
    name,
    read,
    in(parent) {
      const found = find(parent);
      return found === undefined ? undefined : read(found);
    },
    has: (parent) => find(parent) !== undefined,
    write: (value) => write(toElement(value)),
    toElement,
  };
}

// ── text and what it stands for ──────────────────────────────────────────────

/** Text ⇄ value; `read` gives undefined where the text is none of it. */
export interface Form<T> {
  read(text: string): T | undefined;
  write(value: T): string;
}

const asIs: Form<string> = { read: (text) => text, write: (value) => value };

/** A whole number, not negative. */
export const whole: Form<number> = {
  read: (text) => (/^\s*\d{1,15}\s*$/.test(text) ? Number(text) : undefined),
  write: String,
};

/** XML Schema's booleans. */
export const truth: Form<boolean> = {
  read: (text) => (text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined),
  write: String,
};

/** One of these words. */
export function oneOf<const W extends string>(...words: readonly W[]): Form<W> {
  return { read: (text) => words.find((word) => word === text), write: (value) => value };
}

// ── parts ────────────────────────────────────────────────────────────────────

const present = <T>(value: T | undefined): T | Malformed => (value === undefined ? malformed : value);

/** An attribute that must be there. */
export function attr(name: string): Part<string, false>;
export function attr<T>(name: string, form: Form<T>): Part<T, false>;
export function attr(name: string, form: Form<unknown> = asIs): Part<unknown, false> {
  return { ...optionalAttr(name, form), optional: false };
}

/** An attribute that may be there; one that can't be read counts as absent. */
export function optionalAttr(name: string): Part<string, true>;
export function optionalAttr<T>(name: string, form: Form<T>): Part<T, true>;
export function optionalAttr(name: string, form: Form<unknown> = asIs): Part<unknown, true> {
  return {
    optional: true,
    read: (el) => {
      const value = el.attrs[name];
      return value === undefined ? undefined : form.read(value);
    },
    write(value, into) {
      into.attrs[name] = form.write(value);
    },
  };
}

/** The element's own text; '' where it is empty. */
export function text(): Part<string, false>;
export function text<T>(form: Form<T>): Part<T, false>;
export function text(form: Form<unknown> = asIs): Part<unknown, false> {
  return {
    optional: false,
    read: (el) => form.read(textOf(el)),
    write(value, into) {
      const written = form.write(value);
      if (written !== '') into.children.push(written);
    },
  };
}

const put = (into: Draft, name: string, content: string): void => {
  into.children.push({ name, ns: into.ns, attrs: {}, children: content === '' ? [] : [content] });
};

/** The text of the first child of that name in the element's own namespace; one that can't be read counts as absent. */
export function childText(name: string): Part<string, true>;
export function childText<T>(name: string, form: Form<T>): Part<T, true>;
export function childText(name: string, form: Form<unknown> = asIs): Part<unknown, true> {
  return {
    optional: true,
    read(el) {
      for (const node of el.children) if (is(node, el.ns, name)) return form.read(textOf(node));
      return undefined;
    },
    write(value, into) {
      put(into, name, form.write(value));
    },
  };
}

/** The texts of all children of that name in the element's own namespace. */
export function texts(name: string): Part<readonly string[], false> {
  return {
    optional: false,
    read: (el) => el.children.filter((node) => is(node, el.ns, name)).map((node) => textOf(node as Element)),
    write(value, into) {
      for (const one of value) put(into, name, one);
    },
  };
}

/** Is there an empty child of that name in the element's own namespace? false is not written. */
export function flag(name: string): Part<boolean, false> {
  return {
    optional: false,
    read: (el) => el.children.some((node) => is(node, el.ns, name)),
    write(value, into) {
      if (value) put(into, name, '');
    },
  };
}

/** A child that must be there. */
export function child<T>(of: Codec<T>): Part<T, false> {
  return { ...maybe(of), optional: false };
}

/** A child that may be there; where it is, it must be well-formed. */
export function maybe<T>(of: Codec<T>): Part<T, true> {
  return {
    optional: true,
    read: (el) => (of.has(el) ? present(of.in(el)) : undefined),
    write(value, into) {
      into.children.push(of.toElement(value));
    },
  };
}

/** All such children; each must be well-formed. */
export function all<T>(of: Codec<T>): Part<readonly T[], false> {
  return {
    optional: false,
    read(el) {
      const found: T[] = [];
      for (const node of el.children) {
        if (!is(node, of.ns, of.name)) continue;
        const value = of.read(node);
        if (value === undefined) return malformed;
        found.push(value);
      }
      return found;
    },
    write(value, into) {
      for (const one of value) into.children.push(of.toElement(one));
    },
  };
}
