import type { ConnectionView } from '../../../sso/connection-view.js';
import type { Trace } from '../../../sso/trace.js';

/** A connection for people: what to copy into the identity provider, and where it stands. */
export function connectionText(view: ConnectionView): string {
  const { serviceProvider, idp, settings, metadata } = view;
  const lines = [
    `Connection        ${view.name} (${view.label}), ${view.state}`,
    '',
    'To copy into the identity provider',
    `  ACS URL         ${serviceProvider.acsUrl}`,
    `  Entity ID       ${serviceProvider.entityId}`,
    `  Sign-on URL     ${serviceProvider.loginUrl}`,
    `  Metadata        ${serviceProvider.metadataUrl}`,
    '',
    idp === null
      ? 'The identity provider is not known yet: patchbay sso idp'
      : `Identity provider ${idp.entityId}`,
    ...(metadata.url === null ? [] : [`  Metadata        ${metadata.url}`]),
    ...(metadata.problem === null ? [] : [`  Problem         ${metadata.problem}`]),
    ...(idp?.certificates ?? []).map(
      ({ notAfter, fingerprint }) => `  Certificate     until ${day(notAfter)}, ${fingerprint.slice(0, 23)}…`,
    ),
    '',
    settings.roleRules.length === 0
      ? 'No role rule: nobody gets in. Add one with: patchbay sso roles'
      : 'Roles, the first rule that matches',
    ...settings.roleRules.map(({ attribute, value, role }) => `  ${attribute} = ${value} -> ${role}`),
  ];
  return lines.join('\n');
}

/** What became of a sign-in, with what to change. */
export function traceText(trace: Trace): string {
  const head = `${trace.friendlyId}  ${trace.purpose} ${trace.outcome}  ${trace.at.toISOString()}  ${trace.connectionName}`;
  if (trace.outcome === 'passed') {
    const granted = trace.granted;
    const groups = granted?.groups ?? null;
    return [
      head,
      granted === null ? 'Everything is in order.' : `They would enter as ${granted.role}.`,
      groups === null ? 'No groups arrived.' : `Groups: ${groups.join(', ')}`,
    ].join('\n');
  }
  const findings = trace.findings.flatMap(({ title, meaning, arrived, expected, change }) => [
    '',
    title,
    `  ${meaning}`,
    `  Arrived   ${arrived}`,
    `  Expected  ${expected}`,
    `  Change    ${change}`,
  ]);
  return [head, ...findings].join('\n');
}

export function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
