// A table of some hundred objects at most, filtered by the server and from the address, which stays right by itself. Peers, of
// which there may be many more, have `rows.js`.

import { api } from './api.js';
import { fill, h, renew } from './dom.js';
import { counted, time } from './format.js';
import { banner, button, empty, header, problemText, select, table } from './ui.js';

const pageSize = 50;

/// `path` and `fixed` say which list; `search` is the filter for a text, `choices` are `{ name, all, filter, options }`.
/// `none` stands where there is nothing at all. Events of the types in `changedBy` have the list read again, and so has every
/// tick of `seconds`. `words` are what one and many are called.
export function listing(context, { path, fixed = {}, search, choices = [], columns, words, none, changedBy = [], seconds }) {
  const place = h('div');
  const foot = h('p', { class: 'actions' });
  let pages = 1;
  let turn = 0;

  const chosen = () => Object.fromEntries([['search', search], ...choices.map(({ name, filter }) => [name, filter])]
    .filter(([name, filter]) => filter && context.query.get(name)).map(([name, filter]) => [filter, context.query.get(name)]));

  async function read() {
    const mine = ++turn;
    const answers = await Promise.all(Array.from({ length: pages }, (_, at) => api.list(path,
      { ...fixed, ...chosen(), 'page[size]': pageSize, 'page[number]': at + 1 }, { signal: context.signal })));
    const menu = place.querySelector(':popover-open'); // would be gone with its row
    if (menu) await new Promise((closed) => menu.addEventListener('toggle', closed, { once: true }));
    if (mine !== turn) return;
    const objects = answers.flatMap(({ data }) => data);
    show(objects, answers[0].meta?.total_results ?? objects.length);
  }

  function show(objects, total) {
    const filtered = Object.keys(chosen()).length > 0;
    const next = objects.length ? table(columns.filter(Boolean), objects, { caption: words[1] }) : filtered
      ? empty('Nothing fits', `There are ${words[1]}, but none that fits these filters.`,
        button('Show all', { onclick: () => narrow(Object.fromEntries(['search', ...choices.map(({ name }) => name)].map((name) => [name, null]))) }))
      : none();
    toolbar.hidden = !objects.length && !filtered;
    const ids = objects.map((one) => one.id).join();
    (ids && ids === place.dataset.ids ? renew : fill)(place, next);
    place.dataset.ids = ids;
    fill(foot, total > objects.length && [h('span', { class: 'muted' }, `${counted(objects.length, ...words)} of ${total}`),
      button('Show more', { onclick: () => { pages++; return read(); } })]);
  }

  function narrow(members) {
    context.query.set(members);
    pages = 1;
    for (const control of toolbar.elements) if (control.name) control.value = context.query.get(control.name) ?? '';
    return attempt();
  }

  let timer;
  const toolbar = h('form', { class: 'toolbar', role: 'search', 'aria-label': `Filter ${words[1]}`, hidden: true, onsubmit: (event) => event.preventDefault() },
    search && h('input', {
      type: 'search', name: 'search', 'aria-label': 'Search by name', placeholder: 'Search by name', value: context.query.get('search') ?? '', maxlength: 200,
      oninput: ({ target }) => { clearTimeout(timer); timer = setTimeout(() => context.signal.aborted || narrow({ search: target.value.trim() }), 150); },
    }),
    choices.map(({ name, all, options }) => select({ name, 'aria-label': all, onchange: ({ target }) => narrow({ [name]: target.value }) },
      [{ value: '', text: all }, ...options], context.query.get(name) ?? '')));

  const attempt = () => read().catch((problem) => {
    if (problem.name !== 'AbortError') fill(place, banner('error', problemText(problem), button('Try again', { onclick: attempt })));
  });
  context.changes((events) => { if (events.some((event) => event.type === 'reset' || changedBy.includes(event.object_type))) attempt(); });
  const ready = attempt();
  if (seconds) ready.then(() => context.figures(read, seconds));
  return { element: h('div', toolbar, h('div', { class: 'card list' }, place, foot)), ready };
}

/// A page that is a list: its head, and the list. `make` gives what makes a new object, `none` says why there is nothing.
export async function listPage(context, { title, subtitle, make, none, ...list }) {
  const { element, ready } = listing(context, { ...list, none: () => empty(...none, make?.()) });
  await ready;
  return { title, element: h('div', header(title, { subtitle, actions: [make?.()] }), element) };
}

/// A column with a time.
export const when = (title, member, kind) => [title, (one) => time(one[member]), kind];
