// Who may do what: API keys for programs, users for people, the own account with its sessions, and organizations. What the server
// is: its regions, and what it is made of.

import { actFor, api, idempotencyKey, Problem } from '../api.js';
import { fill, h } from '../dom.js';
import { exactly, now, time } from '../format.js';
import { listPage, when } from '../listing.js';
import { badge, button, card, confirm, confirmName, dialog, empty, facts, field, form, formDialog, header, menu, nameField, select, showOnce, table, toast } from '../ui.js';

const roles = [
  ['viewer', 'Viewer', 'sees everything, changes nothing'], ['member', 'Member', 'changes networks, gateways and peers'],
  ['owner', 'Owner', 'also manages API keys and users'], ['admin', 'Admin', 'also manages all organizations of the server'],
];
const roleName = (role) => roles.find(([word]) => word === role)?.[1] ?? role;
/// A caller gives no more than it has.
const roleField = (can, value = 'member') => field('Role', select({ name: 'role' }, roles.filter(([role]) => can(role))
  .map(([role, name, text]) => ({ value: role, text: `${name}: ${text}` })), value));

/// Which networks a key or a user sees: all, or those that are ticked.
function networksField(networks, { network_ids: own }, chosen) {
  const list = networks.filter((one) => !own || own.includes(one.id));
  const boxes = list.map((one) => h('label', { class: 'choice' }, h('input', { type: 'checkbox', value: one.id, checked: chosen?.includes(one.id) }), h('bdi', one.name)));
  const some = h('div', { class: 'choices', hidden: !chosen && !own }, boxes);
  const which = select({ name: 'networks', onchange: () => { some.hidden = which.value === 'all'; } },
    [!own && { value: 'all', text: 'All, also those to come' }, { value: 'some', text: 'Only some' }].filter(Boolean), chosen || own ? 'some' : 'all');
  return {
    element: h('div', field('Networks', which), some),
    read: () => (which.value === 'all' ? null : boxes.map((box) => box.firstChild).filter((box) => box.checked).map((box) => box.value)),
  };
}

const networkNames = (networks) => ({ network_ids: ids }) => (ids === null ? 'All'
  : ids.map((id, at) => [at > 0 && ', ', h('bdi', networks.find((one) => one.id === id)?.name ?? `${id.slice(0, 8)}…`)]));

// MARK: API keys

const lifetimes = [['', 'Never'], ['30', 'In 30 days'], ['90', 'In 90 days'], ['365', 'In a year']];

export async function keys(context) {
  const { can, me, signal } = context;
  const networks = await api.all('/v2/networks', {}, { signal });
  const make = can('owner') ? () => button('New API key', { kind: 'primary', onclick: () => newKey(context, networks) }) : null;
  return listPage(context, {
    title: 'API keys', subtitle: 'By which programs prove who they are. People have users instead.', make,
    path: '/v2/api_keys', words: ['API key', 'API keys'], changedBy: ['api_key'],
    columns: [
      ['Name', (one) => [h('bdi', one.name), one.id === me.id && [' ', h('span', { class: 'muted' }, '(this one)')]]],
      ['Begins with', ({ prefix }) => (prefix ? h('code', `${prefix}…`) : h('span', { class: 'muted' }, 'chosen by the operator')), 'minor'],
      ['Role', (one) => roleName(one.role)],
      ['Networks', networkNames(networks)],
      when('Last used', 'last_used_at'),
      ['Ends', ({ expires_at: end }) => (end && Date.parse(end) < now() ? [badge('error', 'Ended'), ' ', time(end)] : time(end))],
      when('Made', 'created_at', 'minor'),
      can('owner') && ['', (one) => (can(one.role) ? button('Revoke', { kind: 'small danger', 'aria-label': `Revoke ${one.name}`, onclick: () => revoke(one, me) }) : '')],
    ],
    none: ['There are no API keys', 'Programs prove by an API key who they are.'],
  });
}

function newKey({ can, me }, networks) {
  const key = idempotencyKey();
  const scope = networksField(networks, me);
  formDialog('New API key', {
    submit: 'Make the key',
    async send({ name, role, days }) {
      const end = days && new Date(now() + Number(days) * 86_400_000).toISOString();
      const made = await api.post('/v2/api_keys', { name: name ?? '', role, network_ids: scope.read(), expires_at: end }, { key });
      showOnce('The new API key', made.api_key, ['This is the key ', h('strong', h('bdi', made.name)), '.']);
    },
  },
    nameField('', 'What it is for, like “backup script”.'),
    roleField(can, 'viewer'), scope.element, field('Ends', select({ name: 'days' }, lifetimes.map(([value, text]) => ({ value, text })))));
}

const revoke = (key, me) => confirmName({
  title: 'Revoke the API key', name: key.name, action: 'Revoke the key',
  text: key.id === me.id ? 'You are signed in with this key: your session ends with it.' : 'Programs that use it are refused at once. This cannot be undone.',
  onconfirm: () => api.delete(`/v2/api_keys/${key.id}`),
});

