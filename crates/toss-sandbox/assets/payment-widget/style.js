// @ts-check
// The look of the widgets: light and dark, from 320 pixels on.

const STYLE = `
  :host { all: initial; display: block; color-scheme: light dark; }
  * { box-sizing: border-box; }
  .widget {
    --card: #fff; --text: #191f28; --quiet: #4e5968; --line: #8b95a1; --accent: #1b64da; --tint: #e8f3ff;
    padding: 1rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--card); color: var(--text);
    font: 1rem/1.5 -apple-system, BlinkMacSystemFont, "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR",
      "Malgun Gothic", sans-serif;
    word-break: keep-all; overflow-wrap: anywhere;
  }
  .head { display: flex; align-items: center; justify-content: space-between; gap: .5rem; margin: 0 0 .75rem; }
  .title { font-size: 1.125rem; font-weight: 700; }
  .mark { padding: .125rem .5rem; border-radius: .375rem; background: #ffe8b3; color: #5c3500; font-size: .75rem; font-weight: 700; }
  legend { float: left; width: 100%; padding: 0; }
  legend + * { clear: both; }
  fieldset { margin: 0; min-width: 0; }
  .methods { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .5rem; }
  label { cursor: pointer; }
  .choice {
    display: flex; align-items: center; gap: .5rem; min-height: 3rem; padding: .5rem .75rem;
    border: 1px solid var(--line); border-radius: .625rem;
  }
  .choice:has(:checked) { border-color: var(--accent); background: var(--tint); font-weight: 600; }
  .choice:has(:focus-visible), select:focus-visible, button:focus-visible, summary:focus-visible {
    outline: 3px solid var(--accent); outline-offset: 2px;
  }
  input { flex: none; width: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--accent); }
  .detail { display: grid; gap: .25rem; margin-top: .75rem; }
  .detail[hidden] { display: none; }
  select {
    width: 100%; min-height: 3rem; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .625rem;
    background: var(--card); color: var(--text); font: inherit;
  }
  .term { display: flex; align-items: center; gap: .5rem; min-height: 2.75rem; }
  .all { border-bottom: 1px solid var(--line); font-weight: 700; }
  details { margin: 0 0 .5rem 1.75rem; color: var(--quiet); font-size: .875rem; }
  details p { margin: .25rem 0; }
  summary { cursor: pointer; }
  dialog {
    width: min(30rem, 100vw); height: min(46rem, 100dvh); max-width: none; max-height: none; margin: auto; padding: 0;
    border: 0; border-radius: .75rem; overflow: hidden; background: #fff;
  }
  dialog::backdrop { background: rgb(0 0 0 / .6); }
  .frame { display: grid; grid-template-rows: auto 1fr; height: 100%; }
  .frame .head { margin: 0; padding: .5rem .5rem .5rem 1rem; }
  .frame button { min-width: 3rem; min-height: 2.75rem; border: 0; border-radius: .5rem; background: transparent; color: inherit; font: inherit; cursor: pointer; }
  iframe { width: 100%; height: 100%; border: 0; }
  .widget.window { padding: 0; border: 0; border-radius: 0; height: 100%; }
  @media (prefers-color-scheme: dark) {
    .widget { --card: #1c1d22; --text: #f2f4f6; --quiet: #b0b8c1; --line: #6b7684; --accent: #7ab1ff; --tint: #22314a; }
    dialog { background: #1c1d22; }
  }
`;
