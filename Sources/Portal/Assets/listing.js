// A table of some hundred objects at most, filtered by the server and from the address, which stays right by itself. Peers, of
// which there may be many more, have `rows.js`.

import { go } from './app.js';
import { api, button, counted, empty, failing, fill, h, page, renew, select, table, time, toast } from './ui.js';

const pageSize = 50;

/// `path` and `fixed` say which list; `search` is the filter for a text, `choices` are `{ name, all, filter, options }`.
/// `none` stands where there is nothing at all. Events of the types in `changedBy` have the list read again, and so has every
/// tick of `seconds`. `words` are what one and many are called. `before` is awaited with the objects before they are shown.
export function listing({ query, signal, changes, figures }, { path, fixed = {}, search, choices = [], columns, words, none, changedBy = [], seconds, before }) {
  const place = h('div');
  const foot = h('p.actions');
  let pages = 1;
  let turn = 0;

  const chosen = () => Object.fromEntries([['search', search], ...choices.map(({ name, filter }) => [name, filter])]
    .filter(([name, filter]) => filter && query.get(name)).map(([name, filter]) => [filter, query.get(name)]));

  async function read() {
    const mine = ++turn;
    const answers = await Promise.all(Array.from({ length: pages }, (_, at) => api.list(path,
      { ...fixed, ...chosen(), 'page[size]': pageSize, 'page[number]': at + 1 })));
    const menu = place.querySelector(':popover-open'); // would be gone with its row
    if (menu) await new Promise(closed => menu.addEventListener('toggle', closed, { once: true }));
    const objects = answers.flatMap(({ data }) => data);
    await before?.(objects);
    if (mine !== turn) return;
    show(objects, answers[0].meta?.total_results ?? objects.length);
  }

  function show(objects, total) {
    const filtered = Object.keys(chosen()).length > 0;
    const next = objects.length ? table(columns.filter(Boolean), objects, words[1]) : filtered
      ? empty('Nothing fits', `There are ${words[1]}, but none that fits these filters.`,
        button('Show all', () => narrow(Object.fromEntries(['search', ...choices.map(({ name }) => name)].map(name => [name, null])))))
      : none();
    toolbar.hidden = !objects.length && !filtered;
    const ids = objects.map(one => one.id).join();
    (ids && ids === place.dataset.ids ? renew : fill)(place, next);
    place.dataset.ids = ids;
    fill(foot, total > objects.length && [h('span.muted', `${counted(objects.length, ...words)} of ${total}`),
      button('Show more', () => { pages++; return read(); })]);
  }

  function narrow(members) {
    query.set(members);
    pages = 1;
    for (const control of toolbar.elements) if (control.name) control.value = query.get(control.name) ?? '';
    return attempt();
  }

  let timer;
  const toolbar = h('form.toolbar', { role: 'search', label: `Filter ${words[1]}`, hidden: true, onsubmit: event => event.preventDefault() },
    search && h('input', {
      type: 'search', name: 'search', label: 'Search by name', placeholder: 'Search by name', value: query.get('search') ?? '', maxlength: 200,
      oninput: ({ target }) => { clearTimeout(timer); timer = setTimeout(() => signal.aborted || narrow({ search: target.value.trim() }), 150); },
    }),
    choices.map(({ name, all, options }) => select({ name, label: all, onchange: ({ target }) => narrow({ [name]: target.value }) },
      [['', all], ...options], query.get(name) ?? '')));

  const attempt = () => read().catch(failing(place, () => attempt()));
  changes(events => { if (events.some(event => event.type === 'reset' || changedBy.includes(event.object_type))) attempt(); });
  const ready = attempt();
  if (seconds) ready.then(() => figures(read, seconds));
  return { element: h('div', toolbar, h('div.card.list', place, foot)), ready };
}

/// A page that is a list: its head, and the list. `make` is the role that may make a new object, or whether the caller may, and the button for it; `none` says why there is nothing.
export async function listPage(context, { title, subtitle, make: [role, words, onclick], none, ...list }) {
  const actions = [(role === true || (role && context.can(role))) && button(words, onclick, 'primary')];
  const { element, ready } = listing(context, { ...list, none: () => empty(...none) });
  await ready;
  return page(title, { subtitle, actions }, element);
}

/// Loads the page of one object anew when that was changed, or what `also` says, and leaves for the list when it is deleted.
export function whileThere({ params: { id }, changes, reload }, list, noun, also = () => false) {
  changes(events => {
    const mine = events.filter(event => event.type === 'reset' || event.object_id === id || also(event));
    if (mine.some(event => event.object_id === id && event.type.endsWith('.deleted'))) {
      toast(`The ${noun} was deleted.`);
      go(list, { replace: true });
    } else if (mine.length) {
      reload();
    }
  });
}

/// A column with a time.
export const when = (title, member, kind) => [title, one => time(one[member]), kind];
