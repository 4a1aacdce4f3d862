import type { Guide } from './guide.js';

export const KEYCLOAK: Guide = {
  application: [
    {
      text: 'In the Keycloak Admin Console choose your realm, open Clients and press “Create client” with the type SAML.',
    },
    { text: 'Paste into “Client ID”.', value: 'entityId' },
    { text: 'Give it a name and press Next.', value: 'appName' },
    {
      text: 'Paste into “Valid redirect URIs” and into “Master SAML Processing URL”, then Save.',
      value: 'acsUrl',
    },
    {
      text: 'On “Settings” set “Name ID format” to persistent, and switch on “Force name ID format” and “Sign assertions”. Set “Signature algorithm” to RSA_SHA256.',
    },
    { text: 'On “Keys” switch “Client signature required” off, or import our certificate there.' },
  ],
  metadata: {
    steps: [
      { text: 'Open Realm settings > General > Endpoints.' },
      { text: 'Copy the address of “SAML 2.0 Identity Provider Metadata”.' },
    ],
    best: 'url',
    urlExample: 'https://keycloak.example.com/realms/your-realm/protocol/saml/descriptor',
  },
  attributes: {
    steps: [
      {
        text: 'In the client, open “Client scopes” and the scope that ends in “-dedicated”, and press “Add mapper” > “By configuration” > “User Property” for the rows below.',
      },
      {
        text: 'Add another mapper, “Group list”, with “Group attribute name” groups and “Full group path” off.',
      },
    ],
    rows: [
      { name: 'email', source: 'email' },
      { name: 'firstName', source: 'firstName' },
      { name: 'lastName', source: 'lastName' },
    ],
    groupExample: 'it-admins',
    groupHint: 'Keycloak sends groups by name, with a leading slash where “Full group path” is on.',
  },
  assignment: 'Everybody of the realm may sign in unless your authentication flow says otherwise.',
  scim: {
    isOffered: true,
    steps: [
      {
        text: 'Keycloak pushes by SCIM only with an extension for SCIM clients. Where you have none, choose “people come with their sign-in” below.',
      },
      { text: 'Paste into the extension’s endpoint or base URL.', value: 'scimBaseUrl' },
      { text: 'Choose authentication by bearer token and paste the token.', value: 'scimToken' },
      { text: 'Switch on propagation of users and of groups, and run one synchronisation.' },
    ],
  },
};
