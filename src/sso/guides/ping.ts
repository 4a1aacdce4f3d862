import type { Guide } from './guide.js';

export const PING: Guide = {
  application: [
    {
      text: 'In PingOne open Applications > Applications, press the plus and give the application a name.',
      value: 'appName',
    },
    { text: 'Choose “SAML Application”, press Configure, and choose “Manually Enter”.' },
    { text: 'Paste into “ACS URLs”.', value: 'acsUrl' },
    { text: 'Paste into “Entity ID”, then save.', value: 'entityId' },
    {
      text: 'On “Configuration” choose “Sign Assertion & Response” with the algorithm RSA_SHA256, and set “Subject NameID Format” to persistent.',
    },
    { text: 'Switch the application on with the toggle at its top.' },
  ],
  metadata: {
    steps: [{ text: 'On “Configuration” (or “Overview”) copy the “IdP Metadata URL”.' }],
    best: 'url',
    urlExample: 'https://auth.pingone.com/…/saml20/metadata/…',
  },
  attributes: {
    steps: [
      { text: 'Open “Attribute Mappings”, press the pencil, and add the rows below.' },
      {
        text: 'Add “groups” with the PingOne attribute “Group Names”. Leave “saml_subject” on Username. Save.',
      },
    ],
    rows: [
      { name: 'email', source: 'Email Address' },
      { name: 'firstName', source: 'Given Name' },
      { name: 'lastName', source: 'Family Name' },
    ],
    groupExample: 'IT Admins',
    groupHint: 'PingOne sends groups by name.',
  },
  assignment: 'Under “Access” choose your group, or leave it empty so that everybody may sign in.',
  scim: {
    isOffered: true,
    steps: [
      {
        text: 'Open Integrations > Provisioning, press the plus, “New Connection”, “Identity Store”, and choose “SCIM Outbound”.',
      },
      { text: 'Paste into “SCIM BASE URL” and set the version to 2.0.', value: 'scimBaseUrl' },
      {
        text: 'Set “Authentication Method” to OAuth 2 Bearer Token, paste into “OAuth Access Token”, press “Test Connection” and save.',
        value: 'scimToken',
      },
      {
        text: 'Switch the connection on, then press the plus and “New Rule”: PingOne as source, this connection as target.',
      },
      { text: 'In the rule, choose a user filter and the groups to send, and switch it on.' },
    ],
  },
};
