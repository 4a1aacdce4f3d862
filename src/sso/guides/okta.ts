import type { Guide } from './guide.js';

export const OKTA: Guide = {
  application: [
    {
      text: 'In the Okta Admin Console open Applications > Applications and press “Create App Integration”.',
    },
    { text: 'Choose “SAML 2.0”, press Next, and give the app a name.', value: 'appName' },
    {
      text: 'Paste into “Single sign-on URL”. Leave “Use this for Recipient URL and Destination URL” on.',
      value: 'acsUrl',
    },
    { text: 'Paste into “Audience URI (SP Entity ID)”.', value: 'entityId' },
    { text: 'Set “Name ID format” to Persistent and “Application username” to Okta username.' },
    { text: 'Press Next, then Finish.' },
  ],
  metadata: {
    steps: [
      { text: 'In the app, open the tab “Sign On”.' },
      { text: 'Under “SAML 2.0 > Metadata details” press Copy beside “Metadata URL”.' },
    ],
    best: 'url',
    urlExample: 'https://your-company.okta.com/app/…/sso/saml/metadata',
  },
  attributes: {
    steps: [
      { text: 'In the app, open “General”, press Edit beside “SAML Settings”, then Next.' },
      { text: 'Under “Attribute Statements” add the three rows below.' },
      {
        text: 'Under “Group Attribute Statements” add the name “groups” with the filter “Matches regex” and the value “.*”, or a narrower one.',
      },
    ],
    rows: [
      { name: 'email', source: 'user.email' },
      { name: 'firstName', source: 'user.firstName' },
      { name: 'lastName', source: 'user.lastName' },
    ],
    groupExample: 'IT Admins',
    groupHint: 'Okta sends groups by name, exactly as the name is written there.',
  },
  assignment: 'Assign yourself to the app under “Assignments”, or Okta will not let you in.',
  scim: {
    isOffered: true,
    steps: [
      {
        text: 'In the app, open “General”, press Edit beside “App Settings”, choose “SCIM” for Provisioning and save.',
      },
      {
        text: 'Open the new tab “Provisioning” > Integration, press Edit, and paste into “SCIM connector base URL”.',
        value: 'scimBaseUrl',
      },
      { text: 'Paste into “Unique identifier field for users”.', value: 'uniqueField' },
      { text: 'Tick all “Push” boxes and set “Authentication Mode” to HTTP Header.' },
      {
        text: 'Paste into “Authorization: Bearer”, press “Test Connector Configuration”, then Save.',
        value: 'scimToken',
      },
      {
        text: 'Under Provisioning > To App press Edit and switch on Create Users, Update User Attributes and Deactivate Users.',
      },
      { text: 'Assign people under “Assignments”, and choose the groups to send under “Push Groups”.' },
    ],
  },
};
