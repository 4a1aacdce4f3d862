import type { Guide } from './guide.js';

export const JUMPCLOUD: Guide = {
  application: [
    { text: 'In the JumpCloud Admin Portal open Access > SSO Applications and press “Add New Application”.' },
    {
      text: 'Choose “Custom Application”, tick “Manage Single Sign-On (SSO)” with “Configure SSO with SAML”, and “Export users to this app (Identity Management)”.',
    },
    { text: 'Give it a display label, and save.', value: 'appName' },
    {
      text: 'Open the tab “SSO” and paste into “SP Entity ID”. Write any address of your own into “IdP Entity ID”, such as your website.',
      value: 'entityId',
    },
    { text: 'Paste into “ACS URLs”.', value: 'acsUrl' },
    {
      text: 'Set “SAMLSubject NameID” to email, its format to persistent, “Signature Algorithm” to RSA-SHA256 and “Sign” to Both.',
    },
    { text: 'Paste into “Login URL” and save.', value: 'loginUrl' },
  ],
  metadata: {
    steps: [{ text: 'Open the tab “SSO” and press “Copy Metadata URL”.' }],
    best: 'url',
    urlExample: 'https://sso.jumpcloud.com/saml2/metadata/…',
  },
  attributes: {
    steps: [
      { text: 'On the tab “SSO”, under “User Attribute Mapping”, add the three rows below.' },
      { text: 'Under “Group Attributes” tick “Include group attribute” and name it “groups”. Save.' },
    ],
    rows: [
      { name: 'email', source: 'email' },
      { name: 'firstName', source: 'firstname' },
      { name: 'lastName', source: 'lastname' },
    ],
    groupExample: 'IT Admins',
    groupHint: 'JumpCloud sends the names of user groups that have the application.',
  },
  assignment: 'Tick your group under “User Groups”, or JumpCloud will not let you in.',
  scim: {
    isOffered: true,
    steps: [
      {
        text: 'In the app, open “Identity Management” and choose the API type SCIM API with version SCIM 2.0.',
      },
      { text: 'Paste into “Base URL”.', value: 'scimBaseUrl' },
      { text: 'Paste into “Token Key”.', value: 'scimToken' },
      {
        text: 'Give a “Test User Email”, press “Test Connection”, switch on group management, and press Activate.',
      },
      { text: 'Tick groups under “User Groups”: their members are sent at once.' },
    ],
  },
};
