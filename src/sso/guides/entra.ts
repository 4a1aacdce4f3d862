import type { Guide } from './guide.js';

export const ENTRA: Guide = {
  application: [
    {
      text: 'In the Microsoft Entra admin center open Enterprise apps > All applications and press “New application”, then “Create your own application”.',
    },
    {
      text: 'Choose “Integrate any other application you don’t find in the gallery (Non-gallery)” and give it a name.',
      value: 'appName',
    },
    { text: 'In the app, open “Single sign-on”, choose SAML, and press Edit on “Basic SAML Configuration”.' },
    { text: 'Paste into “Identifier (Entity ID)” and make it the default.', value: 'entityId' },
    { text: 'Paste into “Reply URL (Assertion Consumer Service URL)”.', value: 'acsUrl' },
    { text: 'Paste into “Sign on URL”, then Save.', value: 'loginUrl' },
  ],
  metadata: {
    steps: [
      { text: 'On the same page, find card 3, “SAML Certificates”.' },
      { text: 'Copy the “App Federation Metadata Url”.' },
    ],
    best: 'url',
    urlExample:
      'https://login.microsoftonline.com/…/federationmetadata/2007-06/federationmetadata.xml?appid=…',
  },
  attributes: {
    steps: [
      {
        text: 'On “Single sign-on”, press Edit on “Attributes & Claims”. Name and e-mail are there already.',
      },
      {
        text: 'Press “Add a group claim”, choose “Groups assigned to the application” with the source attribute “Group ID”, and save.',
      },
    ],
    rows: [],
    groupExample: '6c1a7f0e-3c1e-4a5b-9f0d-2f7f5f1f9a11',
    groupHint:
      'Entra sends groups by their object ID: open Groups > your group > Overview and copy “Object Id”. With “All groups” Entra leaves the claim out for people in more than 150 groups, so choose “Groups assigned to the application”.',
  },
  assignment: 'Assign yourself and the groups under “Users and groups”, or Entra will not let you in.',
  scim: {
    isOffered: true,
    steps: [
      {
        text: 'In the app, open “Provisioning”, press “New configuration” (or “Get started”) and set the mode to Automatic.',
      },
      { text: 'Paste into “Tenant URL”.', value: 'scimBaseUrl' },
      { text: 'Paste into “Secret token”, then press “Test connection”.', value: 'scimToken' },
      { text: 'Save. Under “Mappings” leave both users and groups switched on.' },
      { text: 'Assign people and groups under “Users and groups”.' },
      {
        text: 'Press “Start provisioning”. Entra sends every 40 minutes; “Provision on demand” sends one person at once.',
      },
    ],
  },
};
