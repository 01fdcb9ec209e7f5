import vue from "@vitejs/plugin-vue";

// Not a component of Vue's, but an element of the browser.
const isCustomElement = (tag) => tag === "kasa-checkout";

export default { plugins: [vue({ template: { compilerOptions: { isCustomElement } } })] };
