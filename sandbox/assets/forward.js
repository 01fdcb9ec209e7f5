// Submits the page's one form by itself. Without script its button does.
"use strict";

document.querySelector("form[data-auto-submit]")?.requestSubmit();
