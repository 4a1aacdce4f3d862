/** Values of ours that an admin copies into the identity provider. */
export type GuideValue =
  | 'appName'
  | 'acsUrl'
  | 'entityId'
  | 'loginUrl'
  | 'metadataUrl'
  | 'scimBaseUrl'
  | 'scimToken'
  | 'uniqueField';

/** One thing to do at the identity provider, in its own words; `value` is what to paste there. */
export interface GuideStep {
  readonly text: string;
  readonly value?: GuideValue;
}

/** One attribute to add: what to call it, and what it holds in the words of the IdP. */
export interface GuideAttribute {
  readonly name: string;
  readonly source: string;
}

export type MetadataInput = 'url' | 'xml' | 'fields';

/** How one identity provider is set up, from an empty admin page to the first pushed person. */
export interface Guide {
  /** To an application that knows our addresses. */
  readonly application: readonly GuideStep[];
  readonly metadata: {
    readonly steps: readonly GuideStep[];
    /** What this IdP offers most easily. */
    readonly best: MetadataInput;
    readonly urlExample: string;
  };
  readonly attributes: {
    readonly steps: readonly GuideStep[];
    readonly rows: readonly GuideAttribute[];
    /** What a group looks like when it arrives. */
    readonly groupExample: string;
    readonly groupHint: string;
  };
  /** Who may use the application: what is forgotten most often. */
  readonly assignment: string;
  readonly scim: {
    /** False: this IdP cannot push to an application of one's own. */
    readonly isOffered: boolean;
    readonly steps: readonly GuideStep[];
  };
}

export const APP_NAME = 'Patchbay';
/** What identifies a person in SCIM. */
export const UNIQUE_FIELD = 'userName';
