// What belongs to the server as a whole: its organizations, its regions, and what it is made of.

import { actFor, api, idempotencyKey } from '../api.js';
import { h } from '../dom.js';
import { time } from '../format.js';
import { listPage, when } from '../listing.js';
import { badge, button, card, confirm, confirmName, empty, facts, formDialog, header, menu, nameField, table } from '../ui.js';

export default async function organizations(context) {
  const { can, me } = context;
  const make = can('admin') && button('New organization', { kind: 'primary', onclick: () => named('New organization', 'Make the organization', '', (name, key) => api.post('/v2/organizations', { name }, { key })) });
  return listPage(context, {
    title: 'Organizations', subtitle: 'Tenants of this server. Each has networks, keys and users of its own and sees no other.', make,
    path: '/v2/organizations', words: ['organization', 'organizations'], changedBy: ['organization'],
    columns: [
      { title: 'Organization', cell: (one) => [h('bdi', one.name), one.id === me.organization_id && [' ', h('span', { class: 'muted' }, '(shown now)')]] },
      { title: 'State', cell: (one) => (one.suspended ? [badge('warning', 'Suspended'), h('p', { class: 'hint' }, time(one.suspended_at))] : badge('ok', 'Active')) },
      when('Made', 'created_at'),
      when('Changed', 'updated_at'),
      can('admin') && { title: '', cell: (one) => changes(one, me) },
    ],
    none: () => empty('There are no organizations', 'An organization is a tenant with networks, keys and users of its own.', make),
  });
}

function changes(organization, me) {
  const address = `/v2/organizations/${organization.id}`;
  const rename = () => named('Rename the organization', 'Save', organization.name, (name) => api.patch(address, { name }));
  const suspend = () => confirm({
    title: 'Suspend the organization', action: 'Suspend it', danger: true,
    text: ['The API keys and users of ', h('strong', h('bdi', organization.name)), ' are refused until it is resumed. Its peers stay connected.'],
    onconfirm: () => api.patch(address, { suspended: true }),
  });
  const remove = () => confirmName({
    title: 'Delete the organization', name: organization.name, action: 'Delete the organization',
    text: 'It has to have no networks any more. Its API keys and users are deleted with it. This cannot be undone.',
    onconfirm: () => api.delete(address),
  });
  return menu(h('span', 'Change', h('span', { class: 'hidden' }, ` ${organization.name}`)),
    organization.id !== me.organization_id && button('Act for it', { onclick: () => actFor(organization.id) }),
    button('Rename', { onclick: rename }),
    organization.suspended ? button('Resume', { onclick: () => api.patch(address, { suspended: false }) }) : button('Suspend', { onclick: suspend }),
    button('Delete', { kind: 'danger', onclick: remove }));
}

function named(title, submit, value, send) {
  const key = idempotencyKey();
  formDialog(title, { submit, send: ({ name }) => send(name ?? '', key) }, nameField(value));
}

// MARK: Regions

const services = { wireguard_interface: 'WireGuard gateways', public_internet_gateway: 'Internet gateways', cloud_vpn: 'WireGuard gateways' };

export async function regions({ signal }) {
  const [list, sites] = await Promise.all([api.get('/v2/regions', {}, { signal }), api.all('/v2/network_coverage', {}, { signal })]);
  const siteOf = ({ code }) => sites.find(({ location }) => location.code === code)?.location;
  return {
    title: 'Regions',
    element: h('div', header('Regions', { subtitle: 'Where gateways can be made.' }),
      card(null, table([
        { title: 'Region', cell: (one) => h('bdi', one.name) },
        { title: 'Code', cell: (one) => h('code', one.code) },
        { title: 'Where', cell: (one) => { const site = siteOf(one); return site ? [...new Set([site.region, site.site, site.pop])].join(', ') : ''; } },
        { title: 'Offers', cell: (one) => one.supported_interfaces.map((kind) => services[kind] ?? kind).join(', ') },
        when('Since', 'created_at'),
      ], list, { caption: 'Regions', empty: empty('There are no regions', 'A region comes into being where a server is started with one.') }))),
  };
}

// MARK: About

export async function about({ signal }) {
  const server = await api.get('/v2/server', {}, { signal });
  return {
    title: 'About',
    element: h('div', header('About'),
      card('This server', facts(['Version', h('code', server.version)], ['Commit', h('code', server.commit)],
        ['API', h('a', { href: '/docs' }, 'Reference')], ['Its clock', time(server.time)])),
      card('What it is made of', table([
        { title: 'Library', cell: (one) => h('a', { href: one.url, rel: 'noreferrer' }, one.name) },
        { title: 'Version', cell: (one) => h('code', one.version) },
        { title: 'Licence', cell: (one) => one.license },
      ], server.licenses, { caption: 'Libraries' }))),
  };
}
