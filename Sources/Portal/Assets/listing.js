// A table of some hundred objects at most, filtered by the server and from the address, which stays right by itself. Peers, of
// which there may be many more, have `rows.js`.

import { go } from './app.js';
import { api, button, counted, delayed, empty, failing, fill, h, kinds, page, renew, select, table, time, toast } from './ui.js';

const pageSize = 50;

/// `kind` and `fixed` say which list; `search` is the filter for a text, `choices` are `{ name, all, filter, options }`. `none` stands
/// where there is nothing at all. Events of this kind of object, and of those in `changedBy`, have the list read again, and so has
/// every tick of `seconds`. `before` is awaited with the objects before they are shown.
export function listing({ query, signal, changes, figures }, { kind, fixed, noun = kinds[kind][0], search, choices = [], columns, none, changedBy = [], seconds, before }) {
  const nouns = `${noun}s`;
  const place = h('div');
  const foot = h('p.actions');
  let pages = 1;
  let turn = 0;

  const chosen = () => Object.fromEntries([['search', search], ...choices.map(({ name, filter }) => [name, filter])]
    .filter(([name, filter]) => filter && query.get(name)).map(([name, filter]) => [filter, query.get(name)]));

  async function read() {
    const mine = ++turn;
    const answers = await Promise.all(Array.from({ length: pages }, (_, at) => api.list(`${kind}s`,
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
    const next = objects.length ? table(columns, objects, nouns) : filtered
      ? empty('Nothing fits', `There are ${nouns}, but none that fits these filters.`,
        button('Show all', () => narrow(Object.fromEntries(['search', ...choices.map(({ name }) => name)].map(name => [name, null])))))
      : none();
    toolbar.hidden = !objects.length && !filtered;
    const ids = objects.map(one => one.id).join();
    (ids && ids === place.dataset.ids ? renew : fill)(place, next);
    place.dataset.ids = ids;
    fill(foot, total > objects.length && [h('span.muted', `${counted(objects.length, noun)} of ${total}`),
      button('Show more', () => { pages++; return read(); })]);
  }

  function narrow(members) {
    query.set(members);
    pages = 1;
    for (const control of toolbar.elements) if (control.name) control.value = query.get(control.name) ?? '';
    return attempt();
  }

  const toolbar = h('form.toolbar', { role: 'search', label: `Filter ${nouns}`, hidden: true, onsubmit: event => event.preventDefault() },
    search && h('input', {
      type: 'search', name: 'search', label: 'Search by name', placeholder: 'Search by name', value: query.get('search') ?? '', maxlength: 200,
      oninput: delayed(({ target }) => signal.aborted || narrow({ search: target.value.trim() })),
    }),
    choices.map(({ name, all, options }) => select({ name, label: all, onchange: ({ target }) => narrow({ [name]: target.value }) },
      [['', all], ...options], query.get(name) ?? '')));

  const attempt = () => read().catch(failing(place, () => attempt()));
  changes(events => { if (events.some(event => event.type === 'reset' || event.object_type === kind || changedBy.includes(event.object_type))) attempt(); });
  const ready = attempt();
  if (seconds) ready.then(() => figures(read, seconds));
  return { element: h('div', toolbar, h('div.card.list', place, foot)), ready };
}

/// A page that is a list: its head, and the list. `make` is the role that may make a new object, or whether the caller may, what
/// does it, and the words for it where they are not “New …”; `none` says what such an object is, where there is none.
export async function listPage(context, { subtitle, make: [role, onclick, words], none, ...list }) {
  const [noun] = kinds[list.kind];
  const actions = [(role === true || (role && context.can(role))) && button(words ?? `New ${noun}`, onclick, 'primary')];
  const { element, ready } = listing(context, { ...list, none: () => empty(`There are no ${noun}s yet`, none) });
  await ready;
  return page(`${noun[0].toUpperCase()}${noun.slice(1)}s`, { subtitle, actions }, element);
}

/// Loads the page of one object anew when that was changed, or what `also` says, and leaves for the list when it is deleted.
export function whileThere({ params: { id }, changes, reload }, kind, also = () => false) {
  const [noun, place] = kinds[kind];
  changes(events => {
    const mine = events.filter(event => event.type === 'reset' || event.object_id === id || also(event));
    if (mine.some(event => event.object_id === id && event.type === `${kind}.deleted`)) {
      toast(`The ${noun} was deleted.`);
      go(place.slice(0, -1), { replace: true });
    } else if (mine.length) {
      reload();
    }
  });
}

/// A column with a time.
export const when = (title, member, kind) => [title, one => time(one[member]), kind];
