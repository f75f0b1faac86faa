// What the operator of the server has: private services that gateways lead to, nodes that carry gateways, regions, and what the
// server is made of.

import { listPage, when } from '../listing.js';
import { api, badge, button, card, change, choicesField, deleteButton, edit, exactly, facts, few, field, h, input, linkTo, named, nameField, page, pairs, percent, select, showOnce, strong, table, time, words } from '../ui.js';

/// An operator sees also the regions that no node is in.
const regionsFor = ({ isOperator }) => api.get('regions', { all: isOperator || null });
const regionsField = (regions, chosen, all) => choicesField('Regions', 'regions', { all, chosen, options: pairs(regions) });

// MARK: Private services

export async function services(context) {
  const [regions, gateways] = await Promise.all([regionsFor(context), api.all('wireguard_interfaces')]);
  return listPage(context, {
    subtitle: 'What the operator of this server offers to peers through their tunnels.',
    make: [context.isOperator, () => editService(null, regions)],
    kind: 'private_service',
    columns: [
      ['Service', one => [h('bdi', one.name), one.description && h('p.hint', one.description)]],
      ['Addresses', one => few(one.prefixes, prefix => h('code', prefix))],
      ['Ports', ({ protocol, ports }) => (protocol || ports.length ? `${protocol?.toUpperCase() ?? 'TCP and UDP'} ${ports.join(', ')}` : 'All')],
      ['Regions', one => (one.regions ? one.regions.join(', ') : 'All'), 'minor'],
      ['Gateways', one => few(gateways.filter(gateway => leadsTo(gateway, one)), gateway => linkTo('/gateways', gateway))],
      context.isOperator && ['', one => (one.source === 'config_file' ? h('span.muted', 'In the config file') : change(one,
        button('Edit', () => editService(one, regions)),
        deleteButton('private_service', one, 'Peers do not reach it any more, and their configs are outdated.')))],
    ],
    none: 'A private service is a list of addresses that peers reach through gateways that lead there.',
  });
}

/// As the API describes `enable_sip_trunking` and `services` of a gateway.
const leadsTo = ({ services, enable_sip_trunking: all, region }, { name, regions }) => (services ? services.includes(name) : all)
  && (!regions || regions.includes(region.code));

/// A new service, or one that there is.
function editService(service, regions) {
  const { description, prefixes = [], protocol, ports = [], regions: chosen = null, allow_private_prefixes: isPrivate } = service ?? {};
  const place = regionsField(regions, chosen, 'All, also those to come');
  edit('private_service', { object: service, read: values => ({ ...values, prefixes: words(values.prefixes), ports: words(values.ports), regions: place.read() }) },
    !service && nameField('', 'By which gateways choose it: small letters, digits and hyphens. It cannot be changed.'),
    field('Description', input('description', description)),
    field('Addresses', h('textarea', { name: 'prefixes', rows: 3, spellcheck: 'false', value: prefixes.join('\n') }), 'One network on each line, such as 203.0.113.0/24. No other service has them.'),
    field('Protocol', select({ name: 'protocol' }, [['', 'All'], ['tcp', 'TCP'], ['udp', 'UDP']], protocol)),
    field('Ports', input('ports', ports.join(', ')), 'Such as 5060, 10000-20000. Empty for all.'),
    place.element,
    field('May have private addresses', h('input', { name: 'allow_private_prefixes', type: 'checkbox', checked: isPrivate }), 'Such as 10.0.0.0/8. In a network that has them its own peers come first.'),
    service && h('p.hint', 'Gateways follow at once. Configs of their peers are outdated where the addresses change.'));
}

// MARK: Nodes

const nodeStates = { joining: ['info', 'Joining'], connected: ['ok', 'Connected'], away: ['error', 'Away'], draining: ['warning', 'Draining'] };

