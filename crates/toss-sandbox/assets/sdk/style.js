// @ts-check
// The look of the widgets: light and dark, from 320 pixels on.

const STYLE = `
  :host { all: initial; display: block; color-scheme: light dark; }
  * { box-sizing: border-box; }
  .widget {
    --card: #fff; --text: #191f28; --quiet: #4e5968; --line: #d1d6db; --edge: #8b95a1; --accent: #1b64da; --on-accent: #fff;
    --tint: #e8f3ff; --soft: #f7f8fa; --alert: #c9182b;
    padding: 1.25rem 1rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--card); color: var(--text);
    font: 1rem/1.5 -apple-system, BlinkMacSystemFont, "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR",
      "Malgun Gothic", sans-serif;
    word-break: keep-all; overflow-wrap: anywhere;
  }
  .head { display: flex; align-items: center; justify-content: space-between; gap: .5rem; margin: 0 0 1rem; }
  .title { margin: 0; font-size: 1.125rem; font-weight: 700; }
  .mark { padding: .125rem .5rem; border-radius: .375rem; background: #ffe8b3; color: #5c3500; font-size: .75rem; font-weight: 700; }
  legend { float: left; width: 100%; padding: 0; }
  legend + * { clear: both; }
  fieldset { margin: 0; min-width: 0; }
  .methods { display: grid; grid-template-columns: repeat(auto-fill, minmax(6.5rem, 1fr)); gap: .5rem; }
  label { cursor: pointer; }
  .choice {
    position: relative; display: grid; justify-items: start; align-content: space-between; gap: .5rem; min-height: 4.5rem;
    padding: .75rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--card); line-height: 1.25;
  }
  .choice:hover { background: var(--soft); }
  .choice:has(:checked) { border-color: var(--accent); background: var(--tint); box-shadow: inset 0 0 0 1px var(--accent); font-weight: 700; }
  .choice input { position: absolute; top: .625rem; right: .625rem; width: 1.125rem; height: 1.125rem; }
  .icon {
    display: grid; place-items: center; width: 1.75rem; height: 1.75rem; border-radius: .5rem; background: var(--tint);
    color: var(--accent); font-size: .875rem; font-weight: 700;
  }
  .choice:has(:checked) .icon { background: var(--accent); color: var(--on-accent); }
  .choice:has(:focus-visible), select:focus-visible, button:focus-visible, summary:focus-visible, .field input:focus-visible {
    outline: 3px solid var(--accent); outline-offset: 2px;
  }
  input { flex: none; width: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--accent); }
  .detail {
    display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr)); gap: .75rem; margin-top: .75rem;
    padding: 1rem; border-radius: .75rem; background: var(--soft);
  }
  .detail[hidden] { display: none; }
  .field { display: grid; gap: .25rem; min-width: 0; }
  .field label { color: var(--quiet); font-size: .875rem; }
  select, .field input {
    width: 100%; height: auto; min-height: 3rem; padding: .5rem .75rem; border: 1px solid var(--edge); border-radius: .625rem;
    background: var(--card); color: var(--text); font: inherit;
  }
  .hint { margin: 0; color: var(--quiet); }
  .notice { margin: .75rem 0 0; color: var(--alert); font-weight: 600; }
  .notice:empty { display: none; }
  .term { display: flex; align-items: center; gap: .625rem; min-height: 2.75rem; }
  .all { margin-bottom: .25rem; border-bottom: 1px solid var(--line); font-weight: 700; }
  details { margin: 0 0 .5rem 1.875rem; color: var(--quiet); font-size: .875rem; }
  details p { margin: .25rem 0; }
  summary { cursor: pointer; }
  dialog {
    width: min(30rem, 100vw); height: min(46rem, 100dvh); max-width: none; max-height: none; margin: auto; padding: 0;
    border: 0; border-radius: 1rem; overflow: hidden; background: #fff;
  }
  dialog::backdrop { background: rgb(0 0 0 / .6); }
  @media (max-width: 30rem) { dialog { border-radius: 0; } }
  .frame { display: grid; grid-template-rows: auto 1fr; height: 100%; }
  .frame > .head { margin: 0; padding: .5rem .5rem .5rem 1rem; border-bottom: 1px solid var(--line); }
  .frame > .head button { min-width: 3rem; min-height: 2.75rem; border: 0; border-radius: .5rem; background: transparent; color: inherit; font: inherit; cursor: pointer; }
  .sheet { display: grid; align-content: start; gap: .75rem; padding: 1rem; overflow-y: auto; }
  .pay {
    width: 100%; min-height: 3.25rem; border: 0; border-radius: .75rem; background: var(--accent); color: var(--on-accent);
    font: inherit; font-weight: 700; cursor: pointer;
  }
  .pay:disabled { background: var(--line); color: var(--quiet); cursor: not-allowed; }
  iframe { width: 100%; height: 100%; border: 0; }
  .widget.window { padding: 0; border: 0; border-radius: 0; }
  @media (prefers-color-scheme: dark) {
    .widget {
      --card: #1c1d22; --text: #f2f4f6; --quiet: #b0b8c1; --line: #3c414a; --edge: #6b7684; --accent: #7ab1ff; --on-accent: #0b1b33;
      --tint: #22314a; --soft: #25262c; --alert: #ff8a94;
    }
    dialog { background: #1c1d22; }
  }
`;
