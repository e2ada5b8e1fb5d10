/** What the stream parser remembers between two pieces of text, what it may let through, and whom it tells. */
import type { Element, Node } from './element.ts';
import type { XmlError } from './fault.ts';
import type { Piece } from './piece.ts';
import { type Binding, resolvePrefix, undeclared } from './scope.ts';
import type { Skip } from './skip.ts';
import { newTag, type Tag, type TagLimits } from './tag.ts';

/** What a stanza may be. Lengths in UTF-16 units. */
export interface Limits extends TagLimits {
  readonly maxLength: number;
  /** Elements within one another, the stanza itself being 1. */
  readonly maxDepth: number;
  readonly maxElements: number;
  /** A prefix that nothing declares stands for no namespace (ejabberd forgets what a client has declared in its stream's header); false: it is an error. */
  readonly undeclaredPrefixes: boolean;
}

export const defaultLimits: Limits = {
  maxLength: 256 * 1024,
  maxDepth: 64,
  maxElements: 10_000,
  undeclaredPrefixes: true,
  maxAttributes: 64,
  maxNameLength: 256,
  maxValueLength: 64 * 1024,
};

/** Called synchronously out of `feed`; what they throw comes out of it, so they must not. */
export interface ParserEvents {
  /** The stream's header. `content`: the default namespace it declares. */
  start(root: Element, content: string): void;
  /** A child of the root is complete. */
  element(element: Element): void;
  /** A child of the root breaks a limit: its attributes as far as known, no children. The rest of it is passed over. */
  oversized(root: Element): void;
  /** The root is closed; whatever follows is ignored. */
  end(): void;
  /** Not XML as RFC 6120 has it. Nothing is read from here on. */
  error(error: XmlError): void;
}

/** An element that is still being read. */
export interface Building extends Element {
  /** Shared while there are none: most have none or one, and a list that grows is made for more than a dozen. */
  children: Node[];
}

const none: Node[] = [];

/** Puts it behind the others. */
export function addChild(to: Building, child: Node): void {
  if (to.children.length === 0) to.children = [child];
  else to.children.push(child);
}

export interface State extends Piece {
  readonly events: ParserEvents;
  readonly limits: Limits;
  readonly tag: Tag;
  /** How far `text` has been read. */
  at: number;
  /** What was left of the piece before: an unfinished token; and the first half of a surrogate pair. */
  rest: string;
  half: string;
  /** Past the place of the XML declaration. */
  begun: boolean;
  done: boolean;
  /** Elements open, the root included; the arrays are by depth, the root at 0. */
  depth: number;
  readonly open: Building[];
  readonly names: string[];
  readonly defaults: string[];
  readonly scopes: (Binding | undefined)[];
  /** Where in `text` the stanza begins (negative: in a piece before), and how many elements it has so far. */
  stanzaAt: number;
  elements: number;
  cdata: boolean;
  skipping: Skip | undefined;
}

/** At a stream's beginning. */
export function newState(events: ParserEvents, limits: Limits): State {
  return {
    events,
    limits,
    tag: newTag(),
    text: '',
    at: 0,
    rest: '',
    half: '',
    careful: false,
    lines: false,
    begun: false,
    done: false,
    depth: 0,
    open: [],
    names: [],
    defaults: [],
    scopes: [],
    stanzaAt: 0,
    elements: 0,
    cdata: false,
    skipping: undefined,
    less: -1,
    ampersand: -1,
    bracket: -1,
  };
}

/** The element that a start tag begins. */
export function elementOf(state: State, { name, attrs, scope, xmlns }: Tag): Building {
  const prefixed = name !== undefined && name.prefix !== '';
  const ns = prefixed
    ? (resolvePrefix(name.prefix, scope) ?? undeclared(state.limits.undeclaredPrefixes))
    : (xmlns ?? state.defaults[state.depth - 1] ?? '');
  return { name: name?.local ?? '', ns, attrs, children: none };
}