// MARK: Users

export async function users(context) {
  const { can, me, signal } = context;
  const networks = await api.all('/v2/networks', {}, { signal });
  const make = can('owner') ? () => button('Invite a user', { kind: 'primary', onclick: () => invite(context, networks) }) : null;
  return listPage(context, {
    title: 'Users', subtitle: 'People who sign in by name and password.', make,
    path: '/v2/users', words: ['user', 'users'], changedBy: ['user'],
    columns: [
      ['Name', (one) => [h('bdi', one.name), one.id === me.id && [' ', h('span', { class: 'muted' }, '(you)')]]],
      ['State', userState],
      ['Role', (one) => roleName(one.role)],
      ['Networks', networkNames(networks)],
      when('Last sign-in', 'last_sign_in_at'),
      when('Made', 'created_at', 'minor'),
      can('owner') && ['', (one) => (can(one.role) ? userActions(one, context, networks) : '')],
    ],
    none: ['There are no users yet', 'A user signs in by name and password. You make a link, and who opens it chooses the password.'],
  });
}

function userState({ has_password: set, invitation_expires_at: end }) {
  if (set) return badge('ok', 'Active');
  return end && Date.parse(end) > now() ? [badge('quiet', 'Invited'), h('p', { class: 'hint' }, 'link ends ', time(end))] : badge('warning', 'Invitation ended');
}

const userActions = (user, context, networks) => menu(h('span', 'Change', h('span', { class: 'hidden' }, ` ${user.name}`)),
  button('Edit', { onclick: () => editUser(user, context, networks) }),
  button(user.has_password ? 'New password by link' : 'New invitation link', { onclick: () => inviteAgain(user) }),
  button('Sessions', { onclick: () => sessionsOf(user) }),
  button('Delete', { kind: 'danger', onclick: () => deleteUser(user, context.me) }));

const showInvitation = ({ name, invitation_url: url, invitation_expires_at: end }) => showOnce('The invitation', url,
  ['Send this link to ', h('strong', h('bdi', name)), ' in a way that others cannot read. Who opens it first chooses the password. It ends ', exactly(end), '.']);

function invite({ can, me }, networks) {
  const key = idempotencyKey();
  const scope = networksField(networks, me);
  formDialog('Invite a user', {
    submit: 'Make the link',
    async send({ name, role }) { showInvitation(await api.post('/v2/users', { name: name ?? '', role, network_ids: scope.read() }, { key })); },
  }, nameField('', 'By which the user signs in.'), roleField(can), scope.element);
}

async function inviteAgain(user) {
  if (user.has_password) {
    await confirm({
      title: 'New password by link', action: 'Make the link',
      text: ['The person who opens the link chooses a new password for ', h('strong', h('bdi', user.name)), '. Until then the old one stays.'],
      onconfirm: async () => setTimeout(showInvitation, 0, await api.post(`/v2/users/${user.id}/invitation`)),
    });
  } else {
    showInvitation(await api.post(`/v2/users/${user.id}/invitation`));
  }
}

function editUser(user, { can, me }, networks) {
  const scope = networksField(networks, me, user.network_ids);
  formDialog('Edit the user', {
    submit: 'Save',
    async send({ name, role }) {
      const wanted = { name: name ?? '', role, network_ids: scope.read() };
      const changes = Object.fromEntries(Object.entries(wanted).filter(([member, value]) => JSON.stringify(value) !== JSON.stringify(user[member])));
      if (Object.keys(changes).length) await api.patch(`/v2/users/${user.id}`, changes);
    },
  }, nameField(user.name), roleField(can, user.role), scope.element);
}

const deleteUser = (user, me) => confirmName({
  title: 'Delete the user', name: user.name, action: 'Delete the user',
  text: user.id === me.id ? 'This is you: your sessions end at once.' : 'The user’s sessions end at once. What the user made stays.',
  onconfirm: () => api.delete(`/v2/users/${user.id}`),
});

// MARK: Sessions

/// Browsers that are signed in; each can be ended.
async function sessions(query, place) {
  const list = await api.all('/v2/sessions', query);
  const end = (session) => confirm({
    title: 'End the session', action: 'End it', danger: true,
    text: session.current ? 'This is the session of this browser: you will have to sign in again.' : 'That browser has to sign in again.',
    async onconfirm() {
      await api.delete(`/v2/sessions/${session.id}`);
      if (session.current) location.assign('/sign-in');
      else await sessions(query, place);
    },
  });
  fill(place, table([
    ['Browser', (one) => [browser(one.user_agent), one.current && [' ', badge('ok', 'This one')]]],
    ['From', (one) => h('code', one.source_address)],
    when('Signed in', 'created_at', 'minor'),
    when('Last used', 'last_used_at'),
    when('Ends', 'expires_at'),
    ['', (one) => button('End', { kind: 'small', 'aria-label': `End the session of ${browser(one.user_agent)} from ${one.source_address}`, onclick: () => end(one) })],
  ], list, { caption: 'Sessions', empty: h('p', { class: 'muted' }, 'No browser is signed in.') }));
  return list;
}

