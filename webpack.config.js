// Bundles the demo shop's pages from www/page into www/dist. The component
// is the built package in pkg/, taken in as a shop's own bundler takes it in:
// its wasm comes along by `new URL(…, import.meta.url)`, without configuration.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import HtmlWebpackPlugin from "html-webpack-plugin";
import MiniCssExtractPlugin from "mini-css-extract-plugin";

const root = dirname(fileURLToPath(import.meta.url));
const page = (name) => join(root, "www", "page", name);

export default {
  mode: "production",
  entry: { shop: page("shop.js"), checkout: page("checkout.js"), gallery: page("gallery.js"), state: page("state.js") },
  output: {
    path: join(root, "www", "dist"),
    publicPath: "/",
    filename: "assets/[name].[contenthash:8].js",
    assetModuleFilename: "assets/[name].[contenthash:8][ext]",
    clean: true,
    // The component's languages are chunks, which webpack fetches by script elements.
    trustedTypes: true,
  },
  resolve: { alias: { "kasa-checkout": join(root, "pkg") } },
  module: {
    rules: [
      // Files of their own: the policy allows no injected style.
      { test: /\.css$/, use: [MiniCssExtractPlugin.loader, "css-loader"] },
      { test: /\.(svg|woff2?)$/, type: "asset/resource" },
    ],
  },
  plugins: [
    new MiniCssExtractPlugin({ filename: "assets/[name].[contenthash:8].css" }),
    new HtmlWebpackPlugin({ template: page("index.html"), filename: "index.html", chunks: ["shop"] }),
    new HtmlWebpackPlugin({ template: page("checkout.html"), filename: "checkout.html", chunks: ["checkout"] }),
    new HtmlWebpackPlugin({ template: page("gallery.html"), filename: "gallery.html", chunks: ["gallery"] }),
    new HtmlWebpackPlugin({ template: page("state.html"), filename: "state.html", chunks: ["state"] }),
  ],
  // Maps in files: the policy allows no eval either.
  devtool: "source-map",
  performance: { hints: false },
};
