import type { Guide } from './guide.js';

export const GENERIC: Guide = {
  application: [
    {
      text: 'At your identity provider, create an application for SAML 2.0 and give it a name.',
      value: 'appName',
    },
    {
      text: 'If it can read metadata from an address, paste this one; then the next three are filled in by themselves.',
      value: 'metadataUrl',
    },
    { text: 'ACS URL (assertion consumer service, reply URL, recipient, destination):', value: 'acsUrl' },
    { text: 'Audience (SP entity ID, identifier):', value: 'entityId' },
    { text: 'Sign-on URL, where it asks for one:', value: 'loginUrl' },
    {
      text: 'NameID: a value that never changes for a person, format persistent. Sign the assertion with RSA-SHA256.',
    },
  ],
  metadata: {
    steps: [
      {
        text: 'Find the metadata of the identity provider: an address or an XML file, often called federation metadata or IdP descriptor.',
      },
      { text: 'An address is best: certificates that change are then noticed by themselves.' },
    ],
    best: 'url',
    urlExample: 'https://idp.example.com/saml/metadata',
  },
  attributes: {
    steps: [
      { text: 'Add the attributes below to what the application is sent.' },
      { text: 'Add an attribute “groups” with every group of the person as a value of its own.' },
    ],
    rows: [
      { name: 'email', source: 'e-mail address' },
      { name: 'firstName', source: 'first name' },
      { name: 'lastName', source: 'last name' },
    ],
    groupExample: 'IT Admins',
    groupHint: 'Write groups exactly as your identity provider sends them; upper and lower case count.',
  },
  assignment: 'Give yourself the right to use the application.',
  scim: {
    isOffered: true,
    steps: [
      { text: 'Open the provisioning settings of the application and choose SCIM 2.0.' },
      { text: 'Base URL (tenant URL, endpoint):', value: 'scimBaseUrl' },
      { text: 'Bearer token (secret token, API token):', value: 'scimToken' },
      { text: 'What identifies a person:', value: 'uniqueField' },
      { text: 'Switch on creating, updating and deactivating people, and choose the groups to send.' },
    ],
  },
};
