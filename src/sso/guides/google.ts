import type { Guide } from './guide.js';

export const GOOGLE: Guide = {
  application: [
    {
      text: 'In the Google Admin console open Apps > Web and mobile apps and press “Add app” > “Add custom SAML app”.',
    },
    { text: 'Give the app a name and press Continue.', value: 'appName' },
    {
      text: 'Keep the page “Google Identity Provider details” in mind: the next step here needs it. Press Continue.',
    },
    { text: 'Paste into “ACS URL”.', value: 'acsUrl' },
    { text: 'Paste into “Entity ID”.', value: 'entityId' },
    {
      text: 'Leave “Signed response” off, set “Name ID format” to PERSISTENT and “Name ID” to Basic Information > Primary email. Press Continue, then Finish.',
    },
  ],
  metadata: {
    steps: [
      { text: 'Open the app and press “Download metadata”, then “Download metadata” again.' },
      { text: 'Choose the downloaded file below, or open it in a text editor and paste all of it.' },
    ],
    best: 'xml',
    urlExample: 'https://…',
  },
  attributes: {
    steps: [
      { text: 'Open the app’s “SAML attribute mapping” and press “Add mapping” for the three rows below.' },
      {
        text: 'Under “Group membership” search for the groups that matter here and give them the app attribute “groups”.',
      },
    ],
    rows: [
      { name: 'email', source: 'Basic Information > Primary email' },
      { name: 'firstName', source: 'Basic Information > First name' },
      { name: 'lastName', source: 'Basic Information > Last name' },
    ],
    groupExample: 'IT Admins',
    groupHint: 'Google sends groups by name, and only those that were chosen under “Group membership”.',
  },
  assignment:
    'Switch the app on under “User access” for your organisational unit. Google can take some minutes.',
  scim: { isOffered: false, steps: [] },
};
