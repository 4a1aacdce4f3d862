import type { Guide } from './guide.js';

export const ONELOGIN: Guide = {
  application: [
    {
      text: 'In OneLogin Administration open Applications > Applications, press “Add App” and choose “SAML Custom Connector (Advanced)”.',
    },
    { text: 'Give it a display name and save.', value: 'appName' },
    { text: 'Open “Configuration” and paste into “Audience (EntityID)”.', value: 'entityId' },
    { text: 'Paste into “Recipient” and into “ACS (Consumer) URL”.', value: 'acsUrl' },
    {
      text: 'Paste into “ACS (Consumer) URL Validator” as well; OneLogin reads it as a pattern, and the address is one.',
      value: 'acsUrl',
    },
    { text: 'Set “SAML nameID format” to Persistent and “SAML signature element” to Both, then save.' },
  ],
  metadata: {
    steps: [
      { text: 'Open “SSO” and set “SAML Signature Algorithm” to SHA-256.' },
      { text: 'Press “More Actions” at the top right and copy the address behind “SAML Metadata”.' },
    ],
    best: 'url',
    urlExample: 'https://app.onelogin.com/saml/metadata/…',
  },
  attributes: {
    steps: [
      { text: 'Open “Parameters” and press the plus for every row below; tick “Include in SAML assertion”.' },
      { text: 'Add “groups” with the value “User Roles”, and tick “Multi-value parameter” too.' },
    ],
    rows: [
      { name: 'email', source: 'Email' },
      { name: 'firstName', source: 'First Name' },
      { name: 'lastName', source: 'Last Name' },
    ],
    groupExample: 'IT Admins',
    groupHint: 'OneLogin sends the names of roles.',
  },
  assignment: 'Give yourself access under “Users” or by a role under “Access”.',
  scim: {
    isOffered: true,
    steps: [
      { text: 'Press “Add App” again and choose “SCIM Provisioner with SAML (SCIM v2 Core)”.' },
      { text: 'Open its “Configuration” and paste into “SCIM Base URL”.', value: 'scimBaseUrl' },
      {
        text: 'Paste into “SCIM Bearer Token”, then press Enable beside “API Connection”.',
        value: 'scimToken',
      },
      {
        text: 'Under “Provisioning” tick “Enable provisioning”, and choose what happens when people are deleted: Delete.',
      },
      {
        text: 'Under “Parameters” tick “Include in User Provisioning” for Groups, and assign people under “Users”.',
      },
    ],
  },
};