export async function nodes(context) {
  const regions = await regionsFor(context);
  return listPage(context, {
    subtitle: 'Machines that carry gateways. This server is one itself.',
    make: ['admin', () => editNode(null, regions)],
    kind: 'node', seconds: 5,
    columns: [
      ['Node', one => named(one, one.embedded && 'this server')],
      ['State', nodeState],
      ['Regions', one => few(one.regions, code => code)],
      ['Address', one => [h('code', one.endpoint_address), h('p.hint', 'ports ', one.port_range)], 'minor'],
      ['Gateways', one => one.gateways_count, 'number'],
      ['Load', one => percent(one.load_percent), 'number'],
      when('Last seen', 'last_seen_at'),
      ['Version', one => one.version ?? '–', 'minor'],
      ['', one => !one.embedded && change(one,
        button('Edit', () => editNode(one, regions)),
        button(one.draining ? 'Give it gateways again' : 'Drain', () => api.patch(`nodes/${one.id}`, { draining: !one.draining })),
        button('New join command', async () => showJoin(await api.post(`nodes/${one.id}/join_token`))),
        deleteButton('node', one, 'Its machine has to join again to carry gateways.'))],
    ],
  });
}

const nodeState = ({ state, connection_changed_at: since, join_token_expires_at: end, second_session_refused_at: second }) => [
  badge(...nodeStates[state] ?? ['off', state]),
  state !== 'joining' && h('p.hint', 'since ', time(since)),
  end ? h('p.hint', 'join command ends ', time(end)) : state === 'joining' && h('p.hint', 'join command has ended'),
  second && h('p.hint', 'A second machine with its credential was refused ', time(second)),
];

/// A new node, or one that there is.
function editNode(node, regions) {
  const { regions: chosen = [], endpoint_address: host, port_range: ports } = node ?? {};
  const place = regionsField(regions, chosen);
  edit('node', { object: node, read: values => ({ ...values, regions: place.read() }), made: showJoin }, nameField(node?.name), place.element,
    field('Address', input('endpoint_address', host), 'At which peers find its gateways: an IP address or a host name.'),
    field('UDP ports', input('port_range', ports), 'For its gateways, such as 5000-5999. Empty for those of this server.'));
}

// So the token is in no list of processes. In it is the server's address, which other machines may not reach, in base64url; an
// address has no question mark, which would be an underscore.
const showJoin = ({ name, join_token: token, join_token_expires_at: end }) => showOnce('Join the machine', `echo ${token} | wgw node --join -`,
  ['Run this on the machine that is to be ', strong(name), ', which has to reach ', h('code', atob(token.split('.')[1].replaceAll('-', '+'))), '. It works once, until ', exactly(end), '.']);

// MARK: Regions

export async function regions(context) {
  const nodes = context.isOperator ? await api.all('nodes') : [];
  return listPage(context, {
    subtitle: 'Where gateways can be made.',
    make: [context.isOperator, () => editRegion()],
    kind: 'region', fixed: { all: context.isOperator || null }, changedBy: ['node'],
    columns: [
      ['Region', one => h('bdi', one.name)],
      ['Code', one => h('code', one.code)],
      ['Where', one => [one.area, one.site, one.pop].filter(Boolean).join(', ') || '–'],
      context.isOperator && ['Nodes', one => few(nodes.filter(node => node.regions.includes(one.code)), node => h('bdi', node.name))],
      context.isOperator && ['', one => change(one, button('Edit', () => editRegion(one)),
        deleteButton('region', { ...one, id: one.code }, 'No gateway and no node may be in it.'))],
    ],
    none: 'A region is a place where gateways can be made.',
  });
}

/// A new region, or one that there is.
const editRegion = region => edit('region', { object: region && { ...region, id: region.code } },
  !region && field('Code', input('code'), 'By which requests and nodes name it, such as ams. It cannot be changed.'),
  nameField(region?.name),
  field('Area', select({ name: 'area' }, ['', 'AMER', 'EMEA', 'APAC'].map(area => [area, area || 'None']), region?.area)),
  field('Site', input('site', region?.site), 'A city, such as AMS.'),
  field('Data centre', input('pop', region?.pop), 'Such as AMS1.'));

// MARK: About

export async function about() {
  const server = await api.get('server');
  return page('About', {},
      card('This server', facts(['Version', h('code', server.version)], ['Commit', h('code', server.commit)],
        ['API', h('a', { href: '/docs' }, 'Reference')], ['Its clock', time(server.time)])),
      card('What it is made of', table([
        ['Library', one => h('a', { href: one.url, rel: 'noreferrer' }, one.name)],
        ['Licence', one => one.license],
      ], server.licenses, 'Libraries')));
}
