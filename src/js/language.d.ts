// Each module of `languages/`: one language whole.

import type { Language } from "./index.js";

declare const language: Language;
export default language;
