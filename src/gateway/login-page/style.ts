/** What pages of logins look like: it stands in each of them, by the hash of which the browser knows it. For telephones first, light or dark as they are. */
export const style = `
:root {
  color-scheme: light dark;
  --line: #8a8a8a;
  --accent: #0b57d0;
  --on-accent: #fff;
  --wrong: #b3261e;
  --soft: #f1f3f4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --accent: #a8c7fa;
    --on-accent: #062e6f;
    --wrong: #f2b8b5;
    --soft: #2a2b2e;
  }
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
  font:
    1rem / 1.5 system-ui,
    sans-serif;
}
main {
  max-width: 30rem;
  margin: 0 auto;
  padding: 1.25rem 1rem 3rem;
}
h1 {
  font-size: 1.4rem;
  line-height: 1.25;
  margin: 0 0 0.75rem;
  overflow-wrap: anywhere;
}
p {
  margin: 0 0 0.75rem;
  overflow-wrap: anywhere;
}
.for {
  margin-bottom: 1.25rem;
  font-size: 0.9rem;
}
.box {
  padding: 0.75rem 1rem;
  border-radius: 0.5rem;
  background: var(--soft);
}
.wrong {
  padding: 0.75rem 1rem;
  border-left: 0.3rem solid var(--wrong);
  border-radius: 0.25rem;
  background: var(--soft);
}
.field {
  margin: 0 0 1.1rem;
  padding: 0;
  border: 0;
  min-width: 0;
}
.field > label:not(.pick),
legend {
  display: block;
  padding: 0;
  font-weight: 600;
  margin-bottom: 0.25rem;
}
.hint {
  display: block;
  margin: 0 0 0.35rem;
  font-size: 0.9rem;
}
input[type="text"],
input[type="password"],
textarea,
select {
  width: 100%;
  min-height: 2.75rem;
  padding: 0.5rem 0.65rem;
  font: inherit;
  color: inherit;
  background: Field;
  border: 1px solid var(--line);
  border-radius: 0.4rem;
}
.pick {
  display: flex;
  gap: 0.6rem;
  align-items: center;
  min-height: 2.75rem;
}
.pick input {
  width: 1.25rem;
  height: 1.25rem;
  margin: 0;
  flex: none;
  accent-color: var(--accent);
}
button,
a.button {
  display: block;
  width: 100%;
  min-height: 2.75rem;
  padding: 0.6rem 1rem;
  font: inherit;
  font-weight: 600;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
  border: 1px solid var(--accent);
  border-radius: 0.4rem;
  background: var(--accent);
  color: var(--on-accent);
}
button.quiet {
  margin-top: 0.75rem;
  background: transparent;
  color: inherit;
  border-color: var(--line);
  font-weight: 400;
}
:focus-visible {
  outline: 3px solid var(--accent);
  outline-offset: 2px;
}
.code {
  font:
    600 1.6rem / 1.3 ui-monospace,
    monospace;
  letter-spacing: 0.08em;
  user-select: all;
  overflow-wrap: anywhere;
}
.qr {
  display: block;
  width: 100%;
  max-width: 17rem;
  height: auto;
  margin: 0 auto 0.75rem;
  padding: 0.5rem;
  background: #fff;
  border-radius: 0.5rem;
  image-rendering: pixelated;
}
a {
  color: var(--accent);
}
`;
