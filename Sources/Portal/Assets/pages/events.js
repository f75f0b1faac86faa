// What was changed, when and by whom: the newest first, new ones as they happen, older ones as one scrolls.

import { api } from '../api.js';
import { fill, h } from '../dom.js';
import { exactly, sentence, time } from '../format.js';
import { banner, button, copyButton, empty, field, header, problemText, select } from '../ui.js';

const size = 50;
/// A time of the address as its field has it: local, and to the minute.
const local = (text) => (text ? new Date(Date.parse(text) - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : '');
/// What each kind of object is called, and where it is looked at.
const kinds = {
  wireguard_peer: ['peer', (id) => `/peers/${id}`], wireguard_interface: ['gateway', (id) => `/gateways/${id}`],
  network: ['network', (id) => `/networks/${id}`], default_gateway: ['default gateway'], public_internet_gateway: ['internet gateway'],
  wireguard_peer_share: ['one-time link'], wireguard_peer_config_url: ['config URL'], api_key: ['API key', () => '/keys'],
  user: ['user', () => '/users'], organization: ['organization', () => '/organizations'],
};
const operations = { created: 'created', updated: 'changed', deleted: 'deleted' };
const kindOf = (event) => kinds[event.object_type]?.[0] ?? event.object_type.replaceAll('_', ' ');

/// The members of the address, and the filter of the API that each stands for.
const filters = {
  kind: 'filter[object_type]', what: 'filter[type]', object: 'filter[object_id]', actor: 'filter[actor_id]',
  since: 'filter[occurred_at][gte]', until: 'filter[occurred_at][lt]',
};

export default async function events(context) {
  const list = h('ol', { class: 'events card' });
  const note = h('div', { class: 'list-end' });
  const chips = h('div', { class: 'actions' });
  const shown = new Set();
  let asked = null;
  let next = null;
  let loading = null;

  const query = () => {
    const chosen = context.query.all();
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
    loading = api.list('/v2/events', { ...query(), sort: '-occurred_at', 'page[size]': size, 'page[number]': next }, { signal: context.signal });
    try {
      const { data, meta } = await loading;
      if (visit !== asked) return;
      next = meta.page_number < meta.total_pages ? meta.page_number + 1 : null;
      add(data, 'append');
      fill(note, next ? button('Show older ones', { onclick: older }) : list.children.length ? 'These are all.' : nothing());
    } catch (problem) {
      if (problem.name !== 'AbortError') fill(note, banner('error', problemText(problem), button('Try again', { onclick: older })));
    } finally {
      if (visit === asked) loading = null;
    }
  }

  function add(entries, where) {
    const fresh = entries.filter((event) => !shown.has(event.revision));
    for (const event of fresh) shown.add(event.revision);
    list[where](...fresh.map((event) => entry(event, context.query.get('event') === String(event.revision))));
  }

  const nothing = () => (Object.keys(query()).length
    ? empty('No event fits', 'Nothing was changed that fits these filters.', button('Show all events', { onclick: () => narrow(null) }))
    : empty('Nothing has happened yet', 'Every change of a network, a gateway, a peer or a key is listed here, with who made it.',
      h('a', { class: 'button primary', href: '/start' }, 'Make the first peer')));

  function restart() {
    asked = {};
    next = 1;
    loading = null;
    shown.clear();
    fill(list);
    fill(note, h('p', { class: 'hint' }, 'Loading…'));
    fill(chips, Object.entries({ object: 'one object', actor: 'one actor', event: 'one event' }).filter(([name]) => context.query.get(name))
      .map(([name, words]) => button(`Only ${words} ×`, { kind: 'small', 'aria-label': `Show more than ${words}`, onclick: () => narrow({ [name]: null }) })));
    return older();
  }

  /// Puts filters into the address, or with null takes all away.
  function narrow(members) {
    context.query.set(members ?? Object.fromEntries([...Object.keys(filters), 'event'].map((name) => [name, null])));
    for (const control of bar.elements) if (control.name) control.value = (control.type === 'datetime-local' ? local : String)(context.query.get(control.name) ?? '');
    bar.elements.what.disabled = !bar.elements.kind.value;
    return restart();
  }

  const any = { value: '', text: 'Any' };
  const bar = h('form', {
    class: 'bar', role: 'search', 'aria-label': 'Filter', onsubmit: (event) => event.preventDefault(),
    onchange: ({ target }) => narrow({ [target.name]: target.value, event: null, ...(target.name === 'kind' && !target.value && { what: null }) }),
  },
    field('Object', select({ name: 'kind' }, [any, ...Object.entries(kinds).map(([value, [text]]) => ({ value, text }))], context.query.get('kind') ?? '')),
    field('Change', select({ name: 'what', disabled: !context.query.get('kind') }, [any, ...Object.entries(operations).map(([value, text]) => ({ value, text }))], context.query.get('what') ?? '')),
    field('From', h('input', { name: 'since', type: 'datetime-local', value: local(context.query.get('since')) })),
    field('Until', h('input', { name: 'until', type: 'datetime-local', value: local(context.query.get('until')) })));

  context.changes((fresh) => {
    if (fresh.some((event) => event.type === 'reset')) { restart(); return; }
    const fits = fresh.filter((event) => matches(event, query()));
    if (!fits.length) return;
    // What is being read stays where it is.
    const before = list.offsetHeight;
    add(fits.toReversed(), 'prepend');
    if (!next) fill(note, 'These are all.');
    if (list.getBoundingClientRect().top < 0) scrollBy(0, list.offsetHeight - before);
  });
  const observer = new IntersectionObserver((entries) => { if (next > 1 && entries.some((one) => one.isIntersecting)) older(); }, { rootMargin: '600px' });
  observer.observe(note);
  restart();
  return {
    title: 'Events',
    element: h('div', header('Events', { subtitle: 'What was changed, when and by whom. New events appear by themselves.' }), bar, chips, list, note),
    leave: () => observer.disconnect(),
  };
}

/// Whether an event of the stream is one that the filters ask for.
function matches(event, query) {
  return Object.entries(query).every(([filter, value]) => ({
    'filter[object_type]': event.object_type === value,
    'filter[type]': event.type === value,
    'filter[object_id]': event.object_id === value,
    'filter[actor_id]': event.actor.id === value,
    'filter[occurred_at][gte]': Date.parse(event.occurred_at) >= Date.parse(value),
    'filter[occurred_at][lt]': Date.parse(event.occurred_at) < Date.parse(value),
  })[filter] ?? true);
}

function entry(event, open) {
  const [, operation] = event.type.split('.');
  const object = event.after ?? event.before ?? {};
  const href = event.after && kinds[event.object_type]?.[1]?.(event.object_id);
  const name = h('bdi', object.name ?? object.address ?? event.object_id.slice(0, 8));
  const members = changed(event);
  const more = h('div', { class: 'event-more' });
  const details = h('details', {
    open,
    ontoggle() {
      if (!details.open || more.firstChild) return;
      fill(more, differences(event, members), links(event, href));
    },
  },
    h('summary', { class: operation },
      h('span', { class: 'operation', 'aria-hidden': 'true' }, { created: '+', deleted: '−' }[operation] ?? '±'),
      h('span', { class: 'sentence' }, actor(event), ` ${operations[operation] ?? operation} ${kindOf(event)} `, h('strong', name),
        operation === 'updated' && members.length > 0 && `: ${members.join(', ')}`),
      time(event.occurred_at)),
    more);
  return h('li', details);
}

const actor = ({ actor: { type, name } }) => (type === 'system' ? 'The server' : h('bdi', name ?? (type === 'admin' ? 'An operator' : 'Someone')));

const silent = new Set(['id', 'record_type', 'organization_id', 'updated_at']);

/// The members that an event changed.
function changed({ before, after }) {
  return [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
    .filter((name) => !silent.has(name) && JSON.stringify(before?.[name] ?? null) !== JSON.stringify(after?.[name] ?? null));
}

function differences({ before, after }, members) {
  const value = (object, name) => {
    const one = object?.[name];
    if (one === undefined || one === null) return h('span', { class: 'hint' }, 'none');
    return h('code', typeof one === 'object' ? JSON.stringify(one) : sentence(String(one)));
  };
  if (!members.length) return h('p', 'Nothing that can be shown is different: keys and other secrets are not in events.');
  return h('table', { class: 'difference' },
    h('thead', h('tr', h('th', { scope: 'col' }, 'Member'), before && h('th', { scope: 'col' }, 'Before'), after && h('th', { scope: 'col' }, 'After'))),
    h('tbody', members.map((name) => h('tr', h('th', { scope: 'row' }, name),
      before && h('td', { class: 'before' }, value(before, name)), after && h('td', { class: 'after' }, value(after, name))))));
}

function links(event, href) {
  const at = new URLSearchParams({ object: event.object_id, since: event.occurred_at, event: event.revision });
  const only = (name, id) => `/events?${new URLSearchParams({ [name]: id })}`;
  return h('p', { class: 'actions' },
    exactly(event.occurred_at),
    href && h('a', { href }, `Show the ${kindOf(event)}`),
    h('a', { href: only('object', event.object_id) }, 'All events of this object'),
    event.actor.id && h('a', { href: only('actor', event.actor.id) }, 'All events of this actor'),
    copyButton(`${location.origin}/events?${at}`, 'Copy a link to this event'));
}
