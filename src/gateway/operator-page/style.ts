/** What the operator's page looks like, on a telephone and on a wide screen, light or dark as they are. */
export const operatorStyle = `
:root {
  color-scheme: light dark;
  --line: #c4c7c5;
  --accent: #0b57d0;
  --on-accent: #fff;
  --wrong: #b3261e;
  --fine: #146c2e;
  --soft: #f1f3f4;
  --dim: #5f6368;
  --l0: #0b57d0;
  --l1: #b3261e;
  --l2: #146c2e;
  --l3: #8430ce;
}
@media (prefers-color-scheme: dark) {
  :root {
    --line: #55585b;
    --accent: #a8c7fa;
    --on-accent: #062e6f;
    --wrong: #f2b8b5;
    --fine: #6dd58c;
    --soft: #2a2b2e;
    --dim: #bdc1c6;
    --l0: #a8c7fa;
    --l1: #f2b8b5;
    --l2: #6dd58c;
    --l3: #d7aefb;
  }
}
* { box-sizing: border-box; }
body { margin: 0; font: 1rem / 1.45 system-ui, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 0.75rem 1rem 3rem; }
h1 { font-size: 1.3rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 0.5rem; }
p { margin: 0 0 0.75rem; overflow-wrap: anywhere; }
header { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: center; justify-content: space-between; }
nav { flex-basis: 100%; display: flex; flex-wrap: wrap; gap: 0.25rem; border-bottom: 1px solid var(--line); padding-bottom: 0.5rem; }
nav a { padding: 0.5rem 0.45rem; border-radius: 0.4rem; text-decoration: none; }
nav a[aria-current] { background: var(--accent); color: var(--on-accent); }
@media (min-width: 30rem) { nav a { padding: 0.5rem 0.75rem; } }
a { color: var(--accent); }
.soft { color: var(--dim); font-size: 0.9rem; }
.wrong { padding: 0.6rem 0.9rem; border-left: 0.3rem solid var(--wrong); border-radius: 0.25rem; background: var(--soft); }
.news { padding: 0.6rem 0.9rem; border-left: 0.3rem solid var(--fine); border-radius: 0.25rem; background: var(--soft); }
.cards { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.6rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); }
.cards > li { padding: 0.7rem 0.9rem; border: 1px solid var(--line); border-radius: 0.5rem; min-width: 0; overflow-wrap: anywhere; }
.cards ul { margin: 0.35rem 0 0; padding-left: 1.1rem; font-size: 0.9rem; }
.head { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 0.75rem; }
.head b { overflow-wrap: anywhere; min-width: 0; }
.tag { color: var(--dim); font-size: 0.9rem; white-space: nowrap; }
.tag.bad { color: var(--wrong); font-weight: 600; }
.tag.good { color: var(--fine); }
figure { margin: 0; min-width: 0; }
figcaption { font-weight: 600; margin-bottom: 0.25rem; }
.plots { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); margin-top: 1rem; }
.plot { display: block; width: 100%; height: auto; }
.plot text { fill: currentColor; font-size: 12px; opacity: 0.75; }
.grid { stroke: var(--line); stroke-width: 1; fill: none; }
.line, .key path { fill: none; stroke-width: 2; stroke-linejoin: round; }
.l0, .l0 path { stroke: var(--l0); }
.l1, .l1 path { stroke: var(--l1); stroke-dasharray: 6 3; }
.l2, .l2 path { stroke: var(--l2); stroke-dasharray: 2 2; }
.l3, .l3 path { stroke: var(--l3); stroke-dasharray: 9 3 2 3; }
.key { width: 24px; height: 8px; margin-right: 0.35rem; }
.legend { list-style: none; margin: 0.25rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.1rem 1rem; font-size: 0.9rem; }
.pick { display: flex; gap: 0.75rem; align-items: flex-start; }
.pick input { width: 1.25rem; height: 1.25rem; margin: 0.15rem 0 0; flex: none; accent-color: var(--accent); }
.pick span { min-width: 0; }
.acts { display: flex; flex-wrap: wrap; gap: 0.6rem; margin: 0.9rem 0; align-items: center; }
input[type="password"] { width: 100%; max-width: 26rem; min-height: 2.75rem; padding: 0.5rem 0.65rem; font: inherit; color: inherit; background: Field; border: 1px solid var(--line); border-radius: 0.4rem; display: block; margin: 0.25rem 0 0.9rem; }
button { min-height: 2.75rem; padding: 0.5rem 1rem; font: inherit; font-weight: 600; cursor: pointer; border: 1px solid var(--accent); border-radius: 0.4rem; background: var(--accent); color: var(--on-accent); }
button.quiet { background: transparent; color: inherit; border-color: var(--line); font-weight: 400; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;