async function sessionsOf(user) {
  const place = h('div');
  await sessions({ 'filter[user_id]': user.id }, place);
  dialog(['Sessions of ', h('bdi', user.name)], place, { wide: true });
}

/// `Firefox on Windows`, as far as a browser says so. Most of them name others as well, behind their own names.
function browser(agent) {
  const first = (...words) => words.find((word) => agent?.includes(word));
  const name = first('Edg', 'OPR', 'Firefox', 'Chrome', 'Safari')?.replace('Edg', 'Edge').replace('OPR', 'Opera');
  const system = first('iPhone', 'iPad', 'Android', 'Windows', 'Mac OS', 'Linux');
  return `${name ?? agent?.split(' ')[0] ?? 'Unknown browser'}${system ? ` on ${system}` : ''}`;
}

// MARK: The own account

export async function account({ me, signal }) {
  const [networks, place] = [await api.all('/v2/networks', {}, { signal }), h('div')];
  const list = await sessions({}, place);
  const others = list.length > 1 && button('End all others', {
    onclick: () => confirm({
      title: 'End all other sessions', action: 'End them', danger: true, text: 'Every other browser that is signed in as you has to sign in again.',
      async onconfirm() { await api.delete('/v2/sessions'); others.remove(); await sessions({}, place); },
    }),
  });
  return {
    title: 'Account',
    element: h('div', header('Account', { subtitle: ['You are signed in ', me.kind === 'user' ? 'as ' : 'with the API key ', h('strong', h('bdi', me.name)), '.'] }),
      card('What you may do', facts(['Role', `${roleName(me.role)}: ${roles.find(([role]) => role === me.role)?.[2] ?? ''}`], ['Networks', networkNames(networks)(me)], ['Ends', time(me.expires_at)])),
      card({ title: 'Sessions', actions: others && [others] }, place),
      me.kind === 'user' && card('Password', password(me))),
  };
}

const password = (me) => form({
  submit: 'Change the password', class: 'narrow-form',
  async onsubmit({ old_password: old, new_password: fresh, again }, element) {
    if (fresh !== again) throw new Problem(422, [{ detail: 'The two new passwords are not the same.', pointer: '/again' }]);
    await api.put('/v2/password', { old_password: old ?? '', new_password: fresh ?? '' });
    element.reset();
    toast('The password is changed. Your other sessions have ended.');
  },
},
  h('input', { class: 'hidden', autocomplete: 'username', value: me.name, tabindex: -1, 'aria-hidden': 'true', readonly: true }),
  field('Old password', h('input', { name: 'old_password', type: 'password', autocomplete: 'current-password' })),
  field('New password', h('input', { name: 'new_password', type: 'password', autocomplete: 'new-password' })),
  field('New password again', h('input', { name: 'again', type: 'password', autocomplete: 'new-password' })));

// MARK: Organizations

export async function organizations(context) {
  const { can, me } = context;
  const send = (name, key) => api.post('/v2/organizations', { name }, { key });
  const make = can('admin') ? () => button('New organization', { kind: 'primary', onclick: () => named('New organization', 'Make the organization', '', send) }) : null;
  return listPage(context, {
    title: 'Organizations', subtitle: 'Tenants of this server. Each has networks, keys and users of its own and sees no other.', make,
    path: '/v2/organizations', words: ['organization', 'organizations'], changedBy: ['organization'],
    columns: [
      ['Organization', (one) => [h('bdi', one.name), one.id === me.organization_id && [' ', h('span', { class: 'muted' }, '(shown now)')]]],
      ['State', (one) => (one.suspended ? [badge('warning', 'Suspended'), h('p', { class: 'hint' }, time(one.suspended_at))] : badge('ok', 'Active'))],
      when('Made', 'created_at'),
      when('Changed', 'updated_at'),
      can('admin') && ['', (one) => changes(one, me)],
    ],
    none: ['There are no organizations', 'An organization is a tenant with networks, keys and users of its own.'],
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
        ['Region', (one) => h('bdi', one.name)],
        ['Code', (one) => h('code', one.code)],
        ['Where', (one) => { const site = siteOf(one); return site ? [...new Set([site.region, site.site, site.pop])].join(', ') : ''; }],
        ['Offers', (one) => one.supported_interfaces.map((kind) => services[kind] ?? kind).join(', ')],
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
        ['Library', (one) => h('a', { href: one.url, rel: 'noreferrer' }, one.name)],
        ['Licence', (one) => one.license],
      ], server.licenses, { caption: 'Libraries' }))),
  };
}
