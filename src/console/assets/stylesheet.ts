import { BASE_STYLES } from './styles/base.js';
import { FORM_STYLES } from './styles/forms.js';
import { FRAME_STYLES } from './styles/frame.js';
import { PAGE_STYLES } from './styles/pages.js';
import { PART_STYLES } from './styles/parts.js';
import { SETUP_STYLES } from './styles/setup.js';

/** The console's one stylesheet. */
export const STYLESHEET = [
  BASE_STYLES,
  FRAME_STYLES,
  PART_STYLES,
  FORM_STYLES,
  PAGE_STYLES,
  SETUP_STYLES,
].join('');
