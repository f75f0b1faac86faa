// What was changed, when and by whom: the newest first, new ones as they happen, older ones as one scrolls.

import { api, button, copyButton, empty, exactly, failing, field, fill, h, kinds, nameOf, page, placeOf, put, select, sentence, table, time } from '../ui.js';

const size = 50;
/// A time of the address as its field has it: local, and to the minute.
const local = text => (text ? new Date(Date.parse(text) - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : '');
const operations = { created: 'created', updated: 'changed', deleted: 'deleted' };
const kindOf = event => kinds[event.object_type]?.[0] ?? event.object_type.replaceAll('_', ' ');

/// The members of the address, and the filter of the API that each stands for.
const filters = {
  kind: 'filter[object_type]', what: 'filter[type]', object: 'filter[object_id]', actor: 'filter[actor_id]',
  since: 'filter[occurred_at][gte]', until: 'filter[occurred_at][lt]',
};

export default async function events({ query, can, changes }) {
  const list = h('ol.events.card');
  const note = h('div.list-end');
  const chips = h('div.actions');
  const shown = new Set();
  let asked = null;
  let next = null;
  let loading = null;

  const asking = () => {
    const chosen = query.all();
    const found = {};
    for (const [name, filter] of Object.entries(filters)) if (chosen[name]) found[filter] = chosen[name];
    for (const name of ['since', 'until']) if (chosen[name]) found[filters[name]] = new Date(chosen[name]).toISOString();
    if (chosen.what) { found['filter[type]'] = `${chosen.kind}.${chosen.what}`; delete found['filter[object_type]']; }
    return found;
  };

  /// The page behind those that are shown. Events that came in the meantime move the pages on, so that some come twice.
  async function older() {
    if (loading || !next) return loading;
    const visit = asked;
    loading = api.list('events', { ...asking(), sort: '-occurred_at', 'page[size]': size, 'page[number]': next });
    try {
      const { data, meta } = await loading;
      if (visit !== asked) return;
      next = meta.page_number < meta.total_pages ? meta.page_number + 1 : null;
      add(data, 'append');
      fill(note, next ? button('Show older ones', older) : list.children.length ? 'These are all.' : nothing());
    } catch (problem) {
      failing(note, older)(problem);
    } finally {
      if (visit === asked) loading = null;
    }
  }

  function add(entries, where) {
    const fresh = entries.filter(event => !shown.has(event.revision));
    for (const { revision, actor } of fresh) { shown.add(revision); offer(actor); }
    list[where](...fresh.map(event => entry(event, query.get('event') === String(event.revision))));
  }

  const nothing = () => (Object.keys(asking()).length
    ? empty('No event fits', 'Nothing was changed that fits these filters.', button('Show all events', () => narrow(null)))
    : empty('Nothing has happened yet', 'Every change is listed here, with who made it.',
      h('a.button.primary', { href: '/start' }, 'Make the first peer')));

  function restart() {
    asked = {};
    next = 1;
    loading = null;
    shown.clear();
    fill(list);
    fill(note, h('p.hint', 'Loading…'));
    fill(chips, Object.entries({ object: 'one object', event: 'one event' }).filter(([name]) => query.get(name))
      .map(([name, words]) => button(`Only ${words} ×`, () => narrow({ [name]: null }), 'small', { label: `Show more than ${words}` })));
    return older();
  }

  /// Puts filters into the address, or with null takes all away.
  function narrow(members) {
    query.set(members ?? Object.fromEntries([...Object.keys(filters), 'event'].map(name => [name, null])));
    for (const control of bar.elements) if (control.name) control.value = (control.type === 'datetime-local' ? local : String)(query.get(control.name) ?? '');
    bar.elements.what.disabled = !bar.elements.kind.value;
    return restart();
  }

  const any = ['', 'Any'];
  // Those who may change something, as far as the caller may know, and those who were met so far.
  const who = select({ name: 'actor' }, [any]);
  const known = new Map();
  function offer({ id, name }) {
    if (!id) return;
    if (!known.has(id)) {
      known.set(id, h('option', { value: id }, `${id.slice(0, 8)}…`));
      who.append(known.get(id));
      who.value = query.get('actor') ?? '';
    }
    if (name) put(known.get(id), name);
  }
  offer({ id: query.get('actor') });
  if (can('owner')) for (const kind of ['users', 'api_keys']) api.all(kind).then(all => all.forEach(offer), () => {});
  const bar = h('form', {
    class: 'bar', role: 'search', label: 'Filter', onsubmit: event => event.preventDefault(),
    onchange: ({ target }) => narrow({ [target.name]: target.value, event: null, ...(target.name === 'kind' && !target.value && { what: null }) }),
  },
    field('Object', select({ name: 'kind' }, [any, ...Object.entries(kinds).map(([value, [text]]) => [value, text])], query.get('kind') ?? '')),
    field('Change', select({ name: 'what', disabled: !query.get('kind') }, [any, ...Object.entries(operations)], query.get('what') ?? '')),
    field('By', who),
    field('From', h('input', { name: 'since', type: 'datetime-local', value: local(query.get('since')) })),
    field('Until', h('input', { name: 'until', type: 'datetime-local', value: local(query.get('until')) })));

  changes(fresh => {
    if (fresh.some(event => event.type === 'reset')) { restart(); return; }
    const fits = fresh.filter(event => matches(event, asking()));
    if (!fits.length) return;
    // What is being read stays where it is.
    const before = list.offsetHeight;
    add(fits.toReversed(), 'prepend');
    if (!next) fill(note, 'These are all.');
    if (list.getBoundingClientRect().top < 0) scrollBy(0, list.offsetHeight - before);
  });
  const observer = new IntersectionObserver(entries => { if (next > 1 && entries.some(one => one.isIntersecting)) older(); }, { rootMargin: '600px' });
  observer.observe(note);
  restart();
  return {
    ...page('Events', { subtitle: 'What was changed, when and by whom. New events appear by themselves.' }, bar, chips, list, note),
    leave: () => observer.disconnect(),
  };
}

/// The last events of an object, for its own page.
export async function eventsOf({ id }) {
  const { data } = await api.list('events', { 'filter[object_id]': id, sort: '-occurred_at', 'page[size]': 5 });
  return h('section', h('div.card-head', h('h2', 'Events'), h('a.button.small', { href: `/events?object=${id}` }, 'All its events')), h('ol.events.card', data.map(event => entry(event))));
}

/// Whether an event of the stream is one that the filters ask for.
function matches(event, query) {
  const own = { ...event, actor_id: event.actor.id };
  return Object.entries(query).every(([filter, value]) => {
    const [, member, order] = /\[(\w+)\](?:\[(\w+))?/.exec(filter);
    const later = Date.parse(own[member]) - Date.parse(value);
    return order ? (order === 'gte') === later >= 0 : own[member] === value;
  });
}

/// The names of networks, asked for when an event needs one.
let networks = null;
const names = () => (networks ??= api.all('networks').then((all) => new Map([...all].map((one) => [one.id, one.name])), () => new Map()));

function entry(event, open) {
  const [, operation] = event.type.split('.');
  const object = event.after ?? event.before ?? {};
  const href = event.after && placeOf(event.object_type, event.object_id);
  const name = h('bdi', nameOf({ id: event.object_id, ...object }));
  // A default gateway has no name; there is one for each network.
  if (!object.name && /_gateway$/.test(event.object_type)) {
    names().then((known) => { if (known.has(event.network_id)) put(name, `of ${known.get(event.network_id)}`); });
  }
  const members = changed(event);
  const more = h('div.event-more');
  const details = h('details', {
    open,
    ontoggle() {
      if (!details.open || more.firstChild) return;
      fill(more, differences(event, members), links(event, href));
    },
  },
    h('summary', { class: operation },
      h('span.operation', { 'aria-hidden': 'true' }, { created: '+', deleted: '−' }[operation] ?? '±'),
      h('span.sentence', actor(event), ` ${operations[operation] ?? operation} ${kindOf(event)} `, h('strong', name),
        operation === 'updated' && `: ${members.length ? members.join(', ') : unseen(event)}`),
      time(event.occurred_at)),
    more);
  return h('li', details);
}

const actor = ({ actor: { type, name } }) => (type === 'system' ? 'The server' : h('bdi', name ?? (type === 'admin' ? 'An operator' : 'Someone')));

const silent = new Set(['id', 'record_type', 'organization_id', 'updated_at']);

/// The members that an event changed.
function changed({ before, after }) {
  return [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
    .filter(name => !silent.has(name) && JSON.stringify(before?.[name] ?? null) !== JSON.stringify(after?.[name] ?? null));
}

/// What an event changed that has no member.
const unseen = ({ object_type }) => (object_type === 'wireguard_interface' ? 'its ways out' : 'a secret');

function differences({ before, after, object_type }, members) {
  const value = (object, name) => {
    const one = object?.[name];
    if (one === undefined || one === null) return h('span.hint', 'none');
    return h('code', typeof one === 'object' ? JSON.stringify(one) : sentence(String(one)));
  };
  if (!members.length && object_type === 'wireguard_interface') {
    return h('p', 'The gateway leads to other addresses outside of its network: a private service or an internet gateway has changed.');
  }
  if (!members.length) return h('p', 'Nothing that can be shown is different: keys and other secrets are not in events.');
  return table([['Member', name => name], before && ['Before', name => value(before, name), 'before'], after && ['After', name => value(after, name), 'after']],
  members, 'What was changed');
}

function links(event, href) {
  const at = new URLSearchParams({ object: event.object_id, since: event.occurred_at, event: event.revision });
  const only = (name, id) => `/events?${new URLSearchParams({ [name]: id })}`;
  return h('p.actions',
    exactly(event.occurred_at),
    href && h('a', { href }, `Show the ${kindOf(event)}`),
    h('a', { href: only('object', event.object_id) }, 'All events of this object'),
    event.actor.id && h('a', { href: only('actor', event.actor.id) }, 'All events of this actor'),
    copyButton(`${location.origin}/events?${at}`, 'Copy a link to this event'));
}
