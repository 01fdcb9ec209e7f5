// The products with their pictures. The server reads the same list; what an
// order costs is decided there.

import products from "../catalogue.json";
import demlik from "../art/demlik.svg";
import fincan from "../art/fincan.svg";
import kase from "../art/kase.svg";
import surahi from "../art/surahi.svg";
import tabak from "../art/tabak.svg";
import vazo from "../art/vazo.svg";
import { language } from "./text.js";

const PICTURES = { demlik, fincan, kase, surahi, tabak, vazo };

/** In the page's language: `{id, price, name, detail, picture}`, price in kuruş. */
export const catalogue = products.map(({ id, price, name, detail }) => ({
  id,
  price,
  name: name[language],
  detail: detail[language],
  picture: PICTURES[id],
}));

export const productOf = (id) => catalogue.find((product) => product.id === id);
