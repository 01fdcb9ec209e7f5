// Plain files, to be served as those of the other projects. Each page is
// rendered on the server all the same, once, and takes its imports with it.
export default { output: "export" };
