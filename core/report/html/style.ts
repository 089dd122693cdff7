/** The page's look. Nothing in it comes from a network, and every colour has a light and a dark form. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f6f7f9, #14161b);
  --card: light-dark(#ffffff, #1c1f26);
  --ink: light-dark(#1b2430, #e7eaf0);
  --muted: light-dark(#5c6877, #9aa5b5);
  --line: light-dark(#e2e6ec, #2d323c);
  --axis: light-dark(#9aa5b5, #667184);
  --accent: light-dark(#3867d6, #7ea6ff);
  --done: light-dark(#2a9d78, #4cc9a0);
  --p50: light-dark(#23825f, #56d3a5);
  --p85: light-dark(#b3660a, #ffb454);
  --p95: light-dark(#c0392b, #ff8577);
  --wait-1: light-dark(#c3ccd8, #4a5464);
  --wait-2: light-dark(#a9b5c4, #5c687a);
  --wait-3: light-dark(#8f9db0, #707e92);
  --work-1: light-dark(#3867d6, #6f9bff);
  --work-2: light-dark(#8854d0, #b18cf2);
  --work-3: light-dark(#0f8fa9, #4fc3d9);
  --work-4: light-dark(#d9577c, #f391ad);
  --work-5: light-dark(#5f9d2f, #98d167);
  --work-6: light-dark(#b8860b, #e6bd4f);
  --unmapped: light-dark(#e0a458, #c98a3a);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1220px; margin: 0 auto; padding: 40px 28px 64px; }
header h1 { font-size: 30px; line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 6px; }
header p { margin: 0; color: var(--muted); }
h2 { font-size: 18px; letter-spacing: -0.01em; margin: 0 0 2px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 28px 0; padding: 0; }
.tiles div, section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.tiles div { padding: 14px 18px; }
.tiles dt { color: var(--muted); font-size: 13px; }
.tiles dd { margin: 2px 0 0; font-size: 25px; font-weight: 650; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.tiles dd small { display: block; font-size: 12.5px; font-weight: 400; letter-spacing: 0; color: var(--muted); }
section { padding: 22px 24px; margin: 16px 0; }
section > p { margin: 0 0 14px; color: var(--muted); max-width: 72ch; }
.beside { display: grid; grid-template-columns: minmax(0, 1.9fr) minmax(260px, 1fr); gap: 28px; align-items: start; }
@media (max-width: 860px) { .beside { grid-template-columns: minmax(0, 1fr); } main { padding: 24px 14px; } section { padding: 16px; } }
figure { margin: 0; color: var(--muted); min-width: 0; }
figure svg { width: 100%; height: auto; overflow: visible; font: 12px system-ui, sans-serif; }
.scroll { max-height: 372px; overflow: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); font-size: 13px; padding-bottom: 6px; }
th, td { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: 400; }
thead th { color: var(--muted); font-size: 12.5px; position: sticky; top: 0; background: var(--card); white-space: nowrap; }
.n { text-align: right; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 2px; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; margin: 0 0 12px; padding: 0; color: var(--ink); font-size: 13px; }
.legend i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 7px; vertical-align: -1px; }
.legend small { color: var(--muted); }
details summary { cursor: pointer; font-weight: 600; }
ul.notes { margin: 8px 0 0; padding-left: 20px; } ul.notes li { margin: 5px 0; max-width: 84ch; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media print { body { background: none; } section, .tiles div { break-inside: avoid; } .scroll { max-height: none; overflow: visible; } }
`
