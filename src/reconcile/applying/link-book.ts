import type { Link } from '../../domain/state.js';
import type { Effect } from '../effects.js';

/** The live links of the people in a plan, kept up to date while its changes are applied. */
export interface LinkBook {
  get(subjectId: string): Link | null;
  note(effects: readonly Effect[]): void;
}

export function makeLinkBook(links: readonly Link[]): LinkBook {
  const bySubject = new Map(links.map((link) => [link.subjectId, link]));
  const note = (effect: Effect): void => {
    switch (effect.type) {
      case 'link-created':
      case 'link-changed':
        bySubject.set(effect.link.subjectId, effect.link);
        return;
      case 'link-ended':
        for (const [subjectId, link] of bySubject) if (link.id === effect.linkId) bySubject.delete(subjectId);
        return;
      case 'deletion-scheduled':
      case 'task-opened':
      case 'step-opened':
        return;
    }
  };
  return {
    get: (subjectId) => bySubject.get(subjectId) ?? null,
    note: (effects) => effects.forEach(note),
  };
}
